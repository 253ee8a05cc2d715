"""The inventory: which devices there are, how each is reached, and where its secrets come from."""

from vpn_check.inventory.keys import ANY_PEER, KNOWN_KEYS
from vpn_check.inventory.kinds import NETBOX, find_inventory, load_inventory
from vpn_check.inventory.selection import is_glob
from vpn_check.inventory.sources import CredentialSource, Inventory, Secret

__all__ = ["ANY_PEER", "KNOWN_KEYS", "NETBOX", "CredentialSource", "Inventory", "Secret", "find_inventory", "is_glob",
           "load_inventory"]
