"""Log in anew and undo: what the main line, the guard and `debug-off` do alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vpn_check.collect.live import Access, LiveSession
from vpn_check.errors import PrivilegeError
from vpn_check.jobs.debug.undo import undo_on
from vpn_check.model.transcript import CommandClass

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.jobs.debug.journal import Journal
    from vpn_check.model.debugging import Proof
    from vpn_check.model.device import Credentials, Device

CLASSES = (CommandClass.READ, CommandClass.DEBUG)


def log_in(device: Device, credentials: Credentials, access: Access,
           on_command: Callable[[str], None] | None = None) -> LiveSession:
    """A session that may switch debugs.

    Raises:
        DeviceError: no session came about, or it is not privileged.
    """
    live = LiveSession(device, credentials, access, classes=CLASSES, on_command=on_command)
    if not live.session.privileged:
        live.__exit__()
        raise PrivilegeError(f"{device.name}: debugs need the privileged mode, and the log-in lands in user mode.",
                             hint="Set enable_secret_env or enable_secret_file of the credential, or VPN_CHECK_ENABLE.")
    return live


def undo_device(journal: Journal, credentials: Credentials, access: Access, *, patience: float = 0.0,
                on_command: Callable[[str], None] | None = None) -> Proof:
    """Log in, switch off, prove.

    Args:
        journal: what to undo.
        credentials: what to log in with; used once.
        access: how.
        patience: seconds to wait for the end of the session that the debugs belonged to.
        on_command: is told every line before it is sent, secrets aside.

    Raises:
        DeviceError: the device cannot be asked.
    """
    with log_in(journal.device, credentials, access, on_command) as live:
        return undo_on(live.session, journal, age=age_of(journal), patience=patience)


def age_of(journal: Journal) -> float:
    """Seconds since the debugs were switched on."""
    return (datetime.now(UTC) - datetime.fromisoformat(journal.started_at)).total_seconds()
