"""A poller in a process of its own, to be measured: one cycle for each line on standard input, the time of the poll.

Run as `python -m tests.poll.long_poller FOLDER`, where `devices.json` and `known_hosts` of a lab are. After each cycle
it writes how much memory it holds, in bytes, and how many file descriptors and threads.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from vpn_check.alarms.hold import HoldDown
from vpn_check.cli.main import COLLECT
from vpn_check.collect.hostkeys import HostKeys
from vpn_check.history.store import History
from vpn_check.jobs.check import Run
from vpn_check.jobs.poll.poller import Policy, Poller
from vpn_check.jobs.poll.remembered import Remembered
from vpn_check.lab.device import DEFAULT_PASSWORD
from vpn_check.model.device import Credentials, Device, PlatformName


def measured() -> tuple[int, int, int]:
    """Resident memory in bytes, open file descriptors, threads."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


def main(folder: Path) -> None:
    """Poll until standard input ends."""
    gc.set_threshold(*COLLECT)
    now = datetime(1970, 1, 1, tzinfo=UTC)
    devices = [Device(name=row["name"], host="127.0.0.1", port=row["port"], platform=PlatformName(row["platform"]),
                      known_hosts=str(folder / "known_hosts"))
               for row in json.loads((folder / "devices.json").read_text())]
    login = Credentials(username="lab", password=DEFAULT_PASSWORD, use_agent=False)
    run = Run(credentials=lambda _device: login, host_keys=HostKeys(), settle=0.0)
    with History.open(str(folder / "history.db")) as history:
        poller = Poller(devices, run, Remembered(history), policy=Policy(hold=HoldDown()), clock=lambda: now,
                        key=b"of this test", workers=4)
        for line in sys.stdin:
            now = datetime.fromisoformat(line.strip())
            report = poller.cycle()
            sys.stdout.write(f"{json.dumps([*measured(), len(report.polls), list(report.troubles)])}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
