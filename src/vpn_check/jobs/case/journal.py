"""What was gathered so far: in memory as received, in the folder beside the bundle as it may be shown."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

from vpn_check.bundle.manifest import Manifest
from vpn_check.bundle.paths import Paths
from vpn_check.jobs.analyze import Capture
from vpn_check.jobs.case.build import TOOL, entry_of
from vpn_check.jobs.case.texts import shown_output
from vpn_check.model.case import Redaction
from vpn_check.model.finding import DeviceFault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from vpn_check.bundle.workspace import Workspace
    from vpn_check.errors import VpnCheckError
    from vpn_check.jobs.case.order import Order
    from vpn_check.model.device import Device, PlatformName
    from vpn_check.model.transcript import CommandOutput
    from vpn_check.redact.redactor import Redactor

_FEW = 500
_EVERY = 0.5
"""Every answer gets a manifest, up to so many. In a case of many devices that would be most of the work; then one is
written after so many seconds, and at each device's end."""
UNFINISHED = "the collection was ended before it was done"


@dataclass(slots=True)
class _Kept:
    raw: Capture
    shown: Capture
    folder: str
    done: bool = False


@dataclass(slots=True, kw_only=True)
class Journal:
    """Takes answers from all devices' threads. Every answer is on disk, redacted, before the next is handed over."""

    order: Order
    workspace: Workspace
    redactor: Redactor | None
    started_at: datetime
    closed: bool = False
    _devices: dict[str, _Kept] = field(default_factory=dict)
    _paths: Paths = field(default_factory=Paths)
    _lock: Lock = field(default_factory=Lock)
    _listed: float = 0.0
    _count: int = 0

    def begin(self, devices: Sequence[Device]) -> None:
        """Enter the devices, so that one that says nothing is missed."""
        with self._lock:
            for device in devices:
                name = device.name
                if self.redactor is not None:
                    name = self.redactor.word(self.redactor.names.host(device.name))
                raw = Capture(
                    name=device.name,
                    outputs=(),
                    platform=device.platform,
                    live=True,
                    peers=self.order.peers,
                    expected=device.expected_up,
                )
                shown = replace(raw, name=name, peers=self._words(raw.peers), expected=self._words(raw.expected))
                self._devices[device.name] = _Kept(raw=raw, shown=shown, folder=self._paths.folder(name))
            self._list()

    def _words(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.redactor.word(word) for word in words) if self.redactor is not None else words

    def add(self, device: Device, output: CommandOutput) -> None:
        """Keep an answer. After the journal was closed, a thread that comes late has nothing to say any more."""
        with self._lock:
            if self.closed:
                return
            kept = self._devices[device.name]
            kept.raw = replace(kept.raw, outputs=(*kept.raw.outputs, output))
            shown = shown_output(output, self.redactor)
            if shown is not None:
                shown = replace(shown, origin=self._paths.text(kept.folder, shown.command))
                self.workspace.add(shown.origin or "", shown.text.encode("utf-8", errors="replace"))
                kept.shown = replace(kept.shown, outputs=(*kept.shown.outputs, replace(shown, text="")))
            self._count += 1
            if self._count < _FEW or time.monotonic() - self._listed > _EVERY:
                self._list()

    def finish(
        self,
        device: Device,
        *,
        platform: PlatformName | None = None,
        confirmed: bool = False,
        error: VpnCheckError | None = None,
    ) -> None:
        """Note that a device was asked everything, or why not."""
        with self._lock:
            if self.closed:
                return
            kept = self._devices[device.name]
            faults = (DeviceFault(step=error.step, code=error.code, message=str(error)),) if error is not None else ()
            kept.raw = replace(kept.raw, platform=platform or kept.raw.platform, confirmed=confirmed, faults=faults)
            message = str(error) if error is not None else ""
            message = self.redactor.word(self.redactor.redact(message)) if self.redactor is not None else message
            shown = (DeviceFault(step=error.step, code=error.code, message=message),) if error is not None else ()
            kept.shown = replace(kept.shown, platform=kept.raw.platform, confirmed=confirmed, faults=shown)
            kept.done = True
            self._list()

    def close(self) -> tuple[Capture, ...]:
        """All that was gathered, as received; nothing more is taken."""
        with self._lock:
            self.closed = True
            return tuple(kept.raw if kept.done else _cut_short(kept.raw) for kept in self._devices.values())

    def _list(self) -> None:
        self._listed = time.monotonic()
        redactor, wishes = self.redactor, self.order.wishes
        captures = [kept.shown if kept.done else _cut_short(kept.shown) for kept in self._devices.values()]
        self.workspace.list(
            Manifest(
                tool=TOOL,
                started_at=self.started_at,
                finished_at=None,
                partial=UNFINISHED,
                peers=captures[0].peers if captures else (),
                redaction=Redaction(
                    secrets=redactor is not None,
                    users=wishes.users or wishes.addresses,
                    addresses=wishes.addresses,
                    masked=redactor.masked if redactor is not None else 0,
                    distinct=len(redactor.values) if redactor is not None else 0,
                ),
                devices=tuple(entry_of(capture) for capture in captures),
            )
        )


def _cut_short(capture: Capture) -> Capture:
    fault = DeviceFault(step="interrupted", message=f"{capture.name}: not all was asked when the collection was ended.")
    return replace(capture, faults=(*capture.faults, fault))
