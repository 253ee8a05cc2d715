"""From text to text without secrets."""
