"""The catalogue for a reader: the page of a cause or message, and the tables of all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.diagnose.catalogue import catalogue, known
from vpn_check.diagnose.causes import Cause, causes
from vpn_check.diagnose.recognition import rules
from vpn_check.diagnose.signature import Kind, Signature, Wording
from vpn_check.model.knowledge import Advice, CauseRow, KnowledgeTable, MessageRow, Page, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vpn_check.diagnose.recognition import Rule
    from vpn_check.diagnose.signature import SignatureRemedy
    from vpn_check.model.device import PlatformName

_PHASES = {"1": "phase 1 (IKE SA)", "2": "phase 2 (IPsec SA)", "data": "traffic", "config": "configuration"}
_MOST_EXAMPLES = 4


def cause_page(cause: Cause, platform: PlatformName | None = None) -> Page:
    """The page of a cause code: what it is, by what it is recognised, what to do."""
    found = [rule for rule in rules() if cause.code in rule.causes]
    own = [s for s in catalogue() if s.cause == cause.code]
    where = _PHASES.get(cause.phase)
    return Page(
        title=cause.code + (f": {where}" if where else ""),
        lead=cause.meaning,
        sections=(
            Section(heading="", text=cause.page),
            Section(heading="Recognised by", points=tuple(_recognised(rule) for rule in found)),
            Section(heading="Messages", points=tuple(f"{s.id}: {_plain(s.summary)}" for s in own)),
            Section(heading="What to do", advice=_advice(cause.remedies, platform)),
            Section(heading="Beware", points=cause.caveats),
            Section(heading="References", points=(", ".join(_gathered(cause, own, found)),)),
        ),
    )


def _recognised(rule: Rule) -> str:
    said = f"{rule.recognised[:1].upper()}{rule.recognised[1:]}" or rule.title
    return f"{said} (rule {rule.name})"


def message_page(signature: Signature, platform: PlatformName | None = None) -> Page:
    """The page of a known message: how it looks, what it means, what to do."""
    fault = signature.kind is not Kind.KNOWN
    lead = _plain(signature.summary)
    return Page(
        title=f"{signature.id} ({', '.join(signature.platforms)})",
        lead=lead,
        sections=(
            Section(heading="", text=signature.meaning),
            Section(heading="Looks like", lines=signature.examples.fires[:_MOST_EXAMPLES]),
            Section(heading="Cause", text=_verdict(signature) if fault else _no_verdict(signature)),
            Section(heading="Why, likeliest first", points=signature.causes),
            Section(heading="What to do", advice=_advice(signature.remedies, platform)),
            Section(heading="Beware", points=signature.caveats),
            Section(heading="References", points=(", ".join(signature.references),) if signature.references else ()),
            Section(heading="", text=_origin(signature)),
        ),
    )


def _verdict(signature: Signature) -> str:
    text = f"{signature.cause} ({signature.severity}): {causes()[signature.cause].meaning}"
    if signature.consequence:
        text += " The line is a consequence; where the line that names the cause is seen too, that one decides."
    return text


def _no_verdict(signature: Signature) -> str:
    text = "No finding by itself."
    return text if signature.cause == "healthy" else f"{text} It can belong to {signature.cause}."


def _origin(signature: Signature) -> str:
    if signature.wording is Wording.VERIFIED:
        return ""
    return "The wording is remembered, not read in a document or log; releases may differ in detail."


def _plain(summary: str) -> str:
    """A summary with its places for values in angle brackets."""
    text = re.sub(r"\{([a-z_0-9]+)\}", r"<\1>", summary)
    return text[:1].upper() + text[1:]


def _advice(remedies: Iterable[SignatureRemedy], platform: PlatformName | None) -> tuple[Advice, ...]:
    wanted = (r for r in remedies if platform is None or not r.platforms or platform in r.platforms)
    return tuple(Advice(remedy=r.remedy, platforms=tuple(sorted(r.platforms))) for r in wanted)


def _gathered(cause: Cause, own: Iterable[Signature], found: Iterable[Rule]) -> list[str]:
    """The references of a cause, of its messages and rules: sections of the source first, in their order."""
    of_messages = (r for s in own for r in s.references if r.startswith("S"))
    named = list(dict.fromkeys([*cause.references, *of_messages, *(r for rule in found for r in rule.references)]))
    sections = sorted((r for r in named if re.fullmatch(r"S[0-9]+", r)), key=lambda r: int(r[1:]))
    return [*sections, *(r for r in named if r not in sections)]


def table(*, platform: PlatformName | None = None, codes: Sequence[str] | None = None) -> KnowledgeTable:
    """The causes and messages, all or those of a platform or of some codes."""
    chosen = [code for code in causes() if codes is None or code in codes]
    messages = [
        s for s in (*catalogue(), *known()) if s.cause in chosen and (platform is None or platform in s.platforms)
    ]
    messages.sort(key=lambda s: (chosen.index(s.cause), s.kind is Kind.KNOWN, s.id))
    return KnowledgeTable(
        causes=tuple(_cause_row(causes()[code], messages) for code in chosen),
        messages=tuple(_message_row(s) for s in messages),
    )


def _cause_row(cause: Cause, messages: Iterable[Signature]) -> CauseRow:
    return CauseRow(
        code=cause.code,
        phase=cause.phase,
        meaning=cause.meaning,
        rules=tuple(rule.name for rule in rules() if cause.code in rule.causes),
        messages=tuple(s.id for s in messages if s.cause == cause.code and s.kind is not Kind.KNOWN),
    )


def _message_row(signature: Signature) -> MessageRow:
    fault = signature.kind is not Kind.KNOWN
    return MessageRow(
        id=signature.id,
        platforms=signature.platforms,
        phase=signature.phase,
        cause=signature.cause,
        severity=signature.severity.value if fault else None,
        confidence=signature.confidence if fault else None,
        consequence=signature.consequence,
        wording=signature.wording.value,
        summary=signature.summary,
        meaning=signature.meaning,
        causes=signature.causes,
        advice=_advice(signature.remedies, None),
        caveats=signature.caveats,
        references=signature.references,
        patterns=tuple(pattern.regex for pattern in signature.patterns),
    )
