"""Looking for all known messages in 100 MB of log, beside a plain loop over the same expressions, and other ways.

Run it with `make bench`. Each contestant is a process of its own. The peers are given the first 10 MB, and these as
messages that are joined and cleaned already; the product is given the log as it is. Bars: with the extra `fast` at
least 15x the plain loop, with the standard library alone 5x, the same results, less than 100 MB of memory.
`--file LOG` takes another log.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [str(Path(__file__).parent.parent)]

from benchmarks.mixed_log import write

from vpn_check.diagnose.catalogue import catalogue
from vpn_check.diagnose.logtext import read
from vpn_check.diagnose.matching import scan
from vpn_check.model.log import Log, LogBlock
from vpn_check.parse.clean import clean_blocks
from vpn_check.parse.text import FileText

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE, HEAD, ROUNDS, TOGETHER = 100_000_000, 10_000_000, 3, 5000


def blocks(path: Path) -> Iterator[LogBlock]:
    """The log as the product walks it."""
    for numbers, lines in clean_blocks(FileText(path)):
        yield LogBlock(source=0, numbers=numbers, lines=lines)


def texts(path: Path) -> Iterator[str]:
    """Messages, one a line, some thousand at a time."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for at in range(0, len(lines), TOGETHER):
        yield "\n".join(lines[at : at + TOGETHER])


def _patterns() -> list[tuple[str, tuple[str, ...], re.Pattern[str]]]:
    return [(s.id, p.literals, re.compile(p.regex)) for s in catalogue() for p in s.patterns]


def plain_loop(path: Path) -> Counter[str]:
    """Every expression on every message; a hit counts where a literal of the entry stands in it, as in the product."""
    found: Counter[str] = Counter()
    patterns = _patterns()
    for text in texts(path):
        for line in text.split("\n"):
            seen = set()
            for name, literals, pattern in patterns:
                if pattern.search(line) and name not in seen and any(word in line for word in literals):
                    seen.add(name)
            found.update(seen)
    return found


def find_each(path: Path) -> Counter[str]:
    """`str.find` for every literal, the expression on the messages found."""
    found: Counter[str] = Counter()
    by_literal = [(word, name, pattern) for name, literals, pattern in _patterns() for word in literals]
    for text in texts(path):
        seen = set()
        for word, name, pattern in by_literal:
            at = text.find(word)
            while at >= 0:
                start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
                end = end if end >= 0 else len(text)
                if (start, name) not in seen and pattern.search(text[start:end]):
                    seen.add((start, name))
                    found[name] += 1
                at = text.find(word, end)
    return found


def automaton(path: Path) -> Counter[str]:
    """An Aho-Corasick automaton over many messages at once, the expression on the messages found."""
    import ahocorasick_rs

    found: Counter[str] = Counter()
    by_literal = [(word, name, pattern) for name, literals, pattern in _patterns() for word in literals]
    machine = ahocorasick_rs.AhoCorasick([word for word, _, _ in by_literal])
    for text in texts(path):
        seen = set()
        for number, at, _ in machine.find_matches_as_indexes(text, overlapping=True):
            _, name, pattern = by_literal[number]
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            if (start, name) not in seen and pattern.search(text[start : end if end >= 0 else len(text)]):
                seen.add((start, name))
                found[name] += 1
    return found


def standard(path: Path) -> Counter[str]:
    """The product with the standard library alone."""
    return Counter(event.signature.id for event in scan(blocks(path), fast=False))


def fast(path: Path) -> Counter[str]:
    """The product with the extra `fast`."""
    return Counter(event.signature.id for event in scan(blocks(path)))


PEERS = {"plain re loop": plain_loop, "str.find per literal + re": find_each, "ahocorasick-rs + re": automaton}
PRODUCT = {"vpn-check, standard library": standard, "vpn-check, extra `fast`": fast}


def child(name: str, path: Path) -> None:
    """Run one contestant and print its figures."""
    begun = time.perf_counter()
    found = (PEERS | PRODUCT)[name](path)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "found": found}))


def run(name: str, path: Path) -> dict[str, float | dict[str, int]]:
    """One contestant in a process of its own; nothing where it is not installed."""
    done = subprocess.run([sys.executable, __file__, "--child", name, str(path)], capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def main() -> None:
    """Interleave the contestants and print the best of each with its ratio."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(sys.argv[sys.argv.index("--file") + 1]) if "--file" in sys.argv else Path(folder) / "mixed.log"
        if not whole.exists():
            write(whole, SIZE)
        head, messages = Path(folder) / "head.log", Path(folder) / "messages"
        with whole.open("rb") as file:
            text = file.read(HEAD)
        head.write_bytes(text[: text.rfind(b"\n") + 1])
        log = Log(parts=tuple(blocks(head)))
        messages.write_text("\n".join(message.text for message in read(log)), encoding="utf-8")
        results: dict[str, list[dict[str, float | dict[str, int]]]] = {}
        for _ in range(ROUNDS):
            for name in PEERS | PRODUCT:
                results.setdefault(name, []).append(run(name, messages if name in PEERS else whole))
        base = None
        print(f"{whole.stat().st_size / 1e6:.0f} MB, {len(_patterns())} expressions, {len(catalogue())} known messages")
        for name, rounds in results.items():
            known = [round_ for round_ in rounds if round_]
            if not known:
                print(f"{name:30} not installed")
                continue
            best = min(float(round_["seconds"]) for round_ in known)  # type: ignore[arg-type]
            speed = (head if name in PEERS else whole).stat().st_size / 1e6 / best
            base = base or speed
            peak = max(float(round_["peak"]) for round_ in known)  # type: ignore[arg-type]
            print(f"{name:30} {speed:7.1f} MB/s {speed / base:6.1f}x {peak:6.0f} MB")
        answers = [results[name][0]["found"] for name in PEERS if results[name][0]]
        answers += [run(name, head)["found"] for name in PRODUCT]
        answers_whole = [results[name][0]["found"] for name in PRODUCT]
        same = all(answer == answers[0] for answer in answers) and answers_whole[0] == answers_whole[-1]
        print(f"the same found by all: {'yes' if same else 'NO'} ({sum(answers[0].values())} in the first 10 MB)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
