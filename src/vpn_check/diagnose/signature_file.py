"""A signature as a file: YAML to Signature, every fault with its line and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from string import Formatter
from typing import TYPE_CHECKING, Any

from vpn_check.diagnose.expression import ExpressionError, compile_safely
from vpn_check.diagnose.signature import Examples, Kind, Pattern, Signature, SignatureRemedy, Wording
from vpn_check.errors import SignatureError
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import READ_ONLY, Remedy, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

PHASES = ("1", "2", "data", "config")
_ALWAYS = ("id", "platforms", "phase", "cause", "patterns", "summary", "examples")
_JUDGED = ("severity", "confidence")
_TOLD = ("wording", "meaning", "references")
_ADVISED = ("causes", "remedies")
_OPTIONAL = ("caveats", "consequence")
_KEYS = (*_ALWAYS, *_JUDGED, *_TOLD, *_ADVISED, *_OPTIONAL)
_REQUIRED = {
    Kind.FAULT: (*_ALWAYS, *_JUDGED, *_TOLD, *_ADVISED),
    Kind.KNOWN: (*_ALWAYS, *_TOLD),
    Kind.SITE: (*_ALWAYS, *_JUDGED),
}
_PATTERN_KEYS = ("literal", "regex")
_REMEDY_KEYS = ("text", "platforms", "commands", "changes", "disruptive")
_EXAMPLE_KEYS = ("fires", "silent", "also")
_FILLED = {"peer", "proposal"}
"""Words of a summary that are filled in although no expression captures them."""

_Path = tuple[str | int, ...]


@dataclass(slots=True)
class _Faults:
    """What is wrong, each with its place in the document."""

    found: list[tuple[_Path, str]] = field(default_factory=list)

    def add(self, path: _Path, sentence: str) -> None:
        self.found.append((path, sentence))


def read_yaml(text: str) -> Any:  # noqa: ANN401  a YAML document before it is checked
    """Read a YAML text with the safe loader, in C where there is one."""
    import yaml  # noqa: PLC0415  only a diagnosis with log lines pays for it

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  the safe loader, in C


def read_signature(
    text: str, name: str, *, stem: str, kind: Kind = Kind.FAULT, causes: Collection[str] = ()
) -> Signature:
    """Read a signature.

    Args:
        text: the YAML document.
        name: how to call the file in an error.
        stem: what `id` must be, the file's name without its ending.
        kind: what it is for; a signature of a site needs fewer keys, and its expressions are of the safe subset.
        causes: cause codes that there are; none: they are not checked.

    Raises:
        SignatureError: it cannot be used; one line a fault, each with file and line.
    """
    import yaml  # noqa: PLC0415  see read_yaml

    try:
        document = read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        problem = getattr(error, "problem", None) or "it cannot be read"
        sentence = f"{name}:{line}: no YAML: {problem}. A text with `:`, `#`, `%` or `\\` belongs in single quotes."
        raise SignatureError(sentence) from error
    faults = _Faults()
    signature = _signature(document, stem, kind, causes, faults)
    if faults.found or signature is None:
        raise SignatureError(located(text, name, faults.found))
    return signature


def located(text: str, name: str, faults: Iterable[tuple[_Path, str]]) -> str:
    """The faults as lines, each with the file and the line of its place."""
    import yaml  # noqa: PLC0415  see read_yaml

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return "\n".join(f"{name}:{_line(root, path)}: {sentence}" for path, sentence in faults)


def _line(node: Any, path: _Path) -> int:  # noqa: ANN401  a node of PyYAML
    """The line of a place; of the nearest one above it that is in the text."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in path:
        if isinstance(step, int):
            below = node.value[step] if isinstance(node.value, list) and step < len(node.value) else None
            place = below
        else:
            pairs = node.value if isinstance(node.value, list) else []
            pair = next((pair for pair in pairs if isinstance(pair, tuple) and pair[0].value == step), None)
            place, below = pair if pair is not None else (None, None)
        if below is None or place is None:
            return line
        line, node = place.start_mark.line + 1, below
    return line


def _signature(
    document: Any,  # noqa: ANN401  a YAML document before it is checked
    stem: str,
    kind: Kind,
    causes: Collection[str],
    faults: _Faults,
) -> Signature | None:
    if not isinstance(document, dict):
        faults.add((), "the file must hold keys with values (`id: ...`, `patterns: ...`).")
        return None
    _check_keys(document, (), _KEYS, faults)
    for key in _REQUIRED[kind]:
        if key not in document:
            faults.add((), f"the key `{key}` is missing; add it.")
    if "id" in document and document["id"] != stem:
        faults.add(("id",), f"id is {document['id']!r}, the file's name says {stem!r}; make them the same.")
    platforms = _platforms(document.get("platforms", []), ("platforms",), faults)
    phase = str(document.get("phase", PHASES[0]))
    if phase not in PHASES:
        faults.add(("phase",), f"`{phase}` is no phase; use one of {', '.join(PHASES)}.")
    cause = document.get("cause")
    if "cause" in document and causes and cause not in causes:
        faults.add(("cause",), f"`{cause}` is no cause code{_nearest(cause, causes)} `vpn-check catalogue` lists them.")
    severity = _one_of(document.get("severity", "info"), [s.value for s in Severity], ("severity",), faults)
    wording = _one_of(document.get("wording", "verified"), [w.value for w in Wording], ("wording",), faults)
    confidence = document.get("confidence", 0.5)
    if not isinstance(confidence, int | float) or isinstance(confidence, bool) or not 0 < confidence < 1:
        faults.add(("confidence",), f"`{confidence}` is no confidence; use a number between 0 and 1, 0.7 for likely.")
    patterns = _patterns(document.get("patterns", []), faults, bounded=kind is Kind.SITE)
    summary = _text(document.get("summary", "-"), ("summary",), faults)
    _check_words(summary, patterns, faults)
    examples = _examples(document.get("examples", {"fires": ["-"]}), faults)
    remedies = _remedies(document.get("remedies", []), faults)
    if faults.found:
        return None
    return Signature(
        id=stem,
        platforms=platforms,
        phase=phase,
        cause=str(cause),
        severity=Severity(severity),
        confidence=float(confidence),
        wording=Wording(wording),
        patterns=patterns,
        summary=summary,
        meaning=_text(document.get("meaning", ""), ("meaning",), faults),
        causes=_texts(document.get("causes", ()), ("causes",), faults),
        remedies=remedies,
        caveats=_texts(document.get("caveats", ()), ("caveats",), faults),
        references=_texts(document.get("references", ()), ("references",), faults),
        consequence=document.get("consequence", False) is True,
        examples=examples,
        kind=kind,
    )


def _check_keys(document: Mapping[str, Any], path: _Path, known: tuple[str, ...], faults: _Faults) -> None:
    for key in document:
        if key not in known:
            faults.add(
                (*path, key), f"unknown key `{key}`{_nearest(key, known)} Keys here are {', '.join(known)}."
            )


def _nearest(word: object, known: Collection[str]) -> str:
    near = get_close_matches(str(word), known, n=1)
    return f"; did you mean `{near[0]}`?" if near else "."


def _one_of(value: object, known: list[str], path: _Path, faults: _Faults) -> str:
    if value not in known:
        faults.add(path, f"`{value}` is no {path[-1]}{_nearest(value, known)} Use one of {', '.join(known)}.")
        return known[0]
    return str(value)


def _text(value: object, path: _Path, faults: _Faults) -> str:
    if not isinstance(value, str):
        faults.add(path, f"`{path[-1]}` must be a text; put it in quotes.")
        return ""
    return value


def _texts(value: object, path: _Path, faults: _Faults) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        faults.add(path, f"`{path[-1]}` must be a list of texts; put texts with `:` or `#` in quotes.")
        return ()
    return tuple(value)


def _platforms(value: object, path: _Path, faults: _Faults) -> tuple[PlatformName, ...]:
    names = [name.value for name in PlatformName]
    given = _texts(value, path, faults)
    for index, name in enumerate(given):
        if name not in names:
            faults.add((*path, index), f"`{name}` is no platform; use some of {', '.join(names)}.")
    return tuple(PlatformName(name) for name in given if name in names)


def _mapping(value: object, path: _Path, known: tuple[str, ...], faults: _Faults) -> dict[str, Any]:
    if not isinstance(value, dict):
        faults.add(path, f"this entry must hold keys: {', '.join(known)}.")
        return {}
    _check_keys(value, path, known, faults)
    return value


def _patterns(value: object, faults: _Faults, *, bounded: bool) -> tuple[Pattern, ...]:
    if not isinstance(value, list) or not value:
        faults.add(("patterns",), "`patterns` must be a list of entries with `literal` and `regex`.")
        return ()
    return tuple(_pattern(entry, ("patterns", index), faults, bounded=bounded) for index, entry in enumerate(value))


def _pattern(value: object, path: _Path, faults: _Faults, *, bounded: bool) -> Pattern:
    entry = _mapping(value, path, _PATTERN_KEYS, faults)
    literal = entry.get("literal")
    literals = tuple(literal) if isinstance(literal, list) else (literal,)
    if not literals or not all(isinstance(word, str) and word for word in literals):
        faults.add(
            (*path, "literal"),
            "`literal` must be a piece of text (or several) that stands in every message meant; add it.",
        )
    regex = entry.get("regex")
    if not isinstance(regex, str) or not regex:
        faults.add((*path, "regex"), "`regex` must be a regular expression in single quotes; add it.")
        return Pattern(literals=(), regex="")
    try:
        expression = compile_safely(regex) if bounded else None
        if not bounded:
            re.compile(regex)
    except ExpressionError as error:
        faults.add((*path, "regex"), f"the regular expression cannot be used: {error}")
        return Pattern(literals=(), regex="")
    except re.error as error:
        faults.add((*path, "regex"), f"the regular expression does not compile: {error}.")
        return Pattern(literals=(), regex="")
    return Pattern(literals=tuple(str(word) for word in literals), regex=regex, expression=expression)


def _check_words(summary: str, patterns: tuple[Pattern, ...], faults: _Faults) -> None:
    captured = _FILLED | {name for pattern in patterns for name in re.findall(r"\(\?P<([^>]+)>", pattern.regex)}
    try:
        words = [name for _, name, _, _ in Formatter().parse(summary) if name is not None]
    except ValueError:
        faults.add(("summary",), "`summary` has a brace without its pair; a plain one is written twice.")
        return
    for word in words:
        if word not in captured:
            names = ", ".join(f"{{{name}}}" for name in sorted(captured))
            faults.add(("summary",), f"`{{{word}}}` is captured by no expression; there are {names}.")


def _examples(value: object, faults: _Faults) -> Examples:
    entry = _mapping(value, ("examples",), _EXAMPLE_KEYS, faults)
    fires = _texts(entry.get("fires", []), ("examples", "fires"), faults)
    if not entry.get("fires") and isinstance(value, dict):
        faults.add(
            ("examples",), "there is no example of the message; add one under `fires`, as the device prints it."
        )
    return Examples(
        fires=fires,
        silent=_texts(entry.get("silent", []), ("examples", "silent"), faults),
        also=_texts(entry.get("also", []), ("examples", "also"), faults),
    )


def read_remedies(value: object) -> tuple[SignatureRemedy, ...]:
    """Read a list of remedies that stands elsewhere than in a signature.

    Raises:
        SignatureError: one is not as it must be.
    """
    faults = _Faults()
    remedies = _remedies(value, faults)
    if faults.found:
        raise SignatureError("\n".join(f"{path}: {sentence}" for path, sentence in faults.found))
    return remedies


def _remedies(value: object, faults: _Faults) -> tuple[SignatureRemedy, ...]:
    if not isinstance(value, list):
        faults.add(("remedies",), "`remedies` must be a list of entries with `text`.")
        return ()
    return tuple(_remedy(entry, ("remedies", index), faults) for index, entry in enumerate(value))


def _remedy(value: object, path: _Path, faults: _Faults) -> SignatureRemedy:
    entry = _mapping(value, path, _REMEDY_KEYS, faults)
    commands = _texts(entry.get("commands", []), (*path, "commands"), faults)
    for index, command in enumerate(commands):
        if not command.startswith(READ_ONLY):
            faults.add(
                (*path, "commands", index),
                f"`{command}` is no command that only reads; move it under `changes`, which a person reviews.",
            )
    return SignatureRemedy(
        remedy=Remedy(
            text=_text(entry.get("text"), (*path, "text"), faults),
            commands=commands,
            changes=_texts(entry.get("changes", []), (*path, "changes"), faults),
            disruptive=entry.get("disruptive", False) is True,
        ),
        platforms=frozenset(_platforms(entry.get("platforms", []), (*path, "platforms"), faults)),
    )
