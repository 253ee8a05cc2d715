"""The same diagnosis with no device: captured texts in, diagnoses out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.diagnose.ends import join
from vpn_check.diagnose.verdict import diagnose
from vpn_check.errors import InputError
from vpn_check.jobs.configured import configured
from vpn_check.model.finding import DeviceFault, Diagnosis, Status
from vpn_check.model.snapshot import Topic
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble
from vpn_check.parse.commands import TEMPLATES, from_file_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.diagnose.signature import Signature
    from vpn_check.model.device import PlatformName
    from vpn_check.model.snapshot import DeviceSnapshot

STDIN = "-"
_NOT_TEXT = {
    ".json",
    ".yaml",
    ".yml",
    ".zip",
    ".gz",
    ".tgz",
    ".pcap",
    ".pcapng",
    ".png",
    ".jpg",
    ".pdf",
    ".html",
    ".md",
    ".py",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SNIFFED = 8192
_LARGE = 2 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """The texts of one device, and what of it could not be read."""

    name: str
    outputs: tuple[CommandOutput, ...]
    faults: tuple[DeviceFault, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one device's texts were read as, before anything is judged. `snapshot` None: nothing could be read."""

    capture: Capture
    snapshot: DeviceSnapshot | None


def analyze(
    paths: Sequence[str], *, stdin: bytes | None = None, platform: PlatformName | None = None, peers: Sequence[str] = ()
) -> list[Diagnosis]:
    """Diagnose captured texts. Files given singly are one device, each folder is one device.

    Raises:
        InputError: a path does not exist.
    """
    return analyze_ends(paths, (), stdin=stdin, platform=platform, peers=peers)[0]


def analyze_ends(
    paths: Sequence[str],
    remote: Sequence[str],
    *,
    stdin: bytes | None = None,
    platform: PlatformName | None = None,
    peers: Sequence[str] = (),
    signatures: Sequence[Signature] = (),
) -> tuple[list[Diagnosis], list[Diagnosis]]:
    """Diagnose this end in the light of what was captured at the other end; and that end alone.

    `signatures` are messages that a site adds to those of the catalogue.

    Raises:
        InputError: a path does not exist.
    """
    here = read(paths, stdin=stdin, platform=platform)
    there = read(remote, stdin=stdin) if remote else []
    ours, theirs = _judge(here, there, peers, signatures), _judge(there, here, (), signatures)
    return [join(diagnosis, theirs) for diagnosis in ours], theirs


def read(paths: Sequence[str], *, stdin: bytes | None = None, platform: PlatformName | None = None) -> list[Read]:
    """Read captured texts into snapshots, configurations included.

    Raises:
        InputError: a path does not exist.
    """
    found: list[Read] = []
    for capture in captures(paths, stdin=stdin):
        transcript = Transcript(device="", platform=platform, outputs=capture.outputs)
        snapshots = assemble(transcript) if capture.outputs else ()
        if not snapshots:
            found.append(Read(capture=capture, snapshot=None))
        for snapshot in snapshots:
            named = replace(snapshot, name=capture.name) if snapshot.name == "text" else snapshot
            found.append(Read(capture=capture, snapshot=configured(named)))
    return found


def _judge(
    own: Sequence[Read], others: Sequence[Read], peers: Sequence[str], signatures: Sequence[Signature]
) -> list[Diagnosis]:
    remotes = [held.snapshot for held in others if held.snapshot is not None]
    return [
        _with_faults(_judged(held.snapshot, peers, remotes, signatures), held.capture)
        if held.snapshot is not None
        else Diagnosis(device=held.capture.name, status=Status.UNKNOWN, errors=held.capture.faults)
        for held in own
    ]


def _judged(
    snapshot: DeviceSnapshot,
    peers: Sequence[str],
    remotes: Sequence[DeviceSnapshot],
    signatures: Sequence[Signature],
) -> Diagnosis:
    diagnosis = diagnose(snapshot, asked=peers, remotes=remotes, signatures=signatures)
    useful = snapshot.seen - {Topic.LOG, Topic.CONFIG} or (snapshot.config is not None and snapshot.config.seen)
    if useful or snapshot.summaries or diagnosis.findings or diagnosis.status is not Status.UNKNOWN or diagnosis.errors:
        return diagnosis
    if any(gap.topic is not Topic.OTHER for gap in snapshot.gaps):
        return diagnosis
    fault = DeviceFault(
        step=InputError.step,
        message="Nothing in this text decides anything about a VPN. Give the output of `show crypto isakmp sa`, "
        "`show crypto ipsec sa`, a crypto debug or syslog.",
    )
    return replace(diagnosis, errors=(fault,))


def _with_faults(diagnosis: Diagnosis, capture: Capture) -> Diagnosis:
    if not capture.faults and not capture.skipped:
        return diagnosis
    notes = (*diagnosis.notes, *(f"Not read: {name}." for name in capture.skipped))
    status = Status.worst([diagnosis.status, Status.UNKNOWN]) if capture.faults else diagnosis.status
    return replace(diagnosis, errors=(*diagnosis.errors, *capture.faults), notes=notes, status=status)


def captures(paths: Sequence[str], *, stdin: bytes | None = None) -> list[Capture]:
    """Read the paths of a command line into devices.

    Raises:
        InputError: a path does not exist.
    """
    single: list[CommandOutput] = []
    faults: list[DeviceFault] = []
    folders: list[Capture] = []
    names: list[str] = []
    for word in paths:
        if word == STDIN:
            _read_into(single, faults, stdin or b"", "standard input")
            names.append("stdin")
        elif Path(word).is_dir():
            folders += _folder(Path(word))
        elif Path(word).exists():
            _read_file(single, faults, Path(word), alone=len(paths) == 1)
            names.append(Path(word).stem)
        else:
            raise InputError(
                f"{word}: there is no such file or folder.", hint="Check the path; `-` reads standard input."
            )
    singles = (
        [Capture(name=names[0] if len(names) == 1 else "capture", outputs=tuple(single), faults=tuple(faults))]
        if names
        else []
    )
    return singles + folders


def _folder(folder: Path) -> list[Capture]:
    entries = sorted(folder.iterdir())
    files = [entry for entry in entries if entry.is_file() and not entry.name.startswith(".")]
    texts = [entry for entry in files if entry.suffix.lower() not in _NOT_TEXT]
    if not texts:
        inner = [
            capture
            for entry in entries
            if entry.is_dir() and not entry.name.startswith(".")
            for capture in _folder(entry)
        ]
        if inner:
            return inner
    outputs: list[CommandOutput] = []
    faults: list[DeviceFault] = []
    for entry in texts:
        _read_file(outputs, faults, entry, alone=len(texts) == 1)
    if not texts:
        faults.append(
            DeviceFault(
                step=InputError.step,
                message=f"{folder}: the folder holds no text to read. Put show outputs or logs into it.",
            )
        )
    skipped = tuple(entry.name for entry in files if entry not in texts)
    return [Capture(name=folder.resolve().name, outputs=tuple(outputs), faults=tuple(faults), skipped=skipped)]


def _read_file(outputs: list[CommandOutput], faults: list[DeviceFault], path: Path, *, alone: bool) -> None:
    try:
        with path.open("rb") as file:
            data = file.read(_SNIFFED)
            large = path.stat().st_size > _LARGE
            data += b"" if large and not data.startswith(_UTF16) else file.read()
    except OSError as error:
        faults.append(
            DeviceFault(
                step=InputError.step, message=f"{path}: cannot be read ({error.strerror}). Check its owner and mode."
            )
        )
        return
    hint = from_file_name(path.stem)
    if not data.strip() and not alone and hint is not None and hint[1] in TEMPLATES:
        outputs.append(CommandOutput(command=hint[0], text="", origin=str(path)))  # the device answered nothing
        return
    if large and not data.startswith(_UTF16) and not _binary(data):
        outputs.append(CommandOutput(command="", text="", origin=str(path), file=path))
        return
    _read_into(outputs, faults, data, str(path))


def _read_into(outputs: list[CommandOutput], faults: list[DeviceFault], data: bytes, name: str) -> None:
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        faults.append(DeviceFault(step=InputError.step, message=f"{name}: is empty. Capture the output again."))
        return
    if data.startswith(_UTF16):
        text = data.decode("utf-16", errors="replace")
    elif _binary(data):
        faults.append(
            DeviceFault(step=InputError.step, message=f"{name}: is not text. Give captured terminal output or a log.")
        )
        return
    else:
        text = data.decode("utf-8", errors="replace")
    outputs.append(CommandOutput(command="", text=text, origin=name))


def _binary(data: bytes) -> bool:
    """Whether data are no text: many control bytes. A few NULs in a terminal log are."""
    head = data[:_SNIFFED]
    odd = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)  # noqa: PLR2004  control bytes but BS, TAB, LF, CR, ESC
    return odd * 20 > len(head)
