"""The journal: what must be undone on a device, on disk before the first debug, until it is proved undone.

One JSON file a device. It holds no secret.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vpn_check.errors import InputError
from vpn_check.model.device import Device, PlatformName, Transport
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.jobs.debug.checks import Before
    from vpn_check.jobs.debug.plan import Plan
    from vpn_check.platforms.debugging import DebugForms, Switch

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What is to be undone on one device, and how that stands.

    Args:
        name: the file's name without its ending.
        device: whom to log in to; `inventory` is the place that its credential comes from.
        release: the device's, for its table of debugs.
        peer: whose negotiation is debugged.
        debugs_off, condition_off: the lines that undo, in order.
        before: crypto debugs that were on before ours; conditions that were there.
        session: the number of the session that the debugs belong to, where they belong to one.
        persistent: they outlive that session.
        started_at: when, in UTC. `host` and `pid`: who.
        state: `armed`; or why nobody tries any more: `refused`, `host key`, `dialogue`, `privilege`, `given up`.
        tries: log-ins to undo so far; `last`: what became of the last one.
    """

    name: str
    device: Device
    inventory: str | None
    release: tuple[int, int] | None
    peer: str
    debugs_off: tuple[str, ...]
    condition_off: str | None
    before: tuple[str, ...]
    conditions: tuple[str, ...]
    session: int | None
    persistent: bool
    started_at: str
    host: str
    pid: int
    state: str = "armed"
    tries: int = 0
    last: str = ""

    @property
    def forms(self) -> DebugForms:
        """The device's table of debugs."""
        if self.device.platform is None:
            raise InputError(f"{self.name}: the journal names no platform.", hint="Look at the device by hand.")
        return PLATFORMS[self.device.platform].debug_forms(self.release)

    @property
    def switches(self) -> tuple[Switch, ...]:
        """The debugs that are ours."""
        return tuple(switch for switch in self.forms.switches if switch.off in self.debugs_off)

    @property
    def off(self) -> tuple[str, ...]:
        """All lines that undo, as a person would type them."""
        return (*self.debugs_off, *([self.condition_off] if self.condition_off else []))


def new_journal(device: Device, plan: Plan, *, inventory: Path | str | None, release: tuple[int, int] | None,
                before: Before, session: int | None, started_at: str) -> Journal:
    """A journal for what is about to be switched on."""
    safe = re.sub(r"[^A-Za-z0-9.-]+", "_", device.name)[:60]
    return Journal(
        name=f"{safe}-{started_at.replace(':', '').replace('-', '')}-{secrets.token_hex(3)}",
        device=absolute(device),
        inventory=str(inventory.absolute() if isinstance(inventory, Path) else inventory) if inventory else None,
        release=release,
        peer=plan.peer,
        debugs_off=plan.debugs_off,
        condition_off=plan.condition[1] if plan.condition else None,
        before=before.debugs.on if before.debugs else (),
        conditions=before.conditions.peers,
        session=session,
        persistent=bool(before.persistent),
        started_at=started_at,
        host=socket.gethostname(),
        pid=os.getpid(),
    )


def absolute(device: Device) -> Device:
    """The device with paths that hold in any folder."""
    def full(path: str | None) -> str | None:
        return str(Path(path).expanduser().absolute()) if path else None

    return replace(device, known_hosts=full(device.known_hosts), key_file=full(device.key_file))


def to_document(journal: Journal) -> dict[str, Any]:
    """The journal as JSON has it."""
    return {"version": _VERSION, **asdict(journal)}


def from_document(document: Any) -> Journal:  # noqa: ANN401  whatever a file holds
    """The journal of a JSON document.

    Raises:
        InputError: it is none that this version knows.
    """
    version = document.get("version") if isinstance(document, dict) else None
    if version != _VERSION:
        raise InputError(f"a journal of version {version} is not known here.",
                         hint="Use the release of vpn-check that wrote it, or look at the device by hand.")
    try:
        named = {field.name: document[field.name] for field in fields(Journal)}
        named["device"] = device_from(named["device"])
        named["release"] = tuple(named["release"]) if named["release"] else None
        for key in ("debugs_off", "before", "conditions"):
            named[key] = tuple(named[key])
        return Journal(**named)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"a journal is not readable ({type(error).__name__}: {error}).",
                         hint="Look at the device by hand, then remove the file.") from error


def device_from(document: Mapping[str, Any]) -> Device:
    """A device as JSON has it."""
    named: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value
                             for key, value in document.items()}
    platform = named.pop("platform")
    return Device(**{**named, "platform": PlatformName(platform) if platform else None,
                     "transport": Transport(named["transport"])})
