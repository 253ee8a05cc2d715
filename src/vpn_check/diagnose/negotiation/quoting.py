"""Messages -> evidence in the device's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.finding import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from vpn_check.diagnose.logtext import Message


class Quoting:
    """Quotes messages, each line of the device as it stood."""

    def __init__(self, quote: Callable[[int, int], Evidence | None]) -> None:
        self._quote = quote

    def evidence(
        self, messages: Iterable[Message], *, most: int = 6, lines: Mapping[int, int] | None = None
    ) -> tuple[Evidence, ...]:
        """These messages in the order given, each once; `lines` says of which, by their order, only the first lines."""
        wanted = list({message.order: message for message in messages}.values())
        limits = lines or {}
        return tuple(self._one(message, limits.get(message.order)) for message in wanted[:most])

    def _one(self, message: Message, limit: int | None) -> Evidence:
        quoted: list[Evidence] = []
        for (source, line), raw in zip(message.where[:limit], message.raw[:limit], strict=True):
            own = self._quote(source, line)
            quoted.append(own if own is not None else Evidence(source="log", line=line, text=raw))
        texts = dict.fromkeys((part.line, part.text.strip()) for part in quoted)  # one line may give several pieces
        first = quoted[0]
        said = " ".join(text for _, text in texts)
        return Evidence(source=first.source, line=first.line, text=said, origin=first.origin)
