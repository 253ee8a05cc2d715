"""One section to nouns: the right template, the facts, and the lines that nothing understood."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from vpn_check.model.sa import EngineConnection, IkeSa
from vpn_check.model.snapshot import Topic
from vpn_check.model.tunnel import Tunnel
from vpn_check.parse.clean import clean
from vpn_check.parse.commands import TEMPLATES
from vpn_check.parse.facts import FACTS
from vpn_check.parse.split import MANY, looks_like_log
from vpn_check.parse.templates import templates_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vpn_check.model.device import PlatformName
    from vpn_check.parse.clean import Line
    from vpn_check.parse.engine import Parsed, Run
    from vpn_check.parse.text import Text


@dataclass(slots=True)
class Facts:
    """What one section said."""

    form: str
    tunnels: list[Tunnel] = field(default_factory=list)
    ike_sas: list[IkeSa] = field(default_factory=list)
    engine: list[EngineConnection] = field(default_factory=list)
    log: list[Line] = field(default_factory=list)
    unmatched: list[Line] = field(default_factory=list)

    def add(self, parsed: Parsed, source: int) -> None:
        """Add what a template made of further lines; log lines among the unread ones are set aside."""
        for fact in FACTS[self.form](parsed, source):
            if isinstance(fact, Tunnel):
                self.tunnels.append(fact)
            elif isinstance(fact, IkeSa):
                self.ike_sas.append(fact)
            else:
                self.engine.append(fact)
        for line in parsed.unmatched:
            (self.log if looks_like_log(line[1]) else self.unmatched).append(line)


def read(topic: Topic, platform: PlatformName | None, lines: Sequence[Line], source: int) -> Facts:
    """Read the lines of an answer about a topic with the form that leaves the fewest lines unread."""
    form, parsed = _best(topic, platform, lines)
    facts = Facts(form=form)
    facts.add(parsed, source)
    return facts


def read_text(topic: Topic, platform: PlatformName | None, text: Text) -> Facts:
    """Read a whole text as one answer about a topic, without ever holding all of its lines."""
    reading = Reading(topic, platform, 0)
    lines = clean(text)
    while piece := list(islice(lines, MANY)):
        reading.feed(piece)
    return reading.finish(())


class Reading:
    """An answer read in pieces: the first piece decides on the form."""

    def __init__(self, topic: Topic, platform: PlatformName | None, source: int) -> None:
        self._topic, self._platform, self._source = topic, platform, source
        self._run: Run | None = None
        self.facts = Facts(form="")

    def feed(self, lines: Sequence[Line]) -> None:
        """Read further lines."""
        if self._run is None:
            choices = [
                (form, template) for form in TEMPLATES[self._topic] for template in templates_for(self._platform, form)
            ]
            best = choices[0]
            if len(choices) > 1:
                best = min(choices, key=lambda choice: len(choice[1].parse(lines).unmatched))
            self.facts.form, template = best
            self._run = template.run()
        with _without_collection():
            self._run.feed(lines)
            self.facts.add(self._run.drain(), self._source)

    def finish(self, lines: Sequence[Line]) -> Facts:
        """Read the last lines and return everything."""
        self.feed(lines)
        if self._run is not None:
            self.facts.add(self._run.finish(), self._source)
        return self.facts


@contextmanager
def _without_collection() -> Iterator[None]:
    """Put off the search for reference cycles: facts have none, and there are many of them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _best(topic: Topic, platform: PlatformName | None, lines: Sequence[Line]) -> tuple[str, Parsed]:
    tried: list[tuple[str, Parsed]] = []
    for form in TEMPLATES[topic]:
        for template in templates_for(platform, form):
            parsed = template.parse(lines)
            if parsed.rows and not parsed.unmatched:
                return form, parsed
            tried.append((form, parsed))
    return min(tried, key=lambda pair: (len(pair[1].unmatched), -len(pair[1].rows)))
