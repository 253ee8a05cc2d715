"""What a year of polls costs: bytes on disk, seconds to record a cycle, milliseconds to answer.

A year of 500 devices with 20 tunnels each, polled every minute, is written as the history has it after a year: two days
of single polls, 88 days of hours, the rest days, each kind in order of time. Counters are random, so that nothing
compresses better than it does in life. Then one hub with 10,000 tunnels is added; the year of 3 of its 157 chunks.

Run it with `make bench`, or `python benchmarks/history.py --devices 100`. Bar: an answer in less than 200 ms.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from vpn_check.cli.main import COLLECT
from vpn_check.history.block import SLOTS, pack
from vpn_check.history.keep import Keep
from vpn_check.history.schema import DAY, HOUR, POLL, stamp
from vpn_check.history.store import History
from vpn_check.model.finding import Status
from vpn_check.model.memory import DeviceMemory, Habit, TunnelMemory
from vpn_check.model.observation import DeviceObservation, TunnelId
from vpn_check.model.pollrecord import PollRecord
from vpn_check.model.tally import Tally

END = datetime(2027, 1, 1, tzinfo=UTC)
RAW, HOURS, YEAR = timedelta(days=2), timedelta(days=90), timedelta(days=365)
TUNNELS, HUB = 20, 10_000
HUB_CHUNKS = (0, 80, 156)
PATTERNS = 300   # blocks of each kind that differ
BAR = 200   # milliseconds


def tally(random: Random, polls: int) -> Tally:
    """A tunnel over so many minutes: its own load, a bad minute in two thousand, a rekey each hour."""
    load = int(10 ** random.uniform(0, 4.5))
    bad = sum(random.random() < 1 / 2000 for _ in range(polls))
    return Tally(healthy=polls - bad, critical=bad, counted=polls, encaps=random.randrange(load * polls),
                 decaps=random.randrange(load * polls), send_errors=int(random.random() < 1 / 100),
                 rekeys=sum(random.random() < 1 / 60 for _ in range(polls)), cause="ike.no-response" if bad else "")


def patterns(tunnels: int) -> dict[int, list[bytes]]:
    """Blocks of each span."""
    random = Random(tunnels)
    return {span: [pack({place: tally(random, polls) for place in range(tunnels)}) for _ in range(number)]
            for span, polls, number in ((POLL, 1, PATTERNS), (HOUR, 60, PATTERNS), (DAY, 1440, 20))}


def poll(device: str, tunnels: int, at: datetime, random: Random) -> PollRecord:
    """A poll of a device, with all that is remembered of its tunnels."""
    ids = [TunnelId(key=(f"198.51.{number // 250}.{number % 250}", "outside_map", str(number)),
                    name=f"outside_map {number}", peer=f"198.51.{number // 250}.{number % 250}", interface="outside",
                    local_ident=f"10.1.{number % 250}.0/255.255.255.0/0/0",
                    remote_ident=f"10.2.{number % 250}.0/255.255.255.0/0/0") for number in range(tunnels)]
    counters = {"encaps": random.randrange(10**9), "decaps": random.randrange(10**9), "send_errors": 0,
                "recv_errors": 0}
    memory = DeviceMemory(
        device=device, since=END - YEAR, answered_at=at, recent="." * 20, tunnels=tuple(TunnelMemory(
            id=one, habit=Habit(since=END - YEAR, polls=500_000, moving=499_000, longest_quiet=180.0),
            since=END - YEAR, recent="." * 20, seen_at=at, good_at=at, good_in_a_row=999, counters=counters,
            counted_at=at, totals={name: 7 * count for name, count in counters.items()},
            spis=frozenset({random.randrange(2**32), random.randrange(2**32)}),
            traits={"peer": one.peer or "", "proposal": "esp-aes-256 esp-sha-hmac", "path mtu": "1500"})
            for one in ids))
    return PollRecord(
        cycle=at.isoformat(), memory=memory, tallies={one.key: tally(random, 1) for one in ids},
        observation=DeviceObservation(device=device, at=at, status=Status.HEALTHY, whole=True, seconds=2.3))


def times(begin: timedelta, end: timedelta, step: int) -> Iterator[datetime]:
    """From so long before the end until so long before it."""
    at = END - begin
    while at < END - end:
        yield at
        at += timedelta(seconds=step)


def size(path: Path) -> int:
    """Bytes on disk, with what is not yet moved into the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.stat().st_size


def write(path: Path, chunks: list[tuple[int, int]], tunnels: int, *, cycles: bool) -> dict[int, int]:
    """The blocks of a year; bytes on disk by span."""
    blocks = patterns(tunnels)
    grown = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for span, begin, end, step in ((DAY, YEAR, HOURS, DAY), (HOUR, HOURS, RAW, HOUR),
                                       (POLL, RAW, timedelta(0), 60)):
            before = size(path)
            connection.execute("BEGIN")
            for number, at in enumerate(times(begin, end, step)):
                some = blocks[span]
                connection.executemany("INSERT INTO block VALUES (?, ?, ?, ?, ?)", [
                    (device, chunk, span, stamp(at), some[(number + 7 * device + chunk) % len(some)])
                    for device, chunk in chunks])
                if span == POLL and cycles:
                    words = at.replace(tzinfo=None).isoformat(" ", "microseconds")
                    cycle = connection.execute("INSERT INTO cycle (name, at) VALUES (?, ?)", (words, words)).lastrowid
                    connection.executemany(
                        "INSERT INTO poll (cycle_id, device_id, at, status, seconds) VALUES (?, ?, ?, 'healthy', 2.3)",
                        [(cycle, device, words) for device, _ in chunks])
            connection.execute("COMMIT")
            grown[span] = size(path) - before
    return grown


def record(history: History, devices: list[str], tunnels: int, at: datetime) -> float:
    """Processor seconds to record a poll of each."""
    random = Random(at.minute)
    records = [poll(device, tunnels, at, random) for device in devices]
    begun = time.process_time()
    for one in records:
        history.record(one)
    return time.process_time() - begun


def best(work: Callable[[], object]) -> float:
    """Milliseconds of the fastest of five."""
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return 1000 * min(seconds)


def ask(history: History, device: str, peer: str | None) -> None:
    """Print how long answers take."""
    for days in (1, 7, 90, 365):
        since = END - timedelta(days=days)
        answer = history.ask(devices=[device], peer=peer, since=since, until=END)
        points = sum(len(tunnel.points) for tunnel in answer.tunnels)
        took = best(lambda since=since: history.ask(devices=[device], peer=peer, since=since, until=END))  # type: ignore[misc]  # bound at once
        print(f"  {device}{f' --peer {peer}' if peer else '':22} {days:4} d {took:7.1f} ms  {points:6} points, "
              f"a step of {answer.step} s{'' if took < BAR else '  OVER THE BAR'}")


def main() -> None:
    """Write a year, and print what it costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=500)
    devices = parser.parse_args().devices
    gc.set_threshold(*COLLECT)   # as the program does
    names = [f"router{number}" for number in range(1, devices + 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "history.db")
        with History.open(str(path)) as history:
            record(history, names, TUNNELS, END)
            grown = write(path, [(number + 1, 0) for number in range(devices)], TUNNELS, cycles=True)
            total = devices * TUNNELS
            print(f"a year of {total} tunnels on {devices} devices: {size(path) / 1e6:.0f} MB")
            for span, words, days in ((POLL, "single polls", 2), (HOUR, "hours", 88), (DAY, "days", 275)):
                print(f"  {words:12} for {days:3} days {grown[span] / 1e6:7.1f} MB"
                      f" {grown[span] / total / days:8.1f} bytes a tunnel and day")
            seconds = record(history, names, TUNNELS, END + timedelta(minutes=1))
            print(f"to record a cycle: {seconds:.2f} s of processor time, {1000 * seconds / devices:.2f} ms a device")
            print(f"to remember all devices: {best(lambda: history.memories(names)):.0f} ms")
            print(f"answers (bar: {BAR} ms)")
            ask(history, names[0], None)
            ask(history, names[0], "198.51.0.7")
            begun = time.process_time()
            tidied = history.tidy(END + timedelta(hours=1), Keep())
            print(f"to let an hour of polls become hours ({tidied.polls_rolled} blocks, {tidied.deleted} rows "
                  f"deleted): {time.process_time() - begun:.2f} s of processor time")
            record(history, ["hub"], HUB, END)
            write(path, [(devices + 1, chunk) for chunk in HUB_CHUNKS], SLOTS, cycles=False)
            seconds = record(history, ["hub"], HUB, END + timedelta(minutes=1))
            print(f"a hub with {HUB} tunnels: {seconds:.2f} s of processor time to record a poll of it")
            ask(history, "hub", f"198.51.{80 * SLOTS // 250}.{80 * SLOTS % 250}")


if __name__ == "__main__":
    main()
