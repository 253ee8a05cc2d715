"""Access lists from their entries, which may stand in several texts: the configuration, and counts beside it."""

from __future__ import annotations

from dataclasses import replace

from vpn_check.config.collector import Collector
from vpn_check.config.entries import Reading, read_entry
from vpn_check.model.config import AccessEntry, AccessList, ConfigSource


def access_lists(c: Collector) -> list[AccessList]:
    """All access lists, read once all objects are known."""
    kinds = {name: draft.get("kind", "network") for name, draft in c.drafts["object-group"].items()}
    reading = Reading(wildcard=c.wildcard, names=c.names, group_kinds=kinds)
    entries: dict[str, dict[ConfigSource, list[AccessEntry]]] = {name: {} for name in c.drafts["acl"]}
    for name, kind, node, words in c.acl_nodes:
        draft = c.draft("acl", name, node, name=name, kind=kind)
        entry = read_entry(words, node.statement, draft.get("kind", kind), reading)
        if entry is None:
            node.used = False
            continue
        held = entries.setdefault(name, {}).setdefault(node.source, [])
        if not _expansion(entry, held, counted=_counts(node.source)):
            held.append(entry)
    return [draft.make(AccessList, entries=_joined(entries.get(name, {}))) for name, draft in c.drafts["acl"].items()]


def _counts(source: ConfigSource) -> bool:
    """Whether a text is the answer to `show access-list(s)`, with counts, and not a configuration."""
    return "access-list" in source.command and "running-config" not in source.command


def _expansion(entry: AccessEntry, held: list[AccessEntry], *, counted: bool) -> bool:
    """Whether an entry only repeats the one before it with its objects resolved, as `show access-list` prints it."""
    return counted and bool(held) and entry.sequence is not None and held[-1].sequence == entry.sequence


def _joined(found: dict[ConfigSource, list[AccessEntry]]) -> tuple[AccessEntry, ...]:
    """One list from the texts that give it: the configuration's entries, with the counts that a show command gives."""
    if not found:
        return ()
    base = min(found, key=lambda source: (_counts(source), -len(found[source])))
    hits = {_meaning(entry): entry.hits for source in found for entry in found[source] if entry.hits is not None}
    entries = [
        replace(entry, hits=hits[_meaning(entry)]) if entry.hits is None and _meaning(entry) in hits else entry
        for entry in found[base]
    ]
    if all(entry.sequence is not None for entry in entries):
        entries.sort(key=lambda entry: entry.sequence or 0)
    return tuple(entries)


def _meaning(entry: AccessEntry) -> tuple[object, ...]:
    """What an entry says, without its number, its place and its count."""
    ports = (entry.source_ports, entry.destination_ports)
    return (entry.permit, entry.protocol_text, entry.source, entry.destination, *ports, entry.icmp, entry.remark)
