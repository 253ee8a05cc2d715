"""Whether a database holds whole polls only: what a killed writer, or a killed server, must not spoil."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from tests.history.polls import START, tunnel_id
from tests.history.writer import DEVICES, last, tally

from vpn_check.history.block import SLOTS
from vpn_check.history.place import Place
from vpn_check.history.schema import block, device, poll, stamp
from vpn_check.history.store import History
from vpn_check.model.tally import Tally

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def is_whole(place: str) -> int:
    """Every poll up to the remembered one is there once, with all its blocks; how many polls there are."""
    polls = 0
    with History.open(place) as history:
        engine = Place(place).engine(30)
        try:
            with engine.connect() as connection:
                for name, tunnels in DEVICES.items():
                    newest = last(history, name)
                    polls += newest + 1
                    if newest >= 0:
                        sums_are_exact(history, name, tunnels, newest)
                        rows_agree(connection, name, tunnels)
        finally:
            engine.dispose()
    return polls


def sums_are_exact(history: History, name: str, tunnels: int, newest: int) -> None:
    answer = history.ask(devices=[name], peer=None, since=START, until=START + timedelta(days=3650))
    found = {tunnel.id.key: tunnel.sum for tunnel in answer.tunnels}
    assert found == {
        tunnel_id(tunnel).key: reduce(add, (tally(number, tunnel) for number in range(newest + 1)), Tally())
        for tunnel in range(tunnels)}


def rows_agree(connection: Connection, name: str, tunnels: int) -> None:
    """As many single blocks in each chunk, and at the same times, as there are rows of these polls."""
    number = connection.execute(select(device.c.id).where(device.c.name == name)).scalar_one()
    chunks: dict[int, set[int]] = {chunk: set() for chunk in range((tunnels - 1) // SLOTS + 1)}
    for chunk, at in connection.execute(
            select(block.c.chunk, block.c.at).where(block.c.device_id == number, block.c.span == 0)):
        chunks[chunk].add(at)
    begin = min(chunks[0], default=0)
    rows = {stamp(at) for at in connection.execute(select(poll.c.at).where(poll.c.device_id == number)).scalars()}
    assert all({at for at in chunk if at >= begin} == {at for at in rows if at >= begin} for chunk in chunks.values())
    assert connection.execute(select(func.count()).select_from(poll).where(poll.c.device_id == number)).scalar_one()
