"""The catalogue of known messages: one YAML file a failure, the folder is the catalogue.

A file names its cause, says how the message looks (regular expressions, each with a literal that must stand in the
message before the expression is tried), what it means and what to do. A file is parsed once a process. Files in
`known/` are pages for the reader only; no log is searched for them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from vpn_check.diagnose.signature import Kind, Signature
from vpn_check.diagnose.signature_file import read_signature

FOLDER = Path(__file__).parent / "signatures"
KNOWN = "known"


@cache
def catalogue() -> tuple[Signature, ...]:
    """All signatures, by id. Read once a process."""
    return tuple(load_one(path) for path in sorted(FOLDER.glob("*.yaml")))


@cache
def known() -> tuple[Signature, ...]:
    """Messages that are understood and are no finding by themselves: the normal course of things, and context."""
    return tuple(load_one(path) for path in sorted((FOLDER / KNOWN).glob("*.yaml")))


@cache
def load_one(path: Path) -> Signature:
    """Read a file of the catalogue, once a process.

    Raises:
        SignatureError: it is not as it must be.
    """
    kind = Kind.KNOWN if path.parent.name == KNOWN else Kind.FAULT
    return read_signature(path.read_text(encoding="utf-8"), path.name, stem=path.stem, kind=kind)
