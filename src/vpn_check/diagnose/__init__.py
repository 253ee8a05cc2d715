"""From a snapshot to a diagnosis: pure functions, nothing is fetched."""
