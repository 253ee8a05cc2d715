"""A service notices that its inventory was written, and outlives the moment in which it is replaced."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from vpn_check.cli.polling import _Watched
from vpn_check.inventory import load_inventory

if TYPE_CHECKING:
    from pathlib import Path


def test_an_inventory_that_is_being_replaced_when_the_service_begins_ends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text("devices:\n  r1:\n")
    held = load_inventory(path)
    path.unlink()

    watched = _Watched(held, threading.Event())

    assert not watched.changed()
    path.write_text("devices:\n  r1:\n  r2:\n")
    assert watched.changed()
