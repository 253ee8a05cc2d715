"""From captures to the files of a bundle: judged as `analyze` judges it, so that both say the same."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from vpn_check import __version__
from vpn_check.bundle.manifest import Entry, Manifest
from vpn_check.errors import UsageError
from vpn_check.jobs.analyze import judge
from vpn_check.jobs.case.samples import samples_of
from vpn_check.jobs.case.texts import redacted
from vpn_check.jobs.case.timeline import events_of
from vpn_check.jobs.parse import parse_output
from vpn_check.model.case import Case, CaseDevice, End, Redaction, Withheld
from vpn_check.redact.secrets import redact_line
from vpn_check.report.case_html import html_page
from vpn_check.report.case_markdown import markdown_page
from vpn_check.report.json_document import document
from vpn_check.report.timeline import timeline_document, timeline_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from vpn_check.jobs.analyze import Capture
    from vpn_check.jobs.case.order import Order
    from vpn_check.model.finding import Diagnosis
    from vpn_check.redact.redactor import Redactor

TOOL = f"vpn-check {__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A bundle that only needs to be written."""

    case: Case
    manifest: Manifest
    files: dict[str, bytes]
    stand_ins: dict[str, dict[str, str]] | None = None
    """What was replaced by what; never part of the bundle. None: only secrets were replaced."""


def build(
    captures: Sequence[Capture],
    order: Order,
    *,
    redactor: Redactor | None,
    started_at: datetime,
    now: datetime,
    partial: str | None = None,
) -> Built:
    """Make the files of a bundle.

    Args:
        captures: what was gathered, with its secrets.
        order: the user's wishes.
        redactor: the memory of what was met so far; None: nothing is redacted.
        started_at: when gathering began.
        now: the time, aware.
        partial: why the bundle is not whole; None: it is.
    """
    texts = redacted(captures, redactor)
    judged = judge(texts.captures)
    devices = tuple(_device(capture, found) for capture, found in zip(texts.captures, judged, strict=True))
    redaction = Redaction(
        secrets=order.secrets,
        users=order.wishes.users or order.wishes.addresses,
        addresses=order.wishes.addresses,
        masked=redactor.masked if redactor is not None else 0,
        distinct=len(redactor.values) if redactor is not None else 0,
    )
    case = Case(
        tool=TOOL,
        created_at=now,
        devices=devices,
        redaction=redaction,
        withheld=texts.withheld,
        events=events_of([found for device in devices for found in device.diagnoses], now),
        partial=partial,
        notes=_drift(captures, devices) if redactor is not None else (),
    )
    files = {
        output.origin or "": output.text.encode("utf-8", errors="replace")
        for capture in texts.captures
        for output in capture.outputs
    }
    reports, withheld = _reports(case, texts.captures, redactor)
    files |= reports
    case = replace(case, withheld=(*case.withheld, *withheld))
    manifest = Manifest(
        tool=TOOL,
        started_at=started_at,
        finished_at=now,
        partial=partial,
        peers=next((capture.peers for capture in texts.captures), ()),
        redaction=redaction,
        devices=tuple(entry_of(capture) for capture in texts.captures),
        withheld=case.withheld,
    )
    told = redactor is not None and (order.wishes.users or order.wishes.addresses)
    return Built(
        case=case, manifest=manifest, files=files, stand_ins=redactor.stand_ins() if told and redactor else None
    )


def entry_of(capture: Capture) -> Entry:
    """A capture as the manifest knows it."""
    return Entry(
        name=capture.name,
        end=capture.end,
        platform=capture.platform,
        live=capture.live,
        expected=capture.expected,
        confirmed=capture.confirmed,
        outputs=capture.outputs,
        faults=capture.faults,
    )


def _device(capture: Capture, diagnoses: tuple[Diagnosis, ...]) -> CaseDevice:
    platform = next((found.snapshot.platform for found in diagnoses if found.snapshot), None)
    return CaseDevice(
        name=capture.name,
        end=capture.end,
        platform=capture.platform or platform,
        outputs=capture.outputs,
        diagnoses=diagnoses,
        samples=samples_of(capture),
        faults=capture.faults,
    )


def _drift(captures: Sequence[Capture], devices: Sequence[CaseDevice]) -> tuple[str, ...]:
    """Whether the diagnosis of the redacted texts is another than that of the texts as they were."""
    found: list[str] = []
    for plain, device in zip(judge(captures), devices, strict=True):
        before, after = _causes(plain), _causes(device.diagnoses)
        if before != after:
            found.append(
                f"{device.name}: with its secrets in place the verdict is {before or 'none'}; of this bundle it "
                f"is {after or 'none'}."
            )
    return tuple(found)


def _causes(diagnoses: Sequence[Diagnosis]) -> str:
    return ", ".join(f"{found.verdict.cause if found.verdict else 'none'} ({found.status})" for found in diagnoses)


def _reports(
    case: Case, captures: Sequence[Capture], redactor: Redactor | None
) -> tuple[dict[str, bytes], list[Withheld]]:
    """All that is not a transcript. A report in which a secret is seen is withheld like a transcript."""
    quote = redact_line if case.redaction.secrets else str
    verdict = document(case.side(End.LOCAL), remote=case.side(End.REMOTE), generated_at=case.created_at, redact=quote)
    makers: dict[str, Callable[[], str]] = {
        "verdict.json": lambda: _json(verdict),
        "report.html": lambda: html_page(case, quote),
        "report.md": lambda: markdown_page(case, quote),
        "timeline.txt": lambda: timeline_text(case),
        "timeline.json": lambda: _json(timeline_document(case)),
    }
    parsed = [(capture, _parsed(capture)) for capture in captures]
    makers |= {
        f"parsed/{(capture.outputs[0].origin or '').split('/')[1]}.json": lambda body=body: _json(body)  # type: ignore[misc]
        for capture, body in parsed
        if body
    }
    files: dict[str, bytes] = {}
    withheld: list[Withheld] = []
    for name, make in makers.items():
        text = make()
        if redactor is not None and redactor.survivors(text):
            withheld.append(Withheld(device="", name=name, why="a secret is still seen in it after redaction"))
        else:
            files[name] = text.encode("utf-8", errors="replace")
    return files, withheld


def _parsed(capture: Capture) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for output in capture.outputs:
        try:
            body = parse_output(output, platform=capture.platform, command=output.command or None)
        except UsageError:  # a command whose answer is no table that is parsed
            continue
        if body:
            found.append({"file": output.origin, "command": output.command, **body})
    return found


def _json(body: object) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"
