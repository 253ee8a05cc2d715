"""The cause codes with their pages: a table on disk, read when somebody asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vpn_check.diagnose.signature import SignatureRemedy
from vpn_check.diagnose.signature_file import read_remedies, read_yaml

_TABLE = Path(__file__).parent / "causes.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One code of the published vocabulary. `phase`: "1" the IKE SA, "2" the IPsec SA, data, config, or none."""

    code: str
    phase: str
    meaning: str
    page: str
    remedies: tuple[SignatureRemedy, ...]
    caveats: tuple[str, ...]
    references: tuple[str, ...]


@cache
def causes() -> dict[str, Cause]:
    """All causes by their code, in the order of the table."""
    return {
        code: Cause(
            code=code,
            phase=entry["phase"],
            meaning=entry["meaning"],
            page=entry.get("page", ""),
            remedies=read_remedies(entry["remedies"]),
            caveats=tuple(entry.get("caveats", ())),
            references=tuple(entry["references"]),
        )
        for code, entry in read_yaml(_TABLE.read_text(encoding="utf-8")).items()
    }
