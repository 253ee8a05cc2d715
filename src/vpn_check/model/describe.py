"""Sets in few words: the largest blocks first, or what surrounds them and what is missing from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from vpn_check.model import decision
from vpn_check.model.blocks import DESTINATION, END, WIDTH, Block, service_flows
from vpn_check.model.decision import Branch, Node

_LOOKED_AT = 64
"""Parts that are looked at to name the largest."""
_READ = 512
"""Blocks that are read to describe a set."""
_MANY = 3
"""As many parts as a sentence bears."""


def addresses_text(v4: Node, v6: Node) -> str:
    """A set of addresses: `10.0.0.0/8 but 10.1.2.3`."""
    parts = [_addresses(root, version) for version, root in ((4, v4), (6, v6))]
    return ", ".join(part for part in parts if part) or "nothing"


def packets_text(v4: Node, v6: Node) -> str:
    """A set of packets: `tcp 10.1.0.0/16 -> any but 10.2.0.0/16 port 80`."""
    found = [part for version, root in ((4, v4), (6, v6)) for part in islice(_rectangles(root, version), _LOOKED_AT)]
    found.sort(key=lambda pair: pair[0])
    return _listed([text for _, text in found]) or "nothing"


def _rectangles(root: Node, version: int) -> Iterator[tuple[int, str]]:
    """Sources that have the same destinations and service, in words, with the bits that count in the largest block."""
    width = WIDTH[version]
    nowhere = Block(version=version, value=0, care=0)
    for sources, middle in _alike(root, END - width, width):
        for destinations, service in _alike(middle, DESTINATION + END - width, width):
            sides = [_blocks(blocks, version) for blocks in (sources, destinations)]
            size = sum(min(care.bit_count() for _, care in blocks) for blocks in (sources, destinations))
            for flow in islice(service_flows(nowhere, nowhere, service), _MANY):
                yield size, flow.between(*sides)


def _alike(root: Node, first: int, width: int) -> Iterator[tuple[list[Branch], Node]]:
    """The ways through the bits that lead to the same node, together."""
    found: dict[int, tuple[list[Branch], Node]] = {}
    for way, leaf in islice(decision.branches(root, first, width), _READ):
        found.setdefault(id(leaf), ([], leaf))[0].append(way)
    yield from found.values()


def _addresses(root: Node, version: int) -> str:
    width = WIDTH[version]
    return _blocks([way for way, _ in islice(decision.branches(root, END - width, width), _READ)], version)


def _blocks(ways: Sequence[Branch], version: int) -> str:
    """Blocks of one version in words."""
    found = sorted((Block(version=version, value=way[0], care=way[1]) for way in ways), key=_bits)
    if _MANY < len(found) < _READ:
        around = _around(found)
        width = WIDTH[version]
        first = END - width
        held = decision.union_all([decision.cube(first, width, block.value, block.care, True) for block in found])
        missing = decision.difference(decision.cube(first, width, around.value, around.care, True), held)
        gaps = [way for way, _ in islice(decision.branches(missing, first, width), _MANY + 1)]
        if len(gaps) <= _MANY:
            return f"{around} but {_listed([str(Block(version=version, value=gap[0], care=gap[1])) for gap in gaps])}"
    return _listed([str(block) for block in found])


def _bits(block: Block) -> int:
    return block.care.bit_count()


def _around(blocks: Sequence[Block]) -> Block:
    """The smallest prefix that holds all blocks."""
    care = (1 << WIDTH[blocks[0].version]) - 1
    first = blocks[0]
    for block in blocks:
        while care & ~block.care or (block.value ^ first.value) & care:
            care = care << 1 & ((1 << WIDTH[first.version]) - 1)
    return Block(version=first.version, value=first.value & care, care=care)


def _listed(words: list[str]) -> str:
    return ", ".join(words[:_MANY]) + (", ..." if len(words) > _MANY else "")
