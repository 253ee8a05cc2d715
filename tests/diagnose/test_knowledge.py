"""Nothing of the signature knowledge was left behind: every entry of it has its place in the catalogue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from tests.conftest import shared

from vpn_check.diagnose.catalogue import KNOWN, catalogue, known
from vpn_check.diagnose.logtext import read
from vpn_check.diagnose.matching import match
from vpn_check.model.log import LogLine

PLACES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "knowledge.yaml").read_text())
PARTS = re.compile(
    r"SA not acceptable!?$|^M\.M\.M$|set new node|initiating peer config|and a valid access list|SM Trace"
)
"""Lines that belong to a message beside them and say nothing alone; of pings, the sweep is read as a whole."""
OURS = {s.id: s for s in catalogue()} | {f"{KNOWN}/{s.id}": s for s in known()}


def lines(text: str) -> list[LogLine]:
    return [LogLine(text=line, source=0, line=number) for number, line in enumerate(text.splitlines(), 1)]


def test_every_place_exists() -> None:
    named = {name for place in PLACES.values() if isinstance(place, list) for name in place}
    assert named <= set(OURS)
    assert all(set(place) == {"by", "why"} for place in PLACES.values() if not isinstance(place, list))


def test_every_entry_has_its_place() -> None:
    text = (shared("knowledge") / "signatures.md").read_text()
    assert set(re.findall(r"^### (\S+)$", text, re.MULTILINE)) == set(PLACES)


def test_its_texts_are_understood() -> None:
    """Every line of every entry is recognised by what the table names, or belongs to a message that is."""
    text = (shared("knowledge") / "signatures.md").read_text()
    missed = {}
    for entry in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        name, _, body = entry.partition("\n")
        place = PLACES[name.strip()]
        sample = re.search(r"```text\n(.*?)```", body, re.DOTALL)
        if not isinstance(place, list) or sample is None:
            continue
        messages = read(lines(sample[1]))
        silent = [m.text for m in messages if not match([m], list(OURS.values())) and not PARTS.search(m.text)]
        if silent or not match(messages, [OURS[each] for each in place]):
            missed[name] = silent
    assert missed == {}
