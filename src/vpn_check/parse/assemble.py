"""From what was collected to what is known: a snapshot a device, each fact with its line, each gap with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from vpn_check.model.configtext import ConfigSource, ConfigText
from vpn_check.model.delta import between, in_order
from vpn_check.model.log import Log, LogBlock
from vpn_check.model.snapshot import DeviceSnapshot, Gap, Source, Topic, Unparsed
from vpn_check.model.transcript import Problem
from vpn_check.parse import supporting
from vpn_check.parse.clean import clean
from vpn_check.parse.commands import CANONICAL, TEMPLATES, from_file_name, resolve
from vpn_check.parse.correlate import correlate
from vpn_check.parse.logs import LogPlaces
from vpn_check.parse.platform import recognise
from vpn_check.parse.read import Facts, Reading, read
from vpn_check.parse.shown import SHOWN, Collecting
from vpn_check.parse.split import Section, split
from vpn_check.parse.summaries import summaries
from vpn_check.parse.text import ends_at_pager, text_of
from vpn_check.platforms import PLATFORMS
from vpn_check.platforms.base import REFUSALS

if TYPE_CHECKING:
    from datetime import datetime

    from vpn_check.model.delta import CounterDelta
    from vpn_check.model.device import PlatformName
    from vpn_check.model.log import LogPart
    from vpn_check.model.sa import EngineConnection, IkeSa
    from vpn_check.model.summary import PeerSummary
    from vpn_check.model.transcript import CommandOutput, Transcript
    from vpn_check.model.tunnel import Tunnel
    from vpn_check.parse.clean import Line
    from vpn_check.parse.text import Text


_HEAD = 400
"""Lines of a long section that are kept, to recognise the platform by."""
_PURE = 1 << 20
"""Characters; longer answers are read piece by piece."""
_LATER = 1 << 20
"""Sources of long sections are numbered from here: they are read before it is known how many others there are."""

_SUMMED = {"crypto", "dmvpn", "vpn-sessiondb"}
_SILENT = ("show version", "show clock", "term", "conf", "enable", "exit", "end", "quit", "logout")
"""Commands whose answers decide nothing and are not worth a word."""


@dataclass(slots=True)
class _Part:
    """A section with the text that it is quoted from. `index` is its place among the sources. `facts`: read already."""

    section: Section
    text: Text
    output: CommandOutput
    index: int
    facts: Facts | None = None


def assemble(transcript: Transcript) -> tuple[DeviceSnapshot, ...]:
    """Read all that was collected. A transcript with the prompts of several devices gives several snapshots."""
    parts: list[_Part] = []
    gaps: list[Gap] = []
    for output in transcript.outputs:
        if output.problem is not None:
            command, topic = resolve(output.command)
            gaps.append(Gap(topic=topic, source=command, reason=output.problem.value))
            if output.problem not in {Problem.CLOSED, Problem.INCOMPLETE, Problem.TIMED_OUT}:
                continue
        found = _parts(output, transcript.platform, len(parts))
        if found and ends_at_pager(found[-1].text):
            last = found[-1].section
            source = last.command or CANONICAL.get(last.topic, "text")
            gaps.append(Gap(topic=last.topic, source=source, reason=Problem.INCOMPLETE.value))
        parts += found
    hosts = list(dict.fromkeys(part.section.host for part in parts if part.section.host))
    if len(hosts) < 2:  # noqa: PLR2004  one device, whatever its prompt says
        name = transcript.device or (hosts[0] if hosts else "") or "text"
        return (_snapshot(name, transcript.platform, parts, gaps),)
    return tuple(
        _snapshot(host, transcript.platform, [part for part in parts if part.section.host in {host, None}], gaps)
        for host in hosts
    )


def _parts(output: CommandOutput, platform: PlatformName | None, first: int) -> list[_Part]:
    """The sections of one output. Long ones are read as they come; the index is settled when the text has ended."""
    text = text_of(output)
    pure = _pure(output, platform, text, first)
    if pure is not None:
        return [pure]
    offered: list[Section] = []

    def read_ahead(section: Section) -> None:
        if section.topic not in TEMPLATES and section.topic is not Topic.LOG:
            return
        if section.reading is None:
            known = platform or recognise(section.lines)
            index = first + _LATER + len(offered)
            section.reading = (
                LogPlaces(text, index) if section.topic is Topic.LOG else Reading(section.topic, known, index)
            )
            offered.append(section)
        if isinstance(section.reading, Reading | LogPlaces):
            section.reading.feed(section.lines)
        section.head = section.head or section.lines[:_HEAD]
        section.lines = []

    sections = split(clean(text), _hint(output), asked=bool(output.command), full=read_ahead)
    later = {id(section): first + _LATER + place for place, section in enumerate(offered)}
    return [
        _Part(section=section, text=text, output=output, index=later.get(id(section), first + place))
        for place, section in enumerate(sections)
    ]


def _pure(output: CommandOutput, platform: PlatformName | None, text: Text, index: int) -> _Part | None:
    """The answer of a session to the command for IPsec SAs, where its template knows every line: nothing else is in it.

    Most of what is polled is this, and looking for prompts and logs in it takes as long as a third of its reading.
    """
    if not output.command or platform is None or output.received_at is None or len(output.text) > _PURE:
        return None
    command, topic = resolve(output.command)
    if topic is not Topic.IPSEC_SA:
        return None
    lines = list(clean(text))
    facts = read(topic, platform, lines, index)
    if facts.unmatched or facts.log or not facts.tunnels:
        return None
    section = Section(command=command, topic=topic, asked=True, lines=lines)
    return _Part(section=section, text=text, output=output, index=index, facts=facts)


def _hint(output: CommandOutput) -> tuple[str, Topic] | None:
    if output.command:
        return resolve(output.command)
    return from_file_name(PurePath(output.origin).stem) if output.origin else None


@dataclass(slots=True)
class _Collected:
    """A snapshot in the making."""

    sources: dict[int, Source] = field(default_factory=dict)
    tunnels: dict[tuple[object, ...], Tunnel] = field(default_factory=dict)
    earlier: dict[tuple[str, ...], Tunnel] = field(default_factory=dict)
    times: dict[int, datetime] = field(default_factory=dict)
    ike_sas: list[IkeSa] = field(default_factory=list)
    engine: list[EngineConnection] = field(default_factory=list)
    summaries: list[PeerSummary] = field(default_factory=list)
    log: list[LogPart] = field(default_factory=list)
    seen: set[Topic] = field(default_factory=set)
    gaps: list[Gap] = field(default_factory=list)
    unparsed: list[Unparsed] = field(default_factory=list)
    configs: list[ConfigText] = field(default_factory=list)
    shown: Collecting = field(default_factory=Collecting)


def _snapshot(name: str, platform: PlatformName | None, parts: list[_Part], gaps: list[Gap]) -> DeviceSnapshot:
    platform = platform or recognise(line for part in parts for line in (part.section.head or part.section.lines))
    held = _Collected(gaps=list(gaps))
    for part in parts:
        _take(held, part, platform)
    log = Log(parts=tuple(held.log))
    _without_gone(held)
    tunnels, ike_sas, local = correlate(
        tuple(held.tunnels.values()),
        tuple(held.ike_sas),
        log,
        frozenset(summary.peer for summary in held.summaries),
    )
    return DeviceSnapshot(
        name=name,
        platform=platform,
        tunnels=tunnels,
        ike_sas=ike_sas,
        engine=tuple(held.engine),
        summaries=tuple(held.summaries),
        log=log,
        sources=held.sources,
        seen=frozenset(held.seen),
        gaps=tuple(held.gaps),
        unparsed=tuple(held.unparsed),
        local_addresses=frozenset(local),
        earlier=held.earlier,
        deltas=_deltas(held),
        config_texts=tuple(held.configs),
        shown=held.shown.shown(),
    )


def _without_gone(held: _Collected) -> None:
    """Take out the flows that the last of several looks in a session no longer lists: an ASA removes what is down."""
    looks: dict[str, list[int]] = {}
    for index, source in held.sources.items():
        if source.topic is Topic.IPSEC_SA and index in held.times:
            looks.setdefault(source.command, []).append(index)
    for command, indices in looks.items():
        last = max(indices, key=lambda index: held.times[index])
        if len(indices) > 1 and not any(gap.source == command for gap in held.gaps):
            held.tunnels = {key: tunnel for key, tunnel in held.tunnels.items()
                            if tunnel.where.source == last or tunnel.where.source not in indices}


def _deltas(held: _Collected) -> dict[tuple[str, ...], CounterDelta]:
    """What grew between two samples of a flow."""
    deltas = {}
    for tunnel in held.tunnels.values():
        before = held.earlier.get(tunnel.key)
        if before is None:
            continue
        times = [held.times.get(looked.where.source) for looked in (before, tunnel)]
        seconds = abs((times[1] - times[0]).total_seconds()) if times[0] and times[1] else None
        delta = between(before, tunnel, seconds)
        if delta is not None:
            deltas[tunnel.key] = delta
    return deltas


def _take(held: _Collected, part: _Part, platform: PlatformName | None) -> None:
    section, index = part.section, part.index
    if part.output.received_at is not None:
        held.times[index] = part.output.received_at
    command = section.command or CANONICAL.get(section.topic, "text")
    held.sources[index] = Source(command=command, topic=section.topic, origin=part.output.origin, text=part.text)
    if section.topic is Topic.LOG:
        if isinstance(section.reading, LogPlaces):
            section.reading.feed(section.lines)
            held.log.append(section.reading)
        else:
            held.log += _log_part(section.lines, index)
        held.seen.add(Topic.LOG)
        return
    if section.topic is Topic.CONFIG:
        held.seen.add(Topic.CONFIG)
        asked = ConfigSource(command=command, origin=part.output.origin)
        held.configs.append(ConfigText(source=asked, lines=tuple(section.lines), typed=section.typed))
        return
    refusal = _refusal(section.head or section.lines, platform)
    if refusal is not None:
        held.gaps.append(Gap(topic=section.topic, source=command, reason=refusal.value))
        return
    if section.topic not in TEMPLATES:
        _take_other(held, part, platform)
        return
    if part.facts is not None:
        facts = part.facts
    elif isinstance(section.reading, Reading):
        facts = section.reading.finish(section.lines)
    else:
        facts = read(section.topic, platform, section.lines, index)
    held.seen.add(section.topic)
    for tunnel in facts.tunnels:
        _add_tunnel(held, tunnel, index)
    held.ike_sas += facts.ike_sas
    held.engine += facts.engine
    held.log += _log_part(facts.log, index)
    _leave(held, part, command, facts.unmatched)


def _leave(held: _Collected, part: _Part, command: str, unmatched: list[Line]) -> None:
    """Name the lines of an answer that were not understood."""
    if unmatched:
        quoted = tuple((number, part.text.line(number).strip()) for number, _ in unmatched)
        held.unparsed.append(Unparsed(source=_label(command, part), lines=quoted))


def _log_part(lines: list[Line], index: int) -> list[LogPart]:
    numbers, texts = [number for number, _ in lines], [text for _, text in lines]
    return [LogBlock(source=index, numbers=numbers, lines=texts)] if lines else []


def _take_other(held: _Collected, part: _Part, platform: PlatformName | None) -> None:
    """An answer that is no SA table: summaries of peers, routes, interfaces, software, or nothing that is used."""
    section, index = part.section, part.index
    command = section.command or CANONICAL.get(section.topic, "text")
    name = supporting.resolve(section.command) if section.command else supporting.recognise(section.lines)
    if name in SHOWN:
        held.shown.add(name, command, supporting.read_supporting(platform, name, section.lines), index)
        return
    summed, unmatched = _summaries(name, section, platform, index)
    held.summaries += summed
    if summed:
        _leave(held, part, command, unmatched)
    if not summed and not command.startswith(_SILENT):
        held.gaps.append(Gap(topic=Topic.OTHER, source=_label(command, part), reason="not used in the diagnosis"))


def _add_tunnel(held: _Collected, tunnel: Tunnel, index: int) -> None:
    """Add a flow. The same flow in another output is another sample of it; twice in one output, both stay."""
    key: tuple[object, ...] = (
        tunnel.interface,
        tunnel.crypto_map,
        tunnel.vrf,
        tunnel.local_ident,
        tunnel.remote_ident,
        tunnel.peer,
    )
    earlier = held.tunnels.get(key)
    if earlier is not None and any(key):
        if earlier.where.source == index:
            key = (*key, str(len(held.tunnels)))
        else:
            earlier, tunnel = in_order(earlier, tunnel)
            held.earlier[tunnel.key] = earlier
    held.tunnels[key] = tunnel


def _summaries(
    name: str | None, section: Section, platform: PlatformName | None, index: int
) -> tuple[list[PeerSummary], list[Line]]:
    """What an answer to a supporting command sums up of the peers, and the lines that were not understood."""
    if name is None or name.split()[1] not in _SUMMED:
        return [], []
    document, unmatched = supporting.parse_supporting(platform, name, section.lines)
    return summaries(document, section.lines, index), unmatched


def _label(command: str, part: _Part) -> str:
    return part.output.origin or command


def _refusal(lines: list[Line], platform: PlatformName | None) -> Problem | None:
    text = "\n".join(line for _, line in lines[:4])
    if platform is not None:
        return PLATFORMS[platform].classify(text)
    for line in text.splitlines():
        for pattern, problem in REFUSALS:
            if pattern.search(line):
                return problem
    return None
