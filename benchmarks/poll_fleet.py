"""A cycle of polls over a fleet, beside the pure collection of the same answers by the same session layer.

The devices are those of the lab, in two processes of their own, with 20 tunnels each and 50 ms of round-trip time; the
simulated world of the tests moves on by five minutes between two rounds. Each client is a process of its own with 100
workers, and rounds are interleaved:

- `collect`: log in, ask the poll's commands, log out; nothing is read.
- `judge`: the same, and every answer is read and diagnosed;
- `poll`: a cycle of `vpn-check poll`: judged over time, and kept in a history (SQLite). A cycle before the first round
  has collected every device in full, as the first cycles of a new history do bit by bit.

Seconds and CPU count from the start of collection, so that no interpreter and no import is in them; medians. The bar:
a cycle takes at most 1.5 times the pure collection.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vpn_check.jobs.check import Run
    from vpn_check.model.device import Device

PROCESSES = 2
EVERY = timedelta(minutes=5)
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
BAR = 1.5
KINDS = ("ios", "xe", "asa")


def serve(names: list[str], tunnels: int, rtt: float) -> None:
    """Be one lab: print where its devices are, then move the world on at each line of standard input."""
    from tests.poll.traffic import Habit
    from tests.poll.world import World

    from vpn_check.lab.server import Lab

    gc.freeze()
    world = World(1, devices=names, tunnels=tunnels, habits=(Habit.STEADY, Habit.STEADY, Habit.OFFICE))
    now = NOON
    with Lab(world.lab_devices(now), rtt=rtt) as lab:
        print(json.dumps([{"name": name, "port": lab.port(name), "key": lab.host_key_line(name),
                           "platform": world.machines[name].platform.value} for name in names]), flush=True)
        for _ in sys.stdin:
            now += EVERY
            for name, outputs in world.at(now).items():
                lab.set_outputs(name, outputs)
            print("moved", flush=True)


def fleet(folder: Path) -> tuple[list[Device], Run]:
    """The devices as an inventory would give them, and what a run needs."""
    from vpn_check.collect.hostkeys import HostKeys
    from vpn_check.collect.lockout import LockOut
    from vpn_check.jobs.check import Run
    from vpn_check.lab.device import DEFAULT_PASSWORD
    from vpn_check.model.device import Credentials, Device, PlatformName

    rows = json.loads((folder / "devices.json").read_text())
    devices = [Device(name=row["name"], host="127.0.0.1", port=row["port"], platform=PlatformName(row["platform"]),
                      known_hosts=str(folder / "known_hosts")) for row in rows]
    known = Credentials(username="lab", password=DEFAULT_PASSWORD, use_agent=False)
    return devices, Run(credentials=lambda _device: known, host_keys=HostKeys(), lock_out=LockOut(), timeout=60)


def collect_only(folder: Path, workers: int, _turn: int) -> int:
    """The session layer alone; returns how many devices answered in full."""
    from vpn_check.collect.fleet import run
    from vpn_check.collect.live import collect
    from vpn_check.model.transcript import Transcript
    from vpn_check.platforms.base import Platform

    devices, settings = fleet(folder)

    def work(device: Device) -> Transcript:
        return collect(device, settings.credentials(device), host_keys=settings.host_keys,
                       limits=settings.limits(device), lock_out=settings.lock_out, choose=Platform.polls)

    return sum(isinstance(outcome, Transcript) and not any(output.problem for output in outcome.outputs)
               for _, outcome in run(devices, work, workers=workers))


def judge_too(folder: Path, workers: int, _turn: int) -> int:
    """Collect, read and diagnose; returns how many devices had a verdict."""
    from vpn_check.collect.fleet import run
    from vpn_check.collect.live import collect
    from vpn_check.jobs.check import judge
    from vpn_check.model.finding import Diagnosis, Status
    from vpn_check.platforms.base import Platform

    devices, settings = fleet(folder)

    def work(device: Device) -> Diagnosis:
        return judge(device, settings, collect(
            device, settings.credentials(device), host_keys=settings.host_keys, limits=settings.limits(device),
            lock_out=settings.lock_out, choose=Platform.polls))

    return sum(isinstance(outcome, Diagnosis) and outcome.status is not Status.UNKNOWN
               for _, outcome in run(devices, work, workers=workers))


def poll(folder: Path, workers: int, turn: int) -> int:
    """One cycle of polls; returns how many devices were told."""
    from vpn_check.alarms.hold import HoldDown
    from vpn_check.history.store import History
    from vpn_check.jobs.poll import poller
    from vpn_check.jobs.poll.remembered import Remembered

    devices, settings = fleet(folder)
    if turn == 0:
        poller._RENEWED = max(poller._RENEWED, len(devices))  # noqa: SLF001  what comes bit by bit comes now
    with History.open(str(folder / "history.db")) as history:
        report = poller.Poller(devices, settings, Remembered(history), policy=poller.Policy(hold=HoldDown()),
                               clock=lambda: NOON + EVERY * turn, key=b"of the benchmark", workers=workers).cycle()
    for sentence in report.troubles:
        print(sentence, file=sys.stderr)
    return sum(poll.observation.fault is None for poll in report.polls)


CLIENTS: dict[str, Callable[[Path, int, int], int]] = {"collect": collect_only, "judge": judge_too, "poll": poll}


def client(name: str, folder: Path, workers: int, turn: int) -> None:
    """One client's run; prints seconds, CPU seconds, peak MB and how many devices it had in full."""
    import vpn_check.jobs.poll.poller  # noqa: F401  loaded before the clock starts, as all that it needs
    from vpn_check.cli.main import COLLECT

    gc.set_threshold(*COLLECT)   # as the command does
    begun, cpu = time.perf_counter(), time.process_time()
    good = CLIENTS[name](folder, workers, turn)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(json.dumps([seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, good]), flush=True)


class Labs:
    """The lab processes, and the folder with what a client needs to find them."""

    def __init__(self, folder: Path, devices: int, tunnels: int, rtt: float) -> None:
        names = [f"{KINDS[place % len(KINDS)]}{place}" for place in range(devices)]
        self._processes = [
            subprocess.Popen([sys.executable, __file__, "--serve", *names[part::PROCESSES], "--tunnels", str(tunnels),
                              "--rtt", str(rtt)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for part in range(PROCESSES)]
        rows: list[dict[str, Any]] = [row for line in self._lines() for row in json.loads(line)]
        (folder / "devices.json").write_text(json.dumps(rows))
        (folder / "known_hosts").write_text("".join(f"{row['key']}\n" for row in rows))

    def _lines(self) -> Iterator[str]:
        for process in self._processes:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise SystemExit("a lab did not start")
            yield line

    def move_on(self) -> None:
        """Let five minutes pass in the world."""
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.write("\n")
                process.stdin.flush()
        list(self._lines())

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.terminate()
            process.wait(20)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--devices", type=int, default=1000)
    arguments.add_argument("--tunnels", type=int, default=20)
    arguments.add_argument("--workers", type=int, default=100)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--rtt", type=float, default=0.05, help="seconds")
    arguments.add_argument("--serve", nargs="+", help=argparse.SUPPRESS)
    arguments.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    arguments.add_argument("--turn", type=int, help=argparse.SUPPRESS)
    arguments.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.serve:
        serve(given.serve, given.tunnels, given.rtt)
        return
    if given.client:
        client(given.client, given.folder, given.workers, given.turn)
        return
    results: dict[str, list[list[float]]] = {name: [] for name in CLIENTS}
    with tempfile.TemporaryDirectory() as place:
        labs = Labs(Path(place), given.devices, given.tunnels, given.rtt)
        try:
            print("the first cycle, all in full: {:.1f} s".format(*run("poll", place, given.workers, 0)), flush=True)
            for turn in range(1, given.rounds + 1):
                labs.move_on()
                for name in CLIENTS:
                    results[name].append(run(name, place, given.workers, turn))
        finally:
            labs.close()
        size = sum(file.stat().st_size for file in Path(place).glob("history.db*")) / 1e6
    report(results, given.devices)
    print(f"the history has {size:.1f} MB")


def run(name: str, place: str, workers: int, turn: int) -> list[float]:
    """Let a client run, as a process of its own."""
    command = [sys.executable, __file__, "--client", name, "--folder", place, "--workers", str(workers),
               "--turn", str(turn)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    numbers: list[float] = json.loads(done.stdout.splitlines()[-1])
    return numbers


def report(results: dict[str, list[list[float]]], count: int) -> None:
    """One row a client."""
    base = statistics.median(run[0] for run in results["collect"])
    for name, runs in results.items():
        seconds, cpu = (statistics.median(run[field] for run in runs) for field in (0, 1))
        print(f"{count:5} devices  {name:8} {seconds:7.2f} s  {seconds / base:5.2f} of pure collection  "
              f"CPU {cpu / count * 1000:6.1f} ms/device  {max(run[2] for run in runs):5.0f} MB  "
              f"{min(run[3] for run in runs):g}/{count} in full"
              f"{f'  (bar: {BAR})' if name == 'poll' else ''}")


if __name__ == "__main__":
    main()
