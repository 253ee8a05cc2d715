"""From captures to texts that may be shown: redacted, named, and whatever cannot be redacted withheld."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from vpn_check.bundle.paths import Paths
from vpn_check.bundle.read import LARGEST_FILE
from vpn_check.model.case import Withheld

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.jobs.analyze import Capture
    from vpn_check.model.transcript import CommandOutput
    from vpn_check.redact.redactor import Redactor

_NO_TEXT = "it is no text, so nothing can be redacted in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Captures whose texts may be shown, and what of them may not."""

    captures: tuple[Capture, ...]
    withheld: tuple[Withheld, ...]


def redacted(captures: Sequence[Capture], redactor: Redactor | None) -> Texts:
    """Redact all texts of a case with one memory, and give each its path in the bundle."""
    held = [(capture, [whole(output) for output in capture.outputs]) for capture in captures]
    broken = _learned(held, redactor) if redactor is not None else {}
    paths, withheld = Paths(), list[Withheld]()
    done: list[Capture] = []
    for capture, outputs in held:
        name = _name(capture.name, redactor)
        folder = paths.folder(name)
        texts: list[CommandOutput] = []
        for output in outputs:
            shown = _word(short_name(output), redactor)
            text = output.text if redactor is None else None if id(output) in broken else _text(output.text, redactor)
            why = "" if text is not None else broken.get(id(output)) or "a secret is still seen in it after redaction"
            if text is None or len(text) > LARGEST_FILE:
                withheld.append(Withheld(device=name, name=shown, why=why or "it is too large"))
                continue
            path = paths.text(folder, shown)
            prompt = _word(output.prompt, redactor) if output.prompt else None
            command = _word(output.command, redactor)
            texts.append(
                replace(output, command=command, text=text, origin=path, file=None, first_line=1, prompt=prompt)
            )
        withheld += [Withheld(device=name, name=_word(part, redactor), why=_NO_TEXT) for part in capture.skipped]
        faults = tuple(replace(fault, message=_line(fault.message, redactor)) for fault in capture.faults)
        peers = tuple(_word(peer, redactor) for peer in capture.peers)
        expected = tuple(_word(peer, redactor) for peer in capture.expected)
        done.append(
            replace(capture, name=name, outputs=tuple(texts), faults=faults, skipped=(), peers=peers, expected=expected)
        )
    return Texts(captures=tuple(done), withheld=tuple(withheld))


def shown_output(output: CommandOutput, redactor: Redactor | None) -> CommandOutput | None:
    """One output redacted with what is known so far; None where it must be withheld."""
    if redactor is None:
        return output
    try:
        redactor.learn(output.text)
    except Exception:  # noqa: BLE001  fails closed: what cannot be read through is not shown
        return None
    text = _text(output.text, redactor)
    prompt = redactor.word(output.prompt) if output.prompt else None
    return None if text is None else replace(output, text=text, command=redactor.word(output.command), prompt=prompt)


def whole(output: CommandOutput) -> CommandOutput:
    """An output with its text, also where that was left on disk."""
    if output.file is None:
        return output
    return replace(output, text=output.file.read_bytes().decode("utf-8", errors="replace"), file=None)


def short_name(output: CommandOutput) -> str:
    """What to call the file of an output: by its command, or by the file that it came from."""
    if output.origin is not None:
        return PurePath(output.origin).stem if "/" in output.origin or "." in output.origin else output.origin
    return output.command


def _learned(held: Sequence[tuple[Capture, list[CommandOutput]]], redactor: Redactor) -> dict[int, str]:
    broken: dict[int, str] = {}
    for capture, outputs in held:
        redactor.names.host(capture.name)
        for output in outputs:
            try:
                redactor.learn(output.text)
            except Exception as error:  # noqa: BLE001  fails closed: what cannot be read through is not shown
                broken[id(output)] = f"it cannot be redacted ({type(error).__name__})"
    return broken


def _text(text: str, redactor: Redactor) -> str | None:
    """The text redacted; None where that fails, or where a secret is still seen."""
    try:
        shown = redactor.redact(text)
    except Exception:  # noqa: BLE001  same: the text is withheld, and the bundle says so
        return None
    return None if redactor.survivors(shown) else shown


def _line(text: str, redactor: Redactor | None) -> str:
    return text if redactor is None else _text(text, redactor) or "(withheld)"


def _word(text: str, redactor: Redactor | None) -> str:
    return text if redactor is None else redactor.word(text)


def _name(name: str, redactor: Redactor | None) -> str:
    return name if redactor is None else redactor.word(redactor.names.host(name))
