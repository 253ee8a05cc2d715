"""How long an expression may take in the worst case, with an engine that backtracks.

A repetition is harmless where what follows it cannot begin with a character of the repetition: there is one place only
at which it can end. Elsewhere every length is tried, and the lengths of several such repetitions multiply. The bound
counts these trials over a text of limited length; it errs on the safe side.
"""

from __future__ import annotations

from dataclasses import dataclass

from vpn_check.diagnose.expression.syntax import EVERYTHING, Branch, Chars, Edge, Node, Repeat, Sequence

_ENDLESS = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effort:
    """`ways`: at how many places the part can end, each of which may be tried. `steps`: work to try them all once."""

    ways: int
    steps: int


def worst_steps(node: Node, length: int) -> int:
    """Upper bound of the steps that a search for the expression takes in any text of this length (characters)."""
    effort = _effort(node, follow=None, length=length)
    return min(_starts(node, length) * effort.steps, _ENDLESS)


def _effort(node: Node, *, follow: int | None, length: int) -> _Effort:
    """Effort of a part. `follow`: the characters that may come next; None: nothing follows, so nothing can fail."""
    match node:
        case Chars() | Edge():
            return _Effort(ways=1, steps=1)
        case Sequence(items=items):
            return _in_a_row(items, follow, length)
        case Branch(options=options):
            efforts = [_effort(option, follow=follow, length=length) for option in options]
            many = max if _distinct(options) else sum
            return _Effort(ways=_capped(many(e.ways for e in efforts)), steps=_capped(sum(e.steps for e in efforts)))
        case Repeat():
            return _repeated(node, follow, length)


def _in_a_row(items: tuple[Node, ...], follow: int | None, length: int) -> _Effort:
    follows: list[int | None] = []
    for item in reversed(items):
        follows.append(follow)
        follow = _before(item, follow)
    ways, steps = 1, 0
    for item, after in zip(items, reversed(follows), strict=True):
        effort = _effort(item, follow=after, length=length)
        steps = _capped(steps + ways * effort.steps)
        ways = _capped(ways * effort.ways)
    return _Effort(ways=ways, steps=max(steps, 1))


def _repeated(node: Repeat, follow: int | None, length: int) -> _Effort:
    shortest = _shortest(node.body)
    most = length if node.most is None else min(node.most, length)
    if isinstance(node.body, Chars):
        ambiguous = follow is not None and bool(node.body.members & follow)
        steps = node.least + 1 if follow is None else most + 1  # where nothing follows, the rest is the match
        return _Effort(ways=max(most - node.least, 0) + 1 if ambiguous else 1, steps=steps)
    if shortest == 0 and most > 1:
        return _Effort(ways=_ENDLESS, steps=_ENDLESS)
    if shortest:
        most = min(most, length // shortest)
    first = _first(node.body)
    inner = _effort(node.body, follow=first | (follow or 0) if most > 1 else follow, length=length)
    leaves = max(most - node.least, 0) + 1 if follow is not None and first & follow else 1
    rounds = _capped(inner.ways ** min(most, 64)) if inner.ways > 1 else 1
    ways = _capped(rounds * leaves)
    return _Effort(ways=ways, steps=_capped(rounds * max(most, 1) * inner.steps + leaves))


def _before(node: Node, follow: int | None) -> int | None:
    """The characters that may come next before a part: its own first ones, and what follows where it may be empty."""
    if isinstance(node, Edge):
        return EVERYTHING  # whether the place fits is not known: whatever stands before may have to be tried again
    if _shortest(node) > 0:
        return _first(node)
    if follow is None:
        return _edges(node) or None  # it may be left out, and then all has matched
    return _first(node) | follow | _edges(node)


def _edges(node: Node) -> int:
    """Everything, where a part that may be empty holds a place that may not fit."""
    match node:
        case Edge():
            return EVERYTHING
        case Sequence(items=parts) | Branch(options=parts):
            return EVERYTHING if any(_edges(part) for part in parts) else 0
        case Repeat(body=body):
            return _edges(body)
    return 0


def _first(node: Node) -> int:
    """The characters with which a part can begin."""
    match node:
        case Chars(members=members):
            return members
        case Edge():
            return EVERYTHING
        case Branch(options=options):
            found = 0
            for option in options:
                found |= _first(option)
            return found
        case Repeat(body=body):
            return _first(body)
        case Sequence(items=items):
            found = 0
            for item in items:
                found |= _first(item)
                if _shortest(item) > 0:
                    break
            return found


def _shortest(node: Node) -> int:
    """The fewest characters that a part takes."""
    match node:
        case Chars():
            return 1
        case Edge():
            return 0
        case Sequence(items=items):
            return sum(_shortest(item) for item in items)
        case Branch(options=options):
            return min(_shortest(option) for option in options)
        case Repeat(body=body, least=least):
            return least * _shortest(body)


def _distinct(options: tuple[Node, ...]) -> bool:
    """Whether the first character tells which alternative it is."""
    seen = 0
    for option in options:
        first = _first(option)
        if _shortest(option) == 0 or first & seen:
            return False
        seen |= first
    return True


def _starts(node: Node, length: int) -> int:
    """At how many places of a text the search can get going: words at the beginning cannot overlap at will."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if items and items[0] == Edge(kind="^"):
        return 1
    word = ""
    for item in items:
        if not isinstance(item, Chars) or not item.literal:
            break
        word += item.literal
    return max(1, length // _period(word)) if word else length


def _period(word: str) -> int:
    return next(shift for shift in range(1, len(word) + 1) if word.startswith(word[shift:]))


def _capped(value: int) -> int:
    return min(value, _ENDLESS)
