"""Devices that are reached by telnet: the word of warning that belongs to each answer about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.device import Transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.device import Device

_NAMED = 5
_UNENCRYPTED = (
    "reached by telnet: the log-in, its password and all output travel unencrypted. Use SSH where the device can."
)


def warnings(devices: Sequence[Device]) -> tuple[str, ...]:
    """What to say before devices are logged in to; nothing where all are reached by SSH."""
    names = [device.name for device in devices if device.transport is Transport.TELNET]
    if not names:
        return ()
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (f"{', '.join(names[:_NAMED])}{more}: {_UNENCRYPTED}",)


def notes(device: Device) -> tuple[str, ...]:
    """What to say with the answer about one device."""
    return (f"R{_UNENCRYPTED[1:]}",) if device.transport is Transport.TELNET else ()
