"""A timer that runs out names its peer last: the lines before belong to the packet that is then sent again.

IOS gives no number to an IKE SA before its keys exist. Where several peers do not answer, only the packet line that
closes the block tells whose timer it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vpn_check.diagnose.logtext import Message

_MOST = 6  # messages of a block before its packet line


def named(messages: Iterable[Message]) -> Iterator[Message]:
    """The same messages in the same order; those of a timer know their peer."""
    held: list[Message] = []
    for message in messages:
        if held:
            packet = message.peer is not None and "packet to" in message.text and "(0)" in message.prefix
            if packet:
                yield from (earlier._replace(peer=message.peer) for earlier in held)
                held = []
            elif message.peer is None and "(0)" in message.prefix and len(held) < _MOST:
                held.append(message)
                continue
            else:
                yield from held
                held = []
        if "retransmitting phase 1" in message.text and message.peer is None and "(0)" in message.prefix:
            held.append(message)
        else:
            yield message
    yield from held
