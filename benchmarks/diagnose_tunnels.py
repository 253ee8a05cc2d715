"""The diagnosis of 1,000 and 10,000 tunnels against the reading of them, in processor time of one process each.

Bar: the diagnosis takes at most twice as long as the parsing. Best of the rounds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

CHILD = """
import time
from hub import tunnels
from vpn_check.diagnose.verdict import diagnose
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

text = "".join(tunnels({count}))
given = (CommandOutput(command="show crypto ipsec sa detail", text=text),)
begun = time.process_time()
snapshot = assemble(Transcript(device="hub", outputs=given))[0]
read = time.process_time()
diagnosis = diagnose(snapshot)
done = time.process_time()
assert len(diagnosis.tunnels) == {count}
print(read - begun, done - read)
"""
MOST = 2.0


def seconds(count: int) -> tuple[float, float]:
    """Processor seconds of parsing and of diagnosis, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", CHILD.format(count=count)], capture_output=True, text=True, check=True,
                          cwd=sys.path[0])
    parsing, judging = map(float, done.stdout.split())
    return parsing, judging


def main() -> None:
    """Print the table; end with an error where the bar is missed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tunnels", default="1000,10000")
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    missed = False
    for count in map(int, given.tunnels.split(",")):
        parsing, judging = min((seconds(count) for _ in range(given.rounds)), key=sum)
        print(f"{count:6} tunnels: parse {parsing:7.3f} s   diagnose {judging:7.3f} s   {judging / parsing:5.2f}x")
        missed = missed or judging > MOST * parsing
    if missed:
        sys.exit(f"The bar is {MOST:.0f}x.")


if __name__ == "__main__":
    main()
