"""Tallies of up to 64 tunnels over one span, packed by columns into a few bytes a tunnel.

The bytes: a mark (0 plain, 1 deflated), then the number of places, then a tag for each column, then the columns, then
the cause codes, a line each. A tag is the width of the column's numbers in bytes (0, 1, 2, 4, 8, 16), with 128 added
where all are equal and only one is there. Numbers are little-endian and unsigned. The last column says which cause
(0: none, 1: the first line). A place whose polls are 0 holds nothing.
"""

from __future__ import annotations

import zlib
from functools import cache, lru_cache
from operator import add
from struct import Struct
from typing import TYPE_CHECKING

from vpn_check.errors import HistoryError
from vpn_check.model.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SLOTS = 64
"""Tunnels in a block at most."""
COLUMNS = ("healthy", "warning", "critical", "unknown", "counted", "encaps", "decaps", "send_errors", "recv_errors",
           "rekeys", "resets")
_CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}
_WIDE = 16
_ALIKE = 0x80
_PLAIN, _DEFLATED = b"\0", b"\1"
_TAGS = len(COLUMNS) + 1
_HEALTHY, _WARNING, _CRITICAL, _UNKNOWN = range(4)

Column = int | tuple[int, ...]
"""A number for all places, or one for each."""


class Places:
    """The columns of a block, or of one place of it (then there is one place)."""

    __slots__ = ("causes", "columns", "size")

    def __init__(self, size: int, columns: list[Column], causes: list[str]) -> None:
        self.size = size
        self.columns = columns
        self.causes = causes

    @classmethod
    def of(cls, data: bytes, only: int | None = None) -> Places:
        """Unpack; with `only`, no more than that place, which may be beyond the last.

        Raises:
            HistoryError: these are not the bytes of a block.
        """
        try:
            return cls._of(data, only)
        except (zlib.error, IndexError, ValueError, KeyError, OverflowError) as error:
            raise _damaged() from error

    @classmethod
    def _of(cls, data: bytes, only: int | None) -> Places:
        body = zlib.decompress(data[1:], -15) if data[0] else data[1:]
        size = body[0]
        if only is not None and only >= size:
            return cls(1, [0] * _TAGS, [])
        parts, end = _layout(body[:1 + _TAGS])
        if end > len(body):
            raise _damaged()
        columns: list[Column] = [0] * _TAGS
        for index, where, width, count in parts:
            if count == 1:
                columns[index] = int.from_bytes(body[where:where + width], "little")
            elif only is not None:
                columns[index] = int.from_bytes(body[where + width * only:where + width * (only + 1)], "little")
            else:
                columns[index] = _numbers(body, where, width, count)
        return cls(1 if only is not None else size, columns, body[end:].decode().split("\n") if columns[-1] else [])

    @property
    def calm(self) -> bool:
        """Every poll was healthy."""
        return self.columns[_WARNING:_UNKNOWN + 1] == [0, 0, 0]

    def cause(self, place: int) -> str:
        """The code of the worst poll of a place.

        Raises:
            HistoryError: these were not the bytes of a block.
        """
        column = self.columns[-1]
        number = column if isinstance(column, int) else column[place]
        if number > len(self.causes):
            raise _damaged()
        return self.causes[number - 1] if number else ""

    def tallies(self) -> list[Tally | None]:
        """One for each place; None where there was no poll."""
        size = self.size
        spread = [(column,) * size if isinstance(column, int) else column for column in self.columns[:-1]]
        causes = [self.cause(place) for place in range(size)] if self.columns[-1] else [""] * size
        return [_tally(numbers, cause) for numbers, cause in zip(zip(*spread, strict=True), causes, strict=True)]


class Sum:
    """Adds up blocks of the same places, one after the other in order of time, as `Tally.__add__` does."""

    __slots__ = ("_causes", "_columns", "_ranks", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._columns: list[list[int]] = [[] for _ in COLUMNS]
        self._ranks: list[int] = []
        self._causes: list[str] = []

    def add(self, places: Places) -> None:
        """Add what these places hold."""
        if (more := places.size - self._size) > 0:
            for numbers in self._columns:
                numbers.extend([0] * more)
            self._ranks.extend([0] * more)
            self._causes.extend([""] * more)
            self._size = places.size
        size = places.size
        for numbers, column in zip(self._columns, places.columns, strict=False):   # without the last, the causes
            if column == 0:
                continue
            if size == 1:
                numbers[0] += column if isinstance(column, int) else column[0]
            else:
                numbers[:size] = ([number + column for number in numbers[:size]] if isinstance(column, int)
                                  else map(add, numbers[:size], column))
        if not places.calm:
            self._worsen(places)

    def _worsen(self, places: Places) -> None:
        spread = [(column,) * places.size if isinstance(column, int) else column
                  for column in places.columns[_WARNING:_UNKNOWN + 1]]
        for place, (warning, critical, unknown) in enumerate(zip(*spread, strict=True)):
            rank = 3 if critical else 2 if unknown else 1 if warning else 0
            if rank > self._ranks[place]:
                self._ranks[place] = rank
                self._causes[place] = places.cause(place)

    def tallies(self) -> list[Tally | None]:
        """One for each place; None where there was no poll."""
        return [_tally(numbers, cause)
                for numbers, cause in zip(zip(*self._columns, strict=True), self._causes, strict=True)]


def pack(tallies: Mapping[int, Tally]) -> bytes:
    """The bytes of a block, of tallies by their place (0..63). No number may be negative."""
    size = max(tallies) + 1
    rows = [tallies.get(place) or _NOTHING for place in range(size)]
    causes = sorted({tally.cause for tally in rows if tally.cause})
    columns = [[getattr(tally, name) for tally in rows] for name in COLUMNS]
    columns.append([causes.index(tally.cause) + 1 if tally.cause else 0 for tally in rows])
    tags, body = bytearray(), bytearray()
    for column in columns:
        tag, data = _column(column)
        tags.append(tag)
        body += data
    plain = bytes((size,)) + tags + body + "\n".join(causes).encode()
    deflate = zlib.compressobj(6, zlib.DEFLATED, -12, 5)
    deflated = deflate.compress(plain) + deflate.flush()
    return _DEFLATED + deflated if len(deflated) < len(plain) else _PLAIN + plain


def _column(numbers: Sequence[int]) -> tuple[int, bytes]:
    top = max(numbers)
    width = 0 if not top else next(width for width in (*_CODES, _WIDE) if top < 1 << 8 * width)
    if not width:
        return 0, b""
    if min(numbers) == top:
        return width | _ALIKE, top.to_bytes(width, "little")
    if width == _WIDE:
        return width, b"".join(number.to_bytes(width, "little") for number in numbers)
    return width, _struct(width, len(numbers)).pack(*numbers)


@lru_cache(maxsize=4096)
def _layout(head: bytes) -> tuple[tuple[tuple[int, int, int, int], ...], int]:
    """Of each column that is not all zeros: its number, where it begins, its width, how many; and where they end."""
    size, *tags = head
    if len(tags) != _TAGS:
        raise _damaged()
    where = len(head)
    parts = []
    for index, tag in enumerate(tags):
        width, count = tag & ~_ALIKE, 1 if tag & _ALIKE else size
        if width:
            parts.append((index, where, width, count))
            where += width * count
    return tuple(parts), where


def _numbers(body: bytes, where: int, width: int, count: int) -> tuple[int, ...]:
    if width == _WIDE:
        return tuple(int.from_bytes(body[at:at + width], "little")
                     for at in range(where, where + width * count, width))
    return _struct(width, count).unpack_from(body, where)


@cache
def _struct(width: int, count: int) -> Struct:
    return Struct(f"<{count}{_CODES[width]}")


def _damaged() -> HistoryError:
    return HistoryError("A stored block of tallies is not readable.",
                        hint="The database is damaged: restore it from a copy, or begin a new one.")


def _tally(numbers: Iterable[int], cause: str) -> Tally | None:
    """A tally whose slots are filled directly: an answer has tens of thousands, and a frozen noun's own way is slow."""
    healthy, warning, critical, unknown, counted, encaps, decaps, send_errors, recv_errors, rekeys, resets = numbers
    if not (healthy or warning or critical or unknown):
        return None
    tally = _new(Tally)
    _healthy(tally, healthy)
    _warning(tally, warning)
    _critical(tally, critical)
    _unknown(tally, unknown)
    _counted(tally, counted)
    _encaps(tally, encaps)
    _decaps(tally, decaps)
    _send_errors(tally, send_errors)
    _recv_errors(tally, recv_errors)
    _rekeys(tally, rekeys)
    _resets(tally, resets)
    _cause(tally, cause)
    return tally


_new = object.__new__
(_healthy, _warning, _critical, _unknown, _counted, _encaps, _decaps, _send_errors, _recv_errors, _rekeys, _resets,
 _cause) = (vars(Tally)[name].__set__ for name in (*COLUMNS, "cause"))
_NOTHING = Tally()
