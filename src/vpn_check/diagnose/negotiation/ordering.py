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
    for _, run in groupby(messages, key=lambda message: message.where[0][0]):
        yield from _of_source(run)


def _of_source(run: Iterator[Message]) -> Iterator[Message]:
    head = list(islice(run, _LOOKED_AT))
    if not _newest_first(head):
        yield from chain(head, run)
        return
    whole = [*head, *run]
    orders = [message.order for message in whole]
    for order, message in zip(orders, reversed(whole), strict=True):
        yield message._replace(order=order)


def _newest_first(messages: list[Message]) -> bool:
    times = [time for message in messages if message.time and (time := seconds(message.time)) is not None]
    falls = sum(later < earlier for earlier, later in pairwise(times))
    rises = sum(later > earlier for earlier, later in pairwise(times))
    return (falls >= _FEW and not rises) or (falls >= _MANY and rises * _MANY <= falls)
