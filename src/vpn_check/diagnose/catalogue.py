"""The catalogue of known messages: one YAML file a failure, the folder is the catalogue.

A file names its cause, says how the message looks (regular expressions, each with a literal that must stand in the
message before the expression is tried), what it means and what to do. A file is parsed once a process.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vpn_check.diagnose.signature import Examples, Pattern, Signature, SignatureRemedy
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import READ_ONLY, Remedy, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "signatures"


class SignatureError(ValueError):
    """A file of the catalogue is not as it must be; the sentence names the file and the fault."""


@cache
def catalogue() -> tuple[Signature, ...]:
    """All signatures, by id. Read once a process."""
    return tuple(load_one(path) for path in sorted(FOLDER.glob("*.yaml")))


def load(folder: Path) -> tuple[Signature, ...]:
    """Read and check every file of a folder."""
    return tuple(_load_file(path) for path in sorted(folder.glob("*.yaml")))


@cache
def load_one(path: Path) -> Signature:
    """Read and check one file of the catalogue, once a process."""
    return _load_file(path)


def _load_file(path: Path) -> Signature:
    return _signature(path, read_yaml(path.read_text(encoding="utf-8")))


def read_yaml(text: str) -> Any:  # noqa: ANN401  a YAML document before it is checked
    """A YAML text as data."""
    import yaml  # noqa: PLC0415  only a diagnosis with log lines pays for it

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  the safe loader, in C


def _signature(path: Path, document: Any) -> Signature:  # noqa: ANN401  a YAML document before it is checked
    if not isinstance(document, dict):
        raise SignatureError(f"{path.name}: not a mapping")
    if document.get("id") != path.stem:
        raise SignatureError(f"{path.name}: id is {document.get('id')!r}, the file says {path.stem!r}")
    known = set(Signature.__slots__) | {"title"}
    if strange := set(document) - known:
        raise SignatureError(f"{path.name}: unknown keys {', '.join(sorted(strange))}")
    try:
        examples = document["examples"]
        return Signature(
            id=document["id"],
            platforms=tuple(PlatformName(name) for name in document["platforms"]),
            phase=str(document["phase"]),
            cause=document["cause"],
            severity=Severity(document["severity"]),
            confidence=float(document["confidence"]),
            patterns=tuple(_pattern(entry) for entry in document["patterns"]),
            summary=document["summary"],
            meaning=document["meaning"],
            causes=tuple(document["causes"]),
            remedies=tuple(_remedy(entry) for entry in document["remedies"]),
            caveats=tuple(document.get("caveats", ())),
            references=tuple(document.get("references", ())),
            consequence=bool(document.get("consequence", False)),
            examples=Examples(
                fires=tuple(examples["fires"]),
                silent=tuple(examples["silent"]),
                also=tuple(examples.get("also", ())),
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SignatureError(f"{path.name}: {type(error).__name__}: {error}") from error


def _pattern(entry: Mapping[str, Any]) -> Pattern:
    literal = entry["literal"]
    literals = tuple(literal) if isinstance(literal, list) else (literal,)
    if not all(isinstance(word, str) and word for word in literals):
        raise ValueError("a pattern needs a literal")
    return Pattern(literals=literals, regex=entry["regex"])


def _remedy(entry: Mapping[str, Any]) -> SignatureRemedy:
    odd = [command for command in entry.get("commands", ()) if not command.startswith(READ_ONLY)]
    if odd:
        raise ValueError(f"{odd[0]!r} is no read-only command: it belongs under `changes`")
    return SignatureRemedy(
        remedy=Remedy(
            text=entry["text"],
            commands=tuple(entry.get("commands", ())),
            changes=tuple(entry.get("changes", ())),
            disruptive=bool(entry.get("disruptive", False)),
        ),
        platforms=frozenset(PlatformName(name) for name in entry.get("platforms", ())),
    )
