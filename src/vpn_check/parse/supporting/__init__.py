"""Answers that support the diagnosis: sessions, maps, policies, DMVPN, counters, and what a device says of itself."""

from vpn_check.parse.supporting.entry import Supporting
from vpn_check.parse.supporting.names import recognise, resolve
from vpn_check.parse.supporting.run import parse_supporting, read_supporting
from vpn_check.parse.supporting.table import SUPPORTING

__all__ = ["SUPPORTING", "Supporting", "parse_supporting", "read_supporting", "recognise", "resolve"]
