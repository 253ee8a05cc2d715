"""What `vpn-check --help` and `analyze` cost, as ratios to a bare interpreter and a bare click program of the same run.

Run it with `make bench`. Bar: `--help` at most 5x `python -c pass`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
CLICK = "import click\n@click.command()\ndef main(): 'A command.'\nmain(['--help'])"
CAPTURE = Path(__file__).parent.parent / "tests" / "source" / "S3.txt"
CONTESTANTS = {
    "python -c pass": ("-c", "pass"),
    "a bare click program --help": ("-c", CLICK),
    "vpn-check --help": ("-m", "vpn_check", "--help"),
    "vpn-check analyze (one output)": ("-m", "vpn_check", "analyze", str(CAPTURE), "--quiet"),
}


def seconds(arguments: tuple[str, ...]) -> float:
    """Wall time of one process."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
    return time.perf_counter() - begun


def main() -> None:
    """Interleave the contestants and print the best of each with its ratio."""
    times: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for _ in range(ROUNDS):
        for name, arguments in CONTESTANTS.items():
            times[name].append(seconds(arguments))
    base = min(times["python -c pass"])
    for name, measured in times.items():
        print(f"{name:32} {min(measured) * 1000:7.1f} ms  {min(measured) / base:5.2f}x")


if __name__ == "__main__":
    main()
