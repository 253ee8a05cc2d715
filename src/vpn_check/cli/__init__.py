"""The door: a table of commands, each imported only when it is chosen."""
