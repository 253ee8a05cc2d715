"""Two crypto ACLs of 5,000 lines each: are they mirror images, and do the lists of two entries overlap?

`python benchmarks/acl_sets.py [LINES]`. Each case is timed in processor seconds, from the texts of both
configurations to the findings.
"""

from __future__ import annotations

import random
import sys
import time
from ipaddress import IPv4Address

from vpn_check.config.reader import read_config
from vpn_check.diagnose.audit import Audit, Site
from vpn_check.diagnose.checks.c06_acls_mirrored import judge
from vpn_check.model import decision
from vpn_check.model.config import ConfigSets, ConfigSource, ConfigText, DeviceConfig
from vpn_check.model.snapshot import DeviceSnapshot

BAR = 2.0
"""Seconds that a verdict may take."""
Pair = tuple[int, int]


def dotted(value: int) -> str:
    """An address as text."""
    return str(IPv4Address(value))


def end(name: str, own: str, peer: str, lines: list[str]) -> str:
    """The configuration of one end."""
    entries = "".join(f" {line}\n" for line in lines)
    return (
        f"version 15.4\nhostname {name}\ncrypto ipsec transform-set T esp-aes 256 esp-sha256-hmac\n"
        f"crypto map M 10 ipsec-isakmp\n set peer {peer}\n set transform-set T\n match address VPN\n"
        f"interface GigabitEthernet0/0\n ip address {own} 255.255.255.0\n crypto map M\n"
        f"ip access-list extended VPN\n{entries}end\n"
    )


def read(text: str) -> DeviceConfig:
    """The configuration in nouns."""
    lines = tuple(enumerate(text.split("\n"), 1))
    return read_config([ConfigText(source=ConfigSource(command="configuration"), lines=lines)], mask=str)


def line(pair: Pair, action: str = "permit") -> str:
    """An entry between two networks."""
    return f"{action} ip {dotted(pair[0])} 0.0.0.255 {dotted(pair[1])} 0.0.0.255"


def cases(count: int) -> dict[str, tuple[list[str], list[str]]]:
    """Lines of both ends by the name of the case."""
    draw = random.Random(20)
    pairs = [(draw.getrandbits(24) << 8, draw.getrandbits(24) << 8) for _ in range(count)]
    mirrored = [(there, here) for here, there in pairs]
    shuffled = draw.sample(mirrored, count)
    changed = [*shuffled[:-1], (shuffled[-1][0], shuffled[-1][1] ^ 1 << 8)]
    denied = [line(pair, "deny" if place % 3 == 0 else "permit") for place, pair in enumerate(pairs)]
    denied_back = [line(pair, "deny" if place % 3 == 0 else "permit") for place, pair in enumerate(mirrored)]
    star = [line((0, pair[1])).replace("0.0.0.0 0.0.0.255", "any", 1) for pair in pairs]
    back = [line((pair[1], 0)).replace(" 0.0.0.0 0.0.0.255", " any") for pair in pairs]
    half = count // 2
    mixed = star[:half] + [line(pair) for pair in pairs[half:]]
    mixed_back = back[:half] + [line(pair) for pair in mirrored[half:]]
    return {
        "mirrored, same order": ([line(p) for p in pairs], [line(p) for p in mirrored]),
        "mirrored, shuffled": ([line(p) for p in pairs], [line(p) for p in shuffled]),
        "one line differs": ([line(p) for p in pairs], [line(p) for p in changed]),
        "every third a deny": (denied, denied_back),
        "any to networks": (star, back),
        "half any, half pairs": (mixed, mixed_back),
    }


def verdict(here: str, there: str) -> tuple[float, float, int]:
    """Seconds in all, seconds without reading the text, findings."""
    start = time.process_time()
    sites = [Site(DeviceSnapshot(name=name, platform=None), read(text)) for name, text in (("a", here), ("b", there))]
    known = time.process_time()
    found = list(judge(Audit(here=sites[0], remotes=(sites[1],))))
    now = time.process_time()
    return now - start, now - known, len(found)


def overlap(one: str, other: str) -> float:
    """Seconds that it takes to say whether two lists overlap."""
    sets = [held.most for text in (one, other) if (held := ConfigSets(read(text)).permitted("VPN")) is not None]
    start = time.process_time()
    sets[0].overlaps(sets[1])
    return time.process_time() - start


def main() -> None:
    """Print a row a case."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    print(f"{count} lines an end; bar: {BAR:.0f} s")
    print(f"{'case':<24}{'verdict':>9}{'with text':>11}{'findings':>10}{'overlap':>9}")
    for name, (ours, theirs) in cases(count).items():
        decision._shared.clear()  # noqa: SLF001  each case begins with nothing shared
        here, there = end("a", "192.0.2.1", "198.51.100.1", ours), end("b", "198.51.100.1", "192.0.2.1", theirs)
        total, judged, found = verdict(here, there)
        mark = "" if judged < BAR else "  OVER THE BAR"
        print(f"{name:<24}{judged:>8.2f}s{total:>10.2f}s{found:>10}{overlap(here, there):>8.2f}s{mark}")


if __name__ == "__main__":
    main()
