"""Say it to people: the only room that sends anything elsewhere than to a device."""
