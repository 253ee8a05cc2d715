"""`vpn-check doctor`: the set-up, step by step, and which step fails."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from vpn_check.collect.credentials import Resolver
from vpn_check.collect.fleet import LockOut, run
from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.jump import Bastions
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import Access
from vpn_check.jobs.devices import choose, gateways
from vpn_check.jobs.doctor_device import device_steps
from vpn_check.jobs.doctor_local import credential_steps, inventory_steps, known_hosts_steps, software_steps
from vpn_check.model.checkup import NOT_REACHED, Checkup, fail, skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from vpn_check.inventory import Inventory
    from vpn_check.model.device import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be checked: words, groups and tags as of `vpn-check`; none of them: this machine alone."""

    words: Sequence[str] = ()
    groups: Sequence[str] = ()
    tags: Sequence[str] = ()
    inventory: Path | str | None = None
    timeout: float | None = None
    workers: int = 10

    @property
    def any(self) -> bool:
        """Whether devices are meant."""
        return bool(self.words or self.groups or self.tags)


def doctor(wanted: Wanted, *, environ: Mapping[str, str], ask: Callable[[str], str] | None) -> tuple[Checkup, ...]:
    """Check this machine, then the devices: in this order.

    Args:
        wanted: which devices.
        environ: the environment.
        ask: asks a person for a secret; None where nobody can answer.

    Raises:
        UsageError: a word is no device.
        InventoryError: the inventory has nothing that fits.
    """
    steps, held = inventory_steps(wanted.inventory)
    broken = any(step.state == "fail" for step in steps)
    devices: tuple[Device, ...] = ()
    if wanted.any and not broken:
        devices = choose(wanted.words, wanted.groups, wanted.tags, held=held)
    host_keys = HostKeys(environ)
    machine = Checkup(steps=(
        *software_steps(), *steps,
        *credential_steps(held, environ, can_ask=ask is not None, used=devices),
        *known_hosts_steps(host_keys, devices or (held.devices.values() if held is not None else ()))))
    if broken and wanted.any:
        meant = ", ".join((*wanted.words, *wanted.groups, *wanted.tags))
        machine = replace(machine, steps=(*machine.steps, skipped("devices", f"{NOT_REACHED}: {meant}")))
    sources = held.credentials if held is not None else {}
    found = dict(_devices(devices, held, wanted, host_keys, Resolver(sources, environ=environ, ask=ask)))
    return (machine, *(found[device.name] for device in devices))


def _devices(devices: Sequence[Device], held: Inventory | None, wanted: Wanted, host_keys: HostKeys,
             resolver: Resolver) -> Iterator[tuple[str, Checkup]]:
    lock_out = LockOut()
    with closing(Bastions(host_keys, Limits.of(wanted.timeout), gateways(held, resolver))) as bastions:
        work = partial(_one, resolver=resolver, access=Access(host_keys=host_keys, lock_out=lock_out,
                                                              bastions=bastions), timeout=wanted.timeout)
        for device, outcome in run(devices, work, workers=wanted.workers):
            failed = Checkup(device=device, steps=(fail("doctor", str(outcome)),))
            yield device.name, outcome if isinstance(outcome, Checkup) else failed


def _one(device: Device, *, resolver: Resolver, access: Access, timeout: float | None) -> Checkup:
    limited = Access(host_keys=access.host_keys, lock_out=access.lock_out, bastions=access.bastions,
                     limits=replace(Limits.of(timeout or device.timeout), attempts=1))   # one log-in, whatever comes
    return Checkup(device=device, steps=device_steps(device, resolver, limited))
