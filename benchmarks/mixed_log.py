"""A long log of everything: noise of a busy network, debugs of negotiations, and some known messages among them."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent)]

from benchmarks.negotiations import tell

from vpn_check.diagnose.catalogue import catalogue

NOISE = (
    "%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/{d}, changed state to up",
    "%OSPF-5-ADJCHG: Process 1, Nbr 10.{d}.{d}.{d} on Tunnel{d} from LOADING to FULL, Loading Done",
    "%ASA-6-302013: Built outbound TCP connection {n} for outside:203.0.113.{d}/443 to inside:10.1.{d}.{d}/{n}",
    "%ASA-6-302014: Teardown TCP connection {n} for outside:203.0.113.{d}/443 duration 0:00:{d} bytes {n} TCP FINs",
    "%SEC-6-IPACCESSLOGP: list 101 denied udp 203.0.113.{d}({n}) -> 192.0.2.1(161), 1 packet",
    "%SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.1.1.{d})",
)
_STAMPED = re.compile(r"^\*?[A-Z][a-z]{2} +[0-9]+ [0-9:.]+: ")
_BODIES = 20_000


def write(path: Path, size: int, *, hits: float = 0.05, noise: float = 0.4, seed: int = 1) -> None:
    """Write about `size` bytes; `hits` and `noise` are shares of the lines."""
    rng = random.Random(seed)
    known = [" ".join(text.split()) for signature in catalogue() for text in signature.examples.fires]
    debug = [_STAMPED.sub("", line) for line in tell(2_000_000, seed=seed).lines]
    bodies = []
    for _ in range(_BODIES):
        share = rng.random()
        if share < hits:
            bodies.append(rng.choice(known))
        elif share < hits + noise:
            bodies.append(rng.choice(NOISE).format(d=rng.randrange(1, 250), n=rng.randrange(1024, 60000)))
        else:
            bodies.append(rng.choice(debug))
    written, second = 0, 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            lines = []
            for body in bodies:
                second += rng.randrange(2)
                clock = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}"
                lines.append(f"Mar {1 + second // 86400 % 28:2} {clock}.{rng.randrange(1000):03}: {body}\n")
            block = "".join(lines)[: size - written]
            file.write(block[: block.rfind("\n") + 1])
            written += len(block)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
