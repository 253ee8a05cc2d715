"""The same diagnosis with no device: captured texts in, diagnoses out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.bundle.manifest import MANIFEST
from vpn_check.diagnose.ends import join
from vpn_check.diagnose.recent import recent
from vpn_check.diagnose.verdict import diagnose
from vpn_check.errors import InputError
from vpn_check.inventory import ANY_PEER
from vpn_check.jobs.configured import configured
from vpn_check.jobs.decisive import decisive
from vpn_check.model.case import End
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
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SNIFFED = 8192
_LARGE = 2 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """The texts of one device, and what of it could not be read.

    `live`: they are the answers of one device to known commands. The last three are what an evidence bundle knows of
    the wishes with which it was collected.
    """

    name: str
    outputs: tuple[CommandOutput, ...]
    faults: tuple[DeviceFault, ...] = ()
    skipped: tuple[str, ...] = ()
    platform: PlatformName | None = None
    live: bool = False
    end: End = End.LOCAL
    peers: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one device's texts were read as, before anything is judged. `snapshot` None: nothing could be read."""

    capture: Capture
    snapshot: DeviceSnapshot | None


def analyze(
    paths: Sequence[str], *, stdin: bytes | None = None, platform: PlatformName | None = None, peers: Sequence[str] = ()
) -> list[Diagnosis]:
    """Diagnose captured texts. Files given singly are one device, each folder is one device, a bundle is its devices.

    Raises:
        InputError: a path does not exist, or a bundle cannot be read.
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
    since: float | None = None,
) -> tuple[list[Diagnosis], list[Diagnosis]]:
    """Diagnose this end in the light of what was captured at the other end; and that end alone.

    `signatures` are messages that a site adds to those of the catalogue. `since` leaves out log lines older than so
    many seconds before the newest. A bundle may hold both ends.

    Raises:
        InputError: a path does not exist, or a bundle cannot be read.
    """
    given = captures(paths, stdin=stdin)
    given += [replace(capture, end=End.REMOTE) for capture in captures(remote, stdin=stdin)] if remote else []
    judged = judge(given, platform=platform, peers=peers, signatures=signatures, since=since)
    found = list(zip(given, judged, strict=True))
    ours = [diagnosis for capture, held in found if capture.end is End.LOCAL for diagnosis in held]
    return ours, [diagnosis for capture, held in found if capture.end is End.REMOTE for diagnosis in held]


def judge(
    given: Sequence[Capture],
    *,
    platform: PlatformName | None = None,
    peers: Sequence[str] = (),
    signatures: Sequence[Signature] = (),
    since: float | None = None,
) -> list[tuple[Diagnosis, ...]]:
    """Diagnose captures, those of each end in the light of the other's. The diagnoses of each, in their order."""
    held = [[_newest(found, since) for found in _read(capture, platform if capture.end is End.LOCAL else None)]
            for capture in given]
    near = [found for part in held for found in part if found.capture.end is End.LOCAL]
    far = [found for part in held for found in part if found.capture.end is End.REMOTE]
    theirs = _judge(far, near, (), signatures)
    ours = [join(diagnosis, theirs) for diagnosis in _judge(near, far, peers, signatures)]
    waiting = {End.LOCAL: iter(ours), End.REMOTE: iter(theirs)}
    return [tuple(next(waiting[found.capture.end]) for found in part) for part in held]


def read(paths: Sequence[str], *, stdin: bytes | None = None, platform: PlatformName | None = None) -> list[Read]:
    """Read captured texts into snapshots, configurations included.

    Raises:
        InputError: a path does not exist, or a bundle cannot be read.
    """
    return [found for capture in captures(paths, stdin=stdin) for found in _read(capture, platform)]


def _newest(found: Read, since: float | None) -> Read:
    """What was read, without the log lines that are too old to count."""
    if since is None or found.snapshot is None or not found.snapshot.log:
        return found
    return replace(found, snapshot=replace(found.snapshot, log=recent(found.snapshot.log, since)))


def _read(capture: Capture, platform: PlatformName | None) -> list[Read]:
    transcript = Transcript(
        device=capture.name if capture.live else "",
        platform=platform or capture.platform,
        outputs=decisive(capture.outputs) if capture.live else capture.outputs,
    )
    snapshots = assemble(transcript) if capture.outputs else ()
    if not snapshots:
        return [Read(capture=capture, snapshot=None)]
    if capture.live:
        return [Read(capture=capture, snapshot=configured(replace(snapshots[0], name=capture.name)))]
    named = [replace(found, name=capture.name) if found.name == "text" else found for found in snapshots]
    return [Read(capture=capture, snapshot=configured(snapshot)) for snapshot in named]


def _judge(
    own: Sequence[Read], others: Sequence[Read], peers: Sequence[str], signatures: Sequence[Signature]
) -> list[Diagnosis]:
    remotes = [held.snapshot for held in others if held.snapshot is not None]
    return [
        _with_faults(_judged(held.snapshot, held.capture, peers, remotes, signatures), held.capture)
        if held.snapshot is not None
        else Diagnosis(device=held.capture.name, status=Status.UNKNOWN, errors=held.capture.faults)
        for held in own
    ]


def _judged(
    snapshot: DeviceSnapshot,
    capture: Capture,
    peers: Sequence[str],
    remotes: Sequence[DeviceSnapshot],
    signatures: Sequence[Signature],
) -> Diagnosis:
    diagnosis = diagnose(
        snapshot,
        asked=() if capture.end is End.REMOTE else tuple(peers) or capture.peers,
        expected=[peer for peer in capture.expected if peer != ANY_PEER],
        all_expected=ANY_PEER in capture.expected,
        confirmed=capture.confirmed,
        remotes=remotes,
        signatures=signatures,
    )
    if capture.live:
        return diagnosis
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
        elif _may_be_bundle(Path(word)):
            folders += _bundled(Path(word))
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


def _may_be_bundle(path: Path) -> bool:
    """A zip, or a folder with a manifest. Whether it is one of ours, its reader says."""
    if path.is_dir():
        return (path / MANIFEST).is_file()
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(4) in _ZIP
    except OSError:
        return False


def _bundled(path: Path) -> list[Capture]:
    from vpn_check.bundle.read import read_bundle  # noqa: PLC0415  few analyses are of bundles

    manifest = read_bundle(path).manifest
    left_out: dict[str, list[str]] = {}
    for part in manifest.withheld:
        words = f"{part.name} (withheld when the bundle was made: {part.why})"
        left_out.setdefault(part.device, []).append(words)
    return [
        Capture(
            name=entry.name,
            outputs=entry.outputs,
            faults=entry.faults,
            skipped=tuple(left_out.get(entry.name, ())),
            platform=entry.platform,
            live=entry.live,
            end=entry.end,
            peers=manifest.peers,
            expected=entry.expected,
            confirmed=entry.confirmed,
        )
        for entry in manifest.devices
    ]


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
