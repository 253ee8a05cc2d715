"""From a running-config to its nouns: pure, tolerant, with the line of every fact."""
