"""Configurations with damage: words lost, doubled or swapped, lines mixed up. Never an error, and quickly."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from vpn_check.config.reader import read_config
from vpn_check.diagnose.checks.run import audit, audit_alone
from vpn_check.model.config import ConfigSource, ConfigText
from vpn_check.model.snapshot import DeviceSnapshot

CONFIGS = sorted((Path(__file__).parent / "whole").glob("*.cfg"))
ROUNDS = 12
ODD = ("", "999.1.1.1", "any", "object-group", "0", "\u2013", "x" * 300)


def damaged(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(len(lines) // 2):
        place = draw.randrange(len(lines))
        words = lines[place].split(" ")
        kind = draw.randrange(6)
        if kind == 0:
            words = words[: draw.randrange(len(words) + 1)]
        elif kind == 1:
            words[draw.randrange(len(words))] = draw.choice(ODD)
        elif kind == 2:
            draw.shuffle(words)
        elif kind == 3:
            words += lines[draw.randrange(len(lines))].split(" ")
        elif kind == 4:
            words = ["no", *words]
        else:
            words = [" " * draw.randrange(5), *words[1:]]
        lines[place] = " ".join(words)
    if draw.random() < 0.3:
        draw.shuffle(lines)
    return "\n".join(lines)


def judged(*texts: str) -> None:
    snapshots = []
    for text in texts:
        lines = tuple(enumerate(text.split("\n"), 1))
        config = read_config([ConfigText(source=ConfigSource(command="configuration"), lines=lines)], mask=str)
        snapshots.append(DeviceSnapshot(name="r1", platform=None, config=config))
    audit_alone(snapshots[0], snapshots[1:])
    audit(snapshots[-1], snapshots[:-1])


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_damage_is_no_error(path: Path) -> None:
    draw = random.Random(path.stem)
    for _ in range(ROUNDS):
        judged(damaged(path.read_text(), draw), damaged(draw.choice(CONFIGS).read_text(), draw))


@pytest.mark.soak
@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_much_damage_is_no_error(path: Path) -> None:
    draw = random.Random(f"{path.stem} long")
    for _ in range(600):
        judged(damaged(path.read_text(), draw), damaged(draw.choice(CONFIGS).read_text(), draw))


@pytest.mark.parametrize(
    "line",
    [
        "access-list A extended permit object-group G object-group G object-group G",
        "object-group network G\n group-object G",
        "object network O\n nat (",
        "nat (inside,outside) source",
        "route-map",
        "crypto map M",
        "crypto map M 10",
        "interface",
        "ip nat inside source",
        "tunnel-group",
        "access-list A extended permit tcp any any range 5",
        "access-list A extended permit tcp any any eq",
        "ip route 0.0.0.0",
        "crypto isakmp key",
        "crypto isakmp key address 10.0.0.1",
        "isakmp key address address address",
        "no",
        "ip address",
    ],
)
def test_statements_cut_short_are_kept(line: str) -> None:
    for head in ("version 15.2\n", "ASA Version 9.8(2)\n", "PIX Version 6.3(5)\n"):
        judged(head + line, head + line)


def test_a_circle_of_groups_ends() -> None:
    text = (
        "ASA Version 9.8(2)\nobject-group network A\n group-object B\nobject-group network B\n group-object A\n"
        "access-list X extended permit ip object-group A any\ncrypto map M 10 match address X\n"
        "crypto map M 10 set peer 192.0.2.1\n"
    )
    begun = time.process_time()
    judged(text)
    assert time.process_time() - begun < 5
