"""The lab: SSH and telnet servers of devices that do not exist, on loopback, in one background thread."""

from __future__ import annotations

import asyncio
import ipaddress
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from vpn_check.errors import UsageError
from vpn_check.lab.device import FAULTS, LabDevice
from vpn_check.lab.endpoint import Endpoint
from vpn_check.lab.inventory_file import Entry, write

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    from vpn_check.lab.debugs import Debugs
    from vpn_check.lab.record import Record

__all__ = ["FAULTS", "Lab", "LabDevice"]


class Lab:
    """Devices that answer over SSH or telnet while the context lasts.

    Args:
        devices: what to play; the names must differ.
        host: a loopback address.
        ports: the port of a device by its name; the others get a free one.
        rtt: how far away the devices are, in seconds: what a client sends is seen a round trip later.
    """

    def __init__(self, devices: Iterable[LabDevice], *, host: str = "127.0.0.1",
                 ports: Mapping[str, int] | None = None, rtt: float = 0.0) -> None:
        if not ipaddress.ip_address(host).is_loopback:
            raise UsageError(f"The lab listens on loopback only, not on {host}.")
        self._host = host
        self._endpoints: dict[str, Endpoint] = {}
        for device in devices:
            if device.name in self._endpoints:
                raise UsageError(f"The lab has two devices called {device.name}.")
            self._endpoints[device.name] = Endpoint(device, host, (ports or {}).get(device.name, 0), rtt)
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="vpn-check-lab", daemon=True)
        self._thread.start()
        try:
            self._run(self._start())
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._close()

    @property
    def names(self) -> tuple[str, ...]:
        """The devices, in the order they were given."""
        return tuple(self._endpoints)

    def port(self, name: str) -> int:
        """The TCP port of a device."""
        return self._endpoints[name].port

    def commands(self, name: str) -> tuple[str, ...]:
        """Every line that the device received, in order: answers to `enable` too, log-ins and blank lines not."""
        return tuple(self._endpoints[name].record.commands)

    def received(self, name: str) -> bytes:
        """Every byte that the device received on its terminal lines: the proof that nothing at all was sent."""
        return bytes(self._endpoints[name].record.received)

    def sessions(self, name: str) -> int:
        """How many shells were opened on the device."""
        return self._endpoints[name].record.sessions

    def connections(self, name: str) -> int:
        """How many TCP connections the device accepted."""
        return self._endpoints[name].record.connections

    def record(self, name: str) -> Record:
        """All that was noted of the device's clients."""
        return self._endpoints[name].record

    def auth_attempts(self, name: str) -> int:
        """How many passwords the device was given."""
        return self._endpoints[name].record.auth_attempts

    def typed(self, name: str) -> tuple[tuple[float, int, str], ...]:
        """Every line that the device received, with the moment (monotonic clock) and the session's number."""
        return tuple(self._endpoints[name].record.typed)

    def debugs(self, name: str) -> Debugs:
        """The device's debugs as they are now; only to be read."""
        return self._endpoints[name].debugs

    def type_as_another(self, name: str, line: str) -> None:
        """Switch a debug as somebody else would, in a session of his own that no record shows."""
        self._endpoints[name].debugs.answer(0, line)

    def cut(self, name: str) -> None:
        """Cut every connection of a device; new ones are taken."""
        self._run(self._endpoints[name].cut())

    def down(self, name: str) -> None:
        """Cut every connection of a device and take no more. What it was told to do, it goes on doing."""
        self._run(self._endpoints[name].stop())

    def up(self, name: str) -> None:
        """Take connections again, on the same port with the same host key."""
        self._run(self._endpoints[name].start())

    def set_password(self, name: str, password: str) -> None:
        """Let the device take another password from now on."""
        self._become(name, password=password)

    def set_outputs(self, name: str, outputs: Mapping[str, str]) -> None:
        """Let the device answer these commands, and no others, from the next connection on. Any thread may call it."""
        self._become(name, outputs=outputs)

    def set_fault(self, name: str, fault: str | None, *, command: str | None = None) -> None:
        """Let the device have one of `FAULTS`, or none, from the next connection on; `command`: the one it strikes.

        Raises:
            UsageError: there is no such fault.
        """
        self._become(name, fault=fault, fault_command=command)

    def host_key_line(self, name: str) -> str:
        """The line of known_hosts that vouches for the device; empty where there is no host key, as with telnet."""
        endpoint = self._endpoints[name]
        key = endpoint.host_key
        return f"[{self._host}]:{endpoint.port} {' '.join(key.split()[:2])}" if key else ""

    def rotate_host_key(self, name: str) -> None:
        """Restart the device's server on the same port with another host key; open connections are cut."""
        self._run(self._endpoints[name].rotate())

    def write_inventory(self, folder: Path) -> Path:
        """Write inventory.yaml, known_hosts and the password files into a folder; return the inventory's path."""
        return write(folder, host=self._host, entries=[
            Entry(device=endpoint.device, port=endpoint.port, host_key_line=self.host_key_line(name))
            for name, endpoint in self._endpoints.items()
        ])

    def _become(self, name: str, **changes: Any) -> None:  # noqa: ANN401  fields of a LabDevice
        endpoint = self._endpoints[name]
        endpoint.become(replace(endpoint.device, **changes))

    def _run(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> None:
        for endpoint in self._endpoints.values():
            await endpoint.start()

    async def _stop(self) -> None:
        for endpoint in self._endpoints.values():
            await endpoint.stop()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _close(self) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
