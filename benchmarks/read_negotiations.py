"""Rebuilding every exchange of a 20 MB log of fifty peers that negotiate and fail in all ways at once.

Run it with `make bench`. Bar: 10 MB/s from the text to the findings, and every outcome as it is known to be. The ratio
is to a loop that only splits the same text into lines and looks for the known messages one expression after the other.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent)]

from benchmarks.negotiations import Expected, tell

from vpn_check.cli.main import COLLECT
from vpn_check.diagnose.catalogue import catalogue
from vpn_check.diagnose.negotiation import judge
from vpn_check.diagnose.negotiation.reader import Reader
from vpn_check.model.log import Log, LogBlock

SIZE, HEAD, ROUNDS = 20_000_000, 1_000_000, 3


def as_log(text: str) -> Log:
    """A text as the product holds it."""
    lines = text.split("\n")
    starts = range(0, len(lines), 600)
    return Log(
        parts=tuple(
            LogBlock(source=0, numbers=range(at + 1, at + 1 + len(lines[at : at + 600])), lines=lines[at : at + 600])
            for at in starts
        )
    )


def outcomes(log: Log) -> dict[str | None, list[Expected]]:
    """What the reader makes of each peer's exchanges."""
    kept = []
    Reader(kept=kept).read(log.blocks())
    found: dict[str | None, list[Expected]] = defaultdict(list)
    for exchange in sorted(kept, key=lambda exchange: exchange.first.order):
        role = exchange.role.value if exchange.role else ""
        found[exchange.peer].append((exchange.phase, exchange.mode.value, role, exchange.outcome.value, exchange.cause))
    return found


def plain_loop(text: str) -> float:
    """Bytes a second of a loop over all expressions."""
    patterns = [re.compile(pattern.regex) for signature in catalogue() for pattern in signature.patterns]
    begun = time.perf_counter()
    sum(1 for line in text.split("\n") for pattern in patterns if pattern.search(line))
    return len(text) / (time.perf_counter() - begun)


def main() -> None:
    """Print the speed, and whether every outcome is right."""
    gc.set_threshold(*COLLECT)   # as the program sets it
    story = tell(SIZE)
    text = "\n".join(story.lines)
    found = outcomes(as_log(text))
    total = sum(map(len, story.expected.values()))
    right = sum(
        one == other
        for peer, known in story.expected.items()
        for one, other in zip(known, found.get(peer, []), strict=False)
    )
    extra = sum(map(len, found.values())) - total
    base = plain_loop(text[:HEAD])
    wall, processor = [], []
    for _ in range(ROUNDS):
        begun, used = time.perf_counter(), time.process_time()
        findings = judge(as_log(text), lambda _source, _line: None, None).findings
        wall.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    size = len(text) / 1e6
    print(f"{size:.0f} MB, {len(story.expected)} peers, {total} exchanges: {right} right, {extra} too many or too few")
    ratio = size * 1e6 / min(wall) / base
    print(f"text to {len(findings)} findings     {size / min(wall):6.1f} MB/s  {ratio:5.1f}x a plain re loop")
    print(f"  in processor time         {size / min(processor):6.1f} MB/s")


if __name__ == "__main__":
    main()
