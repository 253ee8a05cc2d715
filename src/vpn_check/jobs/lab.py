"""The lab, for users: start the scenarios, write an inventory that reaches them, wait, end cleanly."""

from __future__ import annotations

import importlib.util
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    from vpn_check.lab.scenario import Scenario
    from vpn_check.lab.server import Lab

_WIDEST_PORT = 65535


def lab_list() -> list[tuple[str, str, str]]:
    """The scenarios: name, devices, title.

    Returns:
        One row a scenario, ready for a table.
    """
    from vpn_check.lab.scenario import load, scenario_names  # noqa: PLC0415 - YAML only when asked

    return [
        (scenario.name, ", ".join(f"{device.name} ({device.platform})" for device in scenario.devices), scenario.title)
        for scenario in map(load, scenario_names())
    ]


@contextmanager
def running_lab(names: Sequence[str] = (), *, base_port: int | None = None) -> Iterator[Lab]:
    """Run scenarios while the context lasts.

    Args:
        names: the scenarios; none: all of them.
        base_port: the first device's port, the others count up; None: free ports.

    Yields:
        The lab; its devices have plain names, or `<scenario>-<device>` where a name would stand twice.

    Raises:
        UsageError: an unknown scenario, a port in use, or asyncssh is not installed.
    """
    with _running(_scenarios(names), base_port) as lab:
        yield lab


def lab_up(
    names: Sequence[str], *, folder: Path, out: Callable[[str], None], stop: threading.Event | None = None,
    base_port: int | None = None,
) -> int:
    """Run scenarios until Ctrl-C, SIGTERM or `stop`.

    Args:
        names: the scenarios; none: all of them.
        folder: where inventory.yaml, known_hosts and the password files are written.
        out: prints one line.
        stop: ends the lab when set.
        base_port: the first device's port, the others count up; None: free ports.

    Returns:
        The exit code, 0.

    Raises:
        UsageError: an unknown scenario, a port in use, a folder that cannot be written, or asyncssh is not installed.
    """
    scenarios = _scenarios(names)
    stop = stop or threading.Event()
    with _signals_set(stop), _running(scenarios, base_port) as lab:
        try:
            inventory = lab.write_inventory(folder)
        except OSError as error:
            raise UsageError(f"The lab's inventory cannot be written to {folder}: {error.strerror}.",
                             hint="Name another folder.") from error
        for line in _welcome(scenarios, lab, inventory):
            out(line)
        stop.wait()
    out("The lab is closed.")
    return 0


def _scenarios(names: Sequence[str]) -> list[Scenario]:
    from vpn_check.lab.scenario import load, scenario_names  # noqa: PLC0415 - YAML only when asked

    return [load(name) for name in dict.fromkeys(names or scenario_names())]


@contextmanager
def _running(scenarios: Sequence[Scenario], base_port: int | None) -> Iterator[Lab]:
    if importlib.util.find_spec("asyncssh") is None:
        raise UsageError("The lab needs asyncssh, which is not installed.", hint="pip install 'vpn-check[lab]'")
    from vpn_check.lab.scenario import lab_devices  # noqa: PLC0415 - with the next line
    from vpn_check.lab.server import Lab  # noqa: PLC0415 - asyncssh is an extra

    devices = lab_devices(scenarios)
    if base_port is not None and not 1 <= base_port <= _WIDEST_PORT - len(devices):
        raise UsageError(f"Base port {base_port} leaves no room for {len(devices)} devices.", hint="Take 40000.")
    ports = {} if base_port is None else {device.name: base_port + at for at, device in enumerate(devices)}
    with Lab(devices, ports=ports) as lab:
        yield lab


@contextmanager
def _signals_set(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM set the event; only the main thread may, elsewhere the caller sets it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=stop.set).start()   # set() here could wait for the lock that wait() below us holds

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _welcome(scenarios: Sequence[Scenario], lab: Lab, inventory: Path) -> Iterator[str]:
    plain = {*lab.names}
    for scenario in scenarios:
        yield f"{scenario.name}: {scenario.title}"
        for device in scenario.devices:
            name = device.name if device.name in plain else f"{scenario.name}-{device.name}"
            yield f"  {name}  {device.platform}  127.0.0.1 port {lab.port(name)}"
    yield ""
    yield f"The lab is up. Inventory: {inventory}"
    yield "In another terminal, for example:"
    yield f"  vpn-check --inventory {inventory} {lab.names[0]}"
    yield f"  vpn-check --inventory {inventory} --group {scenarios[0].name}"
    yield "Ctrl-C ends it."
