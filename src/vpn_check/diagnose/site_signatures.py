"""The signatures that a site brings along: read as a whole, proved by their own examples, or refused with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.catalogue import FOLDER
from vpn_check.diagnose.causes import causes
from vpn_check.diagnose.logtext import read
from vpn_check.diagnose.matching import match
from vpn_check.diagnose.signature import Kind, Signature
from vpn_check.diagnose.signature_file import located, read_signature
from vpn_check.errors import SignatureError
from vpn_check.model.log import LogLine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vpn_check.diagnose.logtext import Message

_ENDINGS = {".yaml", ".yml"}
_SHOWN = 80  # characters of a text in a sentence


def load_site(folder: Path) -> tuple[Signature, ...]:
    """Read every signature of a folder.

    Raises:
        SignatureError: there is none, or some cannot be used; one line a fault, with file and line.
    """
    if not folder.is_dir():
        raise SignatureError(f"{folder}: there is no such folder.", hint="Give a folder that holds signatures as YAML.")
    paths = sorted(path for path in folder.iterdir() if path.suffix in _ENDINGS and path.is_file())
    if not paths:
        raise SignatureError(
            f"{folder}: the folder holds no signature.", hint="Put each into a file of its own, named after its id."
        )
    taken = {path.stem for path in FOLDER.rglob("*.yaml")}
    found: list[Signature] = []
    faults: list[str] = []
    for path in paths:
        try:
            signature = _load(path)
        except SignatureError as error:
            faults.append(str(error))
            continue
        if signature.id in taken:
            faults.append(f"{path}:1: the name {signature.id} is taken; rename file and id, {_own(path)} for instance.")
        taken.add(signature.id)
        found.append(signature)
    if faults:
        raise SignatureError("\n".join(faults))
    return tuple(found)


def _own(path: Path) -> str:
    return f"{path.resolve().parent.name}-{path.stem}"


def _load(path: Path) -> Signature:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SignatureError(f"{path}:1: cannot be read: {reason}.") from error
    signature = read_signature(text, str(path), stem=path.stem, kind=Kind.SITE, causes=causes())
    faults = [(("examples", kind, index), sentence) for kind, index, sentence in _disproved(signature)]
    if faults:
        raise SignatureError(located(text, str(path), faults))
    return signature


def _disproved(signature: Signature) -> Iterator[tuple[str, int, str]]:
    """Examples that do not behave as they should: which, and why."""
    for index, example in enumerate(signature.examples.fires):
        messages = _messages(example)
        if not match(messages, [signature]):
            yield "fires", index, f"this example does not fire: {_why(signature, messages)}"
    for index, example in enumerate(signature.examples.silent):
        if match(_messages(example), [signature]):
            yield "silent", index, "this example fires and should stay silent; make the expression narrower."


def _messages(text: str) -> tuple[Message, ...]:
    return read([LogLine(text=line, source=0, line=number) for number, line in enumerate(text.splitlines(), 1)])


def _why(signature: Signature, messages: tuple[Message, ...]) -> str:
    texts = [message.text for message in messages]
    shown = (texts[0] if texts else "")[:_SHOWN]
    for pattern in signature.patterns:
        if any(pattern.search(text) is not None for text in texts):
            return (
                f"its expression fits, but none of its literals ({', '.join(pattern.literals)}) stands in the message;"
                " take a piece of the message as literal, in the same letters."
            )
    return (
        f"no expression fits `{shown}`. Headers, time stamps and the prefixes of debugs are cut off, and runs of blanks"
        " made one, before the search; leave them out of the expression."
    )
