"""One section to nouns: the right template, the facts, and the lines that nothing understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.model.sa import EngineConnection, IkeSa
from vpn_check.model.snapshot import Topic
from vpn_check.model.tunnel import Tunnel
from vpn_check.parse.commands import TEMPLATES
from vpn_check.parse.facts import FACTS
from vpn_check.parse.split import looks_like_log
from vpn_check.parse.templates import templates_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.device import PlatformName
    from vpn_check.parse.clean import Line
    from vpn_check.parse.engine import Parsed


@dataclass(slots=True)
class Facts:
    """What one section said."""

    form: str
    tunnels: list[Tunnel] = field(default_factory=list)
    ike_sas: list[IkeSa] = field(default_factory=list)
    engine: list[EngineConnection] = field(default_factory=list)
    log: list[Line] = field(default_factory=list)
    unmatched: list[Line] = field(default_factory=list)


def read(topic: Topic, platform: PlatformName | None, lines: Sequence[Line], source: int) -> Facts:
    """Read the lines of an answer about a topic with the form that leaves the fewest lines unread."""
    form, parsed = _best(topic, platform, lines)
    facts = Facts(form=form)
    for fact in FACTS[form](parsed, source):
        if isinstance(fact, Tunnel):
            facts.tunnels.append(fact)
        elif isinstance(fact, IkeSa):
            facts.ike_sas.append(fact)
        else:
            facts.engine.append(fact)
    for line in parsed.unmatched:
        (facts.log if looks_like_log(line[1]) else facts.unmatched).append(line)
    return facts


def _best(topic: Topic, platform: PlatformName | None, lines: Sequence[Line]) -> tuple[str, Parsed]:
    tried: list[tuple[str, Parsed]] = []
    for form in TEMPLATES[topic]:
        for template in templates_for(platform, form):
            parsed = template.parse(lines)
            if parsed.rows and not parsed.unmatched:
                return form, parsed
            tried.append((form, parsed))
    return min(tried, key=lambda pair: (len(pair[1].unmatched), -len(pair[1].rows)))
