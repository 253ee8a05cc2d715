"""Logs that were exported newest first are turned round; all others stay as they are, however their clock jumps."""

from __future__ import annotations

from itertools import chain, groupby, islice, pairwise
from typing import TYPE_CHECKING

from vpn_check.diagnose.clock import seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vpn_check.diagnose.logtext import Message

_LOOKED_AT = 300  # messages of a source
_FEW, _MANY = 2, 10  # a clock that is set back goes back once


def oldest_first(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages of each source from the oldest to the newest, their order numbered anew where it was turned."""
    return chain.from_iterable(_of_source(run) for _, run in groupby(messages, key=_source))


def _source(message: Message) -> int:
    return message.where[0][0]


def _of_source(run: Iterator[Message]) -> Iterable[Message]:
    head = list(islice(run, _LOOKED_AT))
    if not _newest_first(head):
        return chain(head, run)
    whole = [*head, *run]
    orders = [message.order for message in whole]
    return (message._replace(order=order) for order, message in zip(orders, reversed(whole), strict=True))


def _newest_first(messages: list[Message]) -> bool:
    times = [time for message in messages if message.time and (time := seconds(message.time)) is not None]
    falls = sum(later < earlier for earlier, later in pairwise(times))
    rises = sum(later > earlier for earlier, later in pairwise(times))
    return (falls >= _FEW and not rises) or (falls >= _MANY and rises * _MANY <= falls)
