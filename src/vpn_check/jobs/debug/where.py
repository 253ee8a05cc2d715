"""Where open journals lie. Every start of the program looks there, so this imports nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def journal_folder(environ: Mapping[str, str] = os.environ) -> str:
    """The folder of the journals: below `VPN_CHECK_STATE`, else where XDG keeps the state of programs."""
    own = environ.get("VPN_CHECK_STATE")
    if own:
        return os.path.join(own, "debug")  # noqa: PTH118  pathlib costs more than the whole look
    base = environ.get("XDG_STATE_HOME") or os.path.join(environ.get("HOME") or os.sep, ".local", "state")  # noqa: PTH118
    return os.path.join(base, "vpn-check", "debug")  # noqa: PTH118


def open_journals(folder: str) -> list[str]:
    """The names of the journals that are open; none where there is no such folder."""
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".json"))  # noqa: PTH208  same
    except OSError:
        return []
