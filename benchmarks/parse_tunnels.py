"""`show crypto ipsec sa detail` of 1,000 and 10,000 tunnels: ours, ntc-templates and, where it is installed, Genie.

Function against function: text to typed tunnels, against the rows of `ntc_templates.parse.parse_output` and the
dictionary of Genie, imports aside. As whole processes: `vpn-check analyze FILE --quiet`, which besides judges each
tunnel, against a process that calls parse_output. Fresh processes, interleaved, best of the rounds. Genie is large and
no dependency: give the Python of an environment that has `genie.libs.parser` and `pyats` with --genie-python.
Bars: 12x parse_output and 25x Genie as functions, 8x as a process at 10,000, under 60 MB there, linear growth.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from hub import tunnels

TIMED = """
import sys, time
text = open({path!r}).read()
{setup}
begun = time.perf_counter()
{call}
print(time.perf_counter() - begun)
"""
FUNCTIONS = {
    "vpn-check, text to tunnels": (
        (
            "from vpn_check.parse.read import read_text\nfrom vpn_check.parse.text import RawText\n"
            "from vpn_check.model.snapshot import Topic"
        ),
        "tunnels = read_text(Topic.IPSEC_SA, None, RawText(text)).tunnels",
    ),
    "ntc-templates parse_output": (
        "from ntc_templates.parse import parse_output",
        "parse_output(platform='cisco_ios', command='show crypto ipsec sa detail', data=text)",
    ),
}
GENIE = (
    (
        "from unittest.mock import Mock\nfrom genie.libs.parser.iosxe.show_crypto import ShowCryptoIpsecSaDetail\n"
        "parser = ShowCryptoIpsecSaDetail(device=Mock())"
    ),
    "parser.parse(output=text)",
)
LAUNCHER = """
import os, subprocess, sys, time
begun = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, _, usage = os.wait4(child.pid, 0)
print(time.perf_counter() - begun, usage.ru_maxrss / 1024)
"""
NTC_PROCESS = (
    "from ntc_templates.parse import parse_output\n"
    "parse_output(platform='cisco_ios', command='show crypto ipsec sa detail', data=open({path!r}).read())"
)


def timed(python: str, path: Path, setup: str, call: str) -> float:
    """Seconds of one call, in a process of its own."""
    code = TIMED.format(path=str(path), setup=setup, call=call)
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])


def process(command: list[str]) -> tuple[float, float]:
    """Seconds and peak MB of a whole process; a small launcher reads them, so that our own memory does not count."""
    done = subprocess.run([sys.executable, "-c", LAUNCHER, *command], capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), float(peak)


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tunnels", default="1000,10000")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--genie-python", metavar="PY")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for count in map(int, given.tunnels.split(",")):
            path = Path(folder) / f"hub-{count}.txt"
            path.write_text("".join(tunnels(count)))
            print(f"\n{count} tunnels, {path.stat().st_size / 1e6:.1f} MB")
            contestants = {name: (sys.executable, *code) for name, code in FUNCTIONS.items()}
            if given.genie_python:
                contestants["Genie ShowCryptoIpsecSaDetail"] = (given.genie_python, *GENIE)
            best = dict.fromkeys(contestants, 1e9)
            for _ in range(given.rounds):
                for name, (python, setup, call) in contestants.items():
                    best[name] = min(best[name], timed(python, path, setup, call))
            ours = best["vpn-check, text to tunnels"]
            for name, seconds in best.items():
                print(f"  {name:34} {seconds:8.3f} s   {seconds / ours:6.1f}x ours")
            commands = {
                "process: vpn-check analyze --quiet": [
                    sys.executable,
                    "-m",
                    "vpn_check",
                    "analyze",
                    str(path),
                    "--quiet",
                ],
                "process: parse_output": [sys.executable, "-c", NTC_PROCESS.format(path=str(path))],
            }
            spent = {name: min(process(command) for _ in range(given.rounds)) for name, command in commands.items()}
            base = spent["process: vpn-check analyze --quiet"][0]
            for name, (seconds, peak) in spent.items():
                print(f"  {name:34} {seconds:8.3f} s   {seconds / base:6.1f}x ours   peak {peak:4.0f} MB")


if __name__ == "__main__":
    main()
