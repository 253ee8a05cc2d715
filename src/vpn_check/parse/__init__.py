"""From text to facts: cleaning, splitting, templates, assembling."""
