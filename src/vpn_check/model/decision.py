"""Sets of bit strings as ordered binary decision diagrams: exact, and small where the bits have structure.

A node asks for one bit and leads on to two others; True is "in the set", False is "not in it". A bit that is not asked
for may have any value. Equal nodes are shared, which makes most operations cheap; correctness does not depend on it
(a set is empty if and only if its node is False), so the table of shared nodes may be dropped at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Node: TypeAlias = "bool | tuple[int, Node, Node]"
"""A constant, or (bit asked for, where it is 0, where it is 1). Bits are asked for in ascending order."""

_MOST_SHARED = 400_000
_shared: dict[tuple[int, int, int], Node] = {}


def node(bit: int, low: Node, high: Node) -> Node:
    """The node that asks for this bit; none where the answer makes no difference."""
    if low is high:
        return low
    key = (bit, id(low), id(high))
    found = _shared.get(key)
    if found is None:
        found = _shared[key] = (bit, low, high)
    return found


def tidy() -> None:
    """Drop the table of shared nodes when it is large. To be called between operations."""
    if len(_shared) > _MOST_SHARED:
        _shared.clear()


def cube(first: int, width: int, value: int, care: int, then: Node) -> Node:
    """Strings whose `width` bits from `first` on equal `value` where `care` is set, and then `then`."""
    if then is False:
        return then
    made: Node = then
    bit = first + width
    while care:  # `node` by hand: this loop is most of the work of reading a list
        bit -= 1
        if care & 1:
            low, high = (False, made) if value & 1 else (made, False)
            key = (bit, id(low), id(high))
            found = _shared.get(key)
            if found is None:
                found = _shared[key] = (bit, low, high)
            made = found
        care >>= 1
        value >>= 1
    return made


def interval(first: int, width: int, lowest: int, highest: int, then: Node) -> Node:
    """Strings whose `width` bits are a number from `lowest` to `highest`, and then `then`."""
    return union_all([cube(first, width, value, care, then) for value, care in prefixes(width, lowest, highest)])


def prefixes(width: int, lowest: int, highest: int) -> Iterator[tuple[int, int]]:
    """The fewest aligned blocks (value, care) that make up the range, both ends included."""
    full = (1 << width) - 1
    while lowest <= highest:
        size = lowest & -lowest or 1 << width
        while size > highest - lowest + 1:
            size >>= 1
        yield lowest, full & ~(size - 1)
        lowest += size


def union_all(nodes: Sequence[Node]) -> Node:
    """The union of many; neighbours are joined first, so give them sorted where there is an order."""
    held = list(nodes)
    while len(held) > 1:
        held = [
            union(held[place], held[place + 1]) if place + 1 < len(held) else held[place]
            for place in range(0, len(held), 2)
        ]
    return held[0] if held else False


def union(a: Node, b: Node) -> Node:
    """What is in either."""
    return _union(a, b, {})


def intersection(a: Node, b: Node) -> Node:
    """What is in both."""
    return _intersection(a, b, {})


def difference(a: Node, b: Node) -> Node:
    """What is in the first and not in the second."""
    return _difference(a, b, {})


_Memo: TypeAlias = dict[tuple[int, int], Node]


def _union(a: Node, b: Node, memo: _Memo) -> Node:
    if a is True or b is True:
        return True
    if a is False or a is b:
        return b
    if b is False:
        return a
    key = (id(a), id(b))
    found = memo.get(key)
    if found is None:
        bit, other = a[0], b[0]
        if bit == other:
            found = node(bit, _union(a[1], b[1], memo), _union(a[2], b[2], memo))
        elif bit < other:
            found = node(bit, _union(a[1], b, memo), _union(a[2], b, memo))
        else:
            found = node(other, _union(a, b[1], memo), _union(a, b[2], memo))
        memo[key] = found
    return found


def _intersection(a: Node, b: Node, memo: _Memo) -> Node:
    if a is False or b is False:
        return False
    if a is True or a is b:
        return b
    if b is True:
        return a
    key = (id(a), id(b))
    found = memo.get(key)
    if found is None:
        bit, other = a[0], b[0]
        if bit == other:
            found = node(bit, _intersection(a[1], b[1], memo), _intersection(a[2], b[2], memo))
        elif bit < other:
            found = node(bit, _intersection(a[1], b, memo), _intersection(a[2], b, memo))
        else:
            found = node(other, _intersection(a, b[1], memo), _intersection(a, b[2], memo))
        memo[key] = found
    return found


def _difference(a: Node, b: Node, memo: _Memo) -> Node:
    if a is False or b is True or a is b:
        return False
    if b is False:
        return a
    key = (id(a), id(b))
    found = memo.get(key)
    if found is None:
        if a is True or b[0] < a[0]:
            found = node(b[0], _difference(a, b[1], memo), _difference(a, b[2], memo))
        elif a[0] == b[0]:
            found = node(a[0], _difference(a[1], b[1], memo), _difference(a[2], b[2], memo))
        else:
            found = node(a[0], _difference(a[1], b, memo), _difference(a[2], b, memo))
        memo[key] = found
    return found


Branch: TypeAlias = tuple[int, int]
"""Bits as far as they are decided: (value, care)."""


def branches(root: Node, first: int, width: int) -> Iterator[tuple[Branch, Node]]:
    """Each way through the `width` bits from `first` on, with the node that it leads to. The ways are disjoint."""
    end = first + width
    stack: list[tuple[Node, int, int]] = [(root, 0, 0)]
    while stack:
        at, value, care = stack.pop()
        if at is False:
            continue
        if at is True or at[0] >= end:
            yield (value, care), at
            continue
        mark = 1 << (end - 1 - at[0])
        stack.append((at[2], value | mark, care | mark))
        stack.append((at[1], value, care | mark))


def leaves(root: Node, end: int) -> list[Node]:
    """The distinct nodes behind bit `end` that the root leads to; False is not among them."""
    seen: set[int] = set()
    found: dict[int, Node] = {}
    stack = [root]
    while stack:
        at = stack.pop()
        if at is False or id(at) in seen:
            continue
        seen.add(id(at))
        if at is True or at[0] >= end:
            found[id(at)] = at
        else:
            stack += (at[1], at[2])
    return list(found.values())


def project(root: Node, end: int) -> Node:
    """The set with everything from bit `end` on left open: in it, if any continuation is."""
    memo: dict[int, Node] = {}

    def walk(at: Node) -> Node:
        if at is False:
            return False
        if at is True or at[0] >= end:
            return True
        found = memo.get(id(at))
        if found is None:
            found = memo[id(at)] = node(at[0], walk(at[1]), walk(at[2]))
        return found

    return walk(root)


def shift(root: Node, by: int, then: Node) -> Node:
    """The same set with its bits moved by this many places, and `then` in the place of True."""
    memo: dict[int, Node] = {}

    def walk(at: Node) -> Node:
        if at is False:
            return False
        if at is True:
            return then
        found = memo.get(id(at))
        if found is None:
            found = memo[id(at)] = node(at[0] + by, walk(at[1]), walk(at[2]))
        return found

    return walk(root)
