"""The evidence bundle on disk: a zip with a manifest, or the folder that one is made of."""
