"""Collection from mock devices: our session layer, Netmiko's defaults and nornir-netmiko, side by side.

Each client is a process of its own that logs in to the same mock devices (`../shared/bench/mock_ssh.py`), asks three
show commands of 1,500 bytes and logs out; its seconds and CPU count from the start of collection, so that no
interpreter and no import is in them. Rounds are interleaved; medians, and ratios to Netmiko with as many workers.
Bars: 1 device at 0 ms RTT 20x, at 50 ms 2.0x; 200 devices, 100 workers, 50 ms 1.7x (nornir the same); CPU at most half.
nornir and nornir-netmiko come with `pip install '.[bench]'`; without them their row is left out.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

MOCK = Path(__file__).resolve().parents[2] / "shared" / "bench" / "mock_ssh.py"
COMMANDS = ("show mock bytes 1500", "show mock bytes 1501", "show mock bytes 1502")
WHOLE = 1400   # characters, the echo and the prompt aside
Devices = list[dict[str, Any]]


def ours(devices: Devices, prefix: str, workers: int) -> int:
    """Our fleet over our sessions, host keys verified."""
    from vpn_check.collect.fleet import run
    from vpn_check.collect.hostkeys import HostKeys
    from vpn_check.collect.live import collect
    from vpn_check.collect.lockout import LockOut
    from vpn_check.model.device import Credentials, Device, PlatformName
    from vpn_check.model.transcript import Command, Transcript

    keys, lock_out, commands = HostKeys(), LockOut(), tuple(Command(text=text) for text in COMMANDS)
    held = {
        Device(name=d["name"], host=d["host"], port=d["port"], platform=PlatformName.IOS,
               known_hosts=f"{prefix}.known_hosts"): Credentials(username=d["username"], password=d["password"],
                                                                 use_agent=False) for d in devices
    }

    def work(device: Device) -> Transcript:
        return collect(device, held[device], host_keys=keys, lock_out=lock_out, commands=commands)

    outcomes = [outcome for _, outcome in run(held, work, workers=workers)]
    return sum(isinstance(outcome, Transcript) and min(len(o.text) for o in outcome.outputs) > WHOLE
               for outcome in outcomes)


def netmiko(devices: Devices, _prefix: str, workers: int) -> int:
    """Netmiko with its defaults in a pool of threads."""
    from netmiko import ConnectHandler

    def work(device: dict[str, Any]) -> bool:
        link = ConnectHandler(device_type="cisco_ios", host=device["host"], port=device["port"],
                              username=device["username"], password=device["password"], conn_timeout=60,
                              banner_timeout=60, auth_timeout=60)
        try:
            return min([len(link.send_command(text, read_timeout=120)) for text in COMMANDS]) > WHOLE
        finally:
            link.disconnect()

    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(work, devices))


def nornir(devices: Devices, _prefix: str, workers: int) -> int:
    """Nornir's threaded runner over nornir-netmiko."""
    from nornir.core import Nornir
    from nornir.core.inventory import ConnectionOptions, Defaults, Groups, Host, Hosts, Inventory
    from nornir.core.plugins.connections import ConnectionPluginRegister
    from nornir.core.task import Result, Task
    from nornir.plugins.runners import ThreadedRunner
    from nornir_netmiko.connections import CONNECTION_NAME, Netmiko
    from nornir_netmiko.tasks import netmiko_send_command

    ConnectionPluginRegister.register(CONNECTION_NAME, Netmiko)
    slow = ConnectionOptions(extras={"conn_timeout": 60, "banner_timeout": 60, "auth_timeout": 60})
    hosts = Hosts({d["name"]: Host(name=d["name"], hostname=d["host"], port=d["port"], username=d["username"],
                                   password=d["password"], platform="cisco_ios",
                                   connection_options={CONNECTION_NAME: slow}) for d in devices})
    fleet = Nornir(inventory=Inventory(hosts=hosts, groups=Groups(), defaults=Defaults()),
                   runner=ThreadedRunner(num_workers=workers))

    def work(task: Task) -> Result:
        whole = [len(task.run(netmiko_send_command, command_string=text, read_timeout=120).result) for text in COMMANDS]
        return Result(host=task.host, result=min(whole) > WHOLE)

    found = fleet.run(work)
    fleet.close_connections()
    return sum(not outcome.failed and outcome[0].result is True for outcome in found.values())


CLIENTS = {"vpn-check": ours, "netmiko": netmiko, "nornir": nornir}


def worker(name: str, prefix: str, workers: int) -> None:
    """One client's run; prints seconds, CPU seconds, peak MB and how many devices answered in full."""
    devices = json.loads(Path(f"{prefix}.json").read_text())
    importlib.import_module({"vpn-check": "vpn_check.collect.live", "nornir": "nornir_netmiko"}.get(name, "netmiko"))
    begun, cpu = time.perf_counter(), time.process_time()
    good = CLIENTS[name](devices, prefix, workers)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, cpu, peak, good]), flush=True)


def measure(count: int, rtt: float, workers: int, rounds: int, names: list[str]) -> None:
    """One row a client for so many devices at so much latency."""
    with tempfile.TemporaryDirectory() as folder:
        prefix = f"{folder}/inventory"
        mock = subprocess.Popen([sys.executable, str(MOCK), "--count", str(count), "--base-port", "23000", "--rtt",
                                 str(rtt), "--inventory", prefix], stdout=subprocess.PIPE, text=True)
        try:
            if mock.stdout is None or not mock.stdout.readline():
                raise SystemExit("the mock did not start")
            results: dict[str, list[list[float]]] = {name: [] for name in names}
            for _ in range(rounds):
                for name in names:
                    done = subprocess.run([sys.executable, __file__, "--worker", name, "--prefix", prefix, "--workers",
                                           str(workers)], capture_output=True, text=True, check=True)
                    results[name].append(json.loads(done.stdout.splitlines()[-1]))
        finally:
            mock.terminate()
            mock.wait(20)
    base = [statistics.median(run[field] for run in results["netmiko"]) for field in (0, 1)]
    for name, runs in results.items():
        seconds, cpu = (statistics.median(run[field] for run in runs) for field in (0, 1))
        peak, good = max(run[2] for run in runs), min(run[3] for run in runs)
        print(f"{count:4} devices, {rtt:3g} ms  {name:10} {seconds:7.3f} s  {base[0] / seconds:6.2f}x  "
              f"CPU {cpu / count * 1000:6.1f} ms/device ({cpu / base[1]:.2f} of Netmiko)  {peak:4.0f} MB  "
              f"{good:g}/{count} whole")


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--fleet", type=int, default=200)
    arguments.add_argument("--workers", type=int, default=100)
    arguments.add_argument("--worker", choices=CLIENTS, help=argparse.SUPPRESS)
    arguments.add_argument("--prefix", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.worker:
        worker(given.worker, given.prefix, given.workers)
        return
    if not MOCK.is_file():
        print(f"left out: the mock devices of {MOCK} are not here")
        return
    names = ["netmiko", "vpn-check", *(["nornir"] if importlib.util.find_spec("nornir_netmiko") else [])]
    for count, rtt in ((1, 0), (1, 50), (given.fleet, 50)):
        measure(count, rtt, given.workers, given.rounds + 2 * (count == 1), names)


if __name__ == "__main__":
    main()
