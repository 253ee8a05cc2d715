"""The inventory: which devices there are, how each is reached, and where its secrets come from. It holds no secret."""

from vpn_check.inventory.keys import ANY_PEER, KNOWN_KEYS
from vpn_check.inventory.reader import find_inventory, load_inventory
from vpn_check.inventory.sources import CredentialSource, Inventory

__all__ = ["ANY_PEER", "KNOWN_KEYS", "CredentialSource", "Inventory", "find_inventory", "load_inventory"]
