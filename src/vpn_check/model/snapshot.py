"""Everything that is known of a device at one moment, and everything that is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from vpn_check.model.log import Log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.model.config import DeviceConfig
    from vpn_check.model.configtext import ConfigText
    from vpn_check.model.delta import CounterDelta
    from vpn_check.model.device import PlatformName
    from vpn_check.model.finding import Evidence
    from vpn_check.model.sa import Address, EngineConnection, IkeSa
    from vpn_check.model.shown import Shown
    from vpn_check.model.summary import PeerSummary
    from vpn_check.model.tunnel import Tunnel


class Topic(StrEnum):
    """What an output is about, whatever the platform calls the command."""

    IPSEC_SA = "ipsec sa"
    IKE_SA = "ike sa"
    IKEV2_SA = "ikev2 sa"
    ENGINE = "engine connections"
    LOG = "log"
    CONFIG = "configuration"
    OTHER = "other"


class QuotableText(Protocol):
    """A text as given, from which a line can be quoted."""

    def line(self, number: int) -> str:
        """The raw line of this number; empty where there is none."""

    def numbers(self) -> range:
        """The numbers of its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text that facts were read from, which can be asked for its lines."""

    command: str
    topic: Topic
    origin: str | None = None
    text: QuotableText


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A fact that is not known, and why. Unknown is not zero."""

    topic: Topic
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """Text that looked relevant and was not understood."""

    source: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSnapshot:
    """All facts of one device. `seen` are the topics that the device answered, even with an empty table.

    `earlier` holds the first of two looks at a flow, `deltas` what its counters grew by, both by `Tunnel.key`.
    """

    name: str
    platform: PlatformName | None
    tunnels: tuple[Tunnel, ...] = ()
    ike_sas: tuple[IkeSa, ...] = ()
    engine: tuple[EngineConnection, ...] = ()
    summaries: tuple[PeerSummary, ...] = ()
    log: Log = field(default_factory=Log)
    sources: Mapping[int, Source] = field(default_factory=dict)
    seen: frozenset[Topic] = frozenset()
    gaps: tuple[Gap, ...] = ()
    unparsed: tuple[Unparsed, ...] = ()
    local_addresses: frozenset[Address] = frozenset()
    earlier: Mapping[tuple[str, ...], Tunnel] = field(default_factory=dict)
    deltas: Mapping[tuple[str, ...], CounterDelta] = field(default_factory=dict)
    config_texts: tuple[ConfigText, ...] = field(default=(), repr=False)
    """Configurations as received; a job has them read, and they are gone."""
    config: DeviceConfig | None = None
    shown: Shown | None = None
    """Routes, interfaces and software, as far as show commands gave them."""

    def quote(self, source: int, line: int | None) -> Evidence | None:
        """The device's own line as evidence; None where there is no such line."""
        from vpn_check.model.finding import Evidence  # noqa: PLC0415  finding and snapshot quote each other

        held = self.sources.get(source)
        if line is None or held is None:
            return None
        text = held.text.line(line).strip()
        return Evidence(source=held.command, line=line, text=text, origin=held.origin) if text else None
