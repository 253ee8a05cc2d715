"""MANIFEST.json: what is in a bundle, where it came from, and how to tell that it is still that."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vpn_check.errors import InputError
from vpn_check.model.case import End, Redaction, Withheld
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import DeviceFault
from vpn_check.model.transcript import CommandOutput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

MANIFEST = "MANIFEST.json"
SCHEMA = "vpn-check/1"
KIND = "bundle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One device as the manifest knows it. `live`: asked over SSH; otherwise its texts were given.

    `expected` are the peers that the inventory wants up, `confirmed` says that the state was looked at twice.
    """

    name: str
    end: End = End.LOCAL
    platform: PlatformName | None = None
    live: bool = False
    expected: tuple[str, ...] = ()
    confirmed: bool = False
    outputs: tuple[CommandOutput, ...] = ()
    """With `origin` the path in the bundle; the text is empty where only the manifest was read."""
    faults: tuple[DeviceFault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The table of contents. `files` are all files but this one: path, bytes, SHA-256."""

    tool: str
    started_at: datetime
    finished_at: datetime | None
    partial: str | None
    peers: tuple[str, ...]
    redaction: Redaction
    devices: tuple[Entry, ...]
    withheld: tuple[Withheld, ...] = ()
    files: tuple[tuple[str, int, str], ...] = ()


def dump(manifest: Manifest) -> bytes:
    """The manifest as JSON."""
    redaction = manifest.redaction
    body: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": KIND,
        "tool": manifest.tool,
        "started_at": _stamp(manifest.started_at),
        "finished_at": _stamp(manifest.finished_at),
        "partial": manifest.partial,
        "peers": list(manifest.peers),
        "redaction": {
            "secrets": redaction.secrets,
            "users": redaction.users,
            "addresses": redaction.addresses,
            "places_masked": redaction.masked,
            "distinct_secrets": redaction.distinct,
        },
        "devices": [_entry(device) for device in manifest.devices],
        "gaps": [
            {"device": device.name, "command": output.command, "why": output.problem.value}
            for device in manifest.devices
            for output in device.outputs
            if output.problem is not None
        ],
        "withheld": [{"device": part.device, "name": part.name, "why": part.why} for part in manifest.withheld],
        "files": [{"path": path, "bytes": size, "sha256": digest} for path, size, digest in manifest.files],
    }
    return (json.dumps(body, indent=1, ensure_ascii=False) + "\n").encode("utf-8", errors="replace")


def _entry(device: Entry) -> dict[str, Any]:
    return {
        "name": device.name,
        "end": device.end.value,
        "platform": device.platform.value if device.platform else None,
        "source": "live" if device.live else "files",
        "expected": list(device.expected),
        "confirmed": device.confirmed,
        "errors": [{"step": fault.step, "code": fault.code, "message": fault.message} for fault in device.faults],
        "outputs": [
            {
                "path": output.origin,
                "command": output.command,
                "received_at": _stamp(output.received_at),
                "problem": output.problem.value if output.problem else None,
                "prompt": output.prompt,
            }
            for output in device.outputs
        ],
    }


def load(data: bytes, name: str) -> Manifest:
    """Read a manifest that anybody may have written.

    Raises:
        InputError: it is no manifest of a bundle, or one of a later version.
    """
    try:
        body = json.loads(data)
        if not isinstance(body, dict) or body.get("kind") != KIND:
            raise InputError(
                f"{name}: {MANIFEST} is not that of an evidence bundle.", hint="Unpack it, give the folder."
            )
        if body.get("schema") != SCHEMA:
            raise InputError(
                f"{name}: is a bundle of another version ({body.get('schema')}).", hint="Update vpn-check."
            )
        return _manifest(body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{name}: {MANIFEST} cannot be understood ({type(error).__name__}).", hint="Ask for the bundle again."
        ) from error


def _manifest(body: dict[str, Any]) -> Manifest:
    redaction = body["redaction"]
    started = _time(body["started_at"])
    return Manifest(
        tool=str(body["tool"]),
        started_at=started or datetime.fromtimestamp(0, UTC),
        finished_at=_time(body["finished_at"]),
        partial=_word(body["partial"]),
        peers=_words(body["peers"]),
        redaction=Redaction(
            secrets=bool(redaction["secrets"]),
            users=bool(redaction["users"]),
            addresses=bool(redaction["addresses"]),
            masked=int(redaction["places_masked"]),
            distinct=int(redaction["distinct_secrets"]),
        ),
        devices=tuple(_device(device) for device in body["devices"]),
        withheld=tuple(
            Withheld(device=str(w["device"]), name=str(w["name"]), why=str(w["why"])) for w in body["withheld"]
        ),
        files=tuple((str(f["path"]), int(f["bytes"]), str(f["sha256"])) for f in body["files"]),
    )


def _device(body: dict[str, Any]) -> Entry:
    return Entry(
        name=str(body["name"]),
        end=End(body["end"]),
        platform=PlatformName(body["platform"]) if body["platform"] else None,
        live=body["source"] == "live",
        expected=_words(body["expected"]),
        confirmed=bool(body["confirmed"]),
        faults=tuple(
            DeviceFault(step=str(f["step"]), message=str(f["message"]), code=str(f["code"])) for f in body["errors"]
        ),
        outputs=tuple(
            CommandOutput(
                command=str(output["command"]),
                text="",
                origin=str(output["path"]),
                received_at=_time(output["received_at"]),
                problem=Problem(output["problem"]) if output["problem"] else None,
                prompt=_word(output["prompt"]),
            )
            for output in body["outputs"]
        ),
    )


def _stamp(time: datetime | None) -> str | None:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if time is not None else None


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _word(value: object) -> str | None:
    return None if value is None else str(value)


def _words(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
