"""Nouns as JSON documents, and back: exact, by the nouns' own annotations, so that a new field needs no line here.

A field that has its default value is left out; a field that a stored document does not have gets its default. What a
document has and the noun has not (of a later release) is passed over.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from vpn_check.errors import HistoryError
from vpn_check.model.alarm import Difference
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Status
from vpn_check.model.observation import TunnelId

_VERSION = 1
_LEVEL = 3
"""Of compression: a memory is written at every poll, and the levels above cost more than they save."""
_NAMES = {"Mapping": Mapping, "Any": Any, "datetime": datetime, "Status": Status, "TunnelId": TunnelId,
          "PlatformName": PlatformName, "Difference": Difference}
_Noun = TypeVar("_Noun")
_Turn = Callable[[Any], Any] | None
"""How a value is turned; None: it stays as it is."""
_NO_DEFAULT = object()


def pack(noun: object) -> bytes:
    """The noun as a compressed JSON document that says its version."""
    text = json.dumps({"v": _VERSION, **to_document(noun)}, separators=(",", ":"))
    return zlib.compress(text.encode("ascii"), _LEVEL)


def unpack(kind: type[_Noun], data: bytes) -> _Noun:
    """The noun that `pack` was given.

    Raises:
        HistoryError: the bytes are none, or of a later release.
    """
    try:
        document = json.loads(zlib.decompress(data))
        version = document.pop("v")
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HistoryError(f"A stored {kind.__name__} is not readable ({type(error).__name__}).",
                           hint="The database is damaged: restore it from a copy, or begin a new one.") from error
    if version != _VERSION:
        raise HistoryError(f"A stored {kind.__name__} has version {version}, which is not known here.",
                           hint="Use the release of vpn-check that wrote it.")
    return from_document(kind, document)


def to_document(noun: object) -> dict[str, Any]:
    """The fields of a noun as JSON has them."""
    document: dict[str, Any] = {}
    for name, default, encode, _ in _plan(type(noun)):
        value = getattr(noun, name)
        if value != default:
            document[name] = value if encode is None or value is None else encode(value)
    return document


def from_document(kind: type[_Noun], document: Mapping[str, Any]) -> _Noun:
    """The noun of a document.

    Raises:
        HistoryError: a field that must be there is not, or is not what it must be.
    """
    try:
        there = [(name, document[name], decode) for name, _, _, decode in _plan(kind) if name in document]
        return kind(**{name: value if decode is None or value is None else decode(value)
                       for name, value, decode in there})
    except (TypeError, ValueError, AttributeError) as error:
        raise HistoryError(f"A stored {kind.__name__} is not readable ({type(error).__name__}).",
                           hint="The database is damaged: restore it from a copy, or begin a new one.") from error


_plans: dict[type, tuple[tuple[str, Any, _Turn, _Turn], ...]] = {}


def _plan(kind: type[Any]) -> tuple[tuple[str, Any, _Turn, _Turn], ...]:
    """Of each field: its name, its default, how it is written and how it is read."""
    if kind not in _plans:
        hints = get_type_hints(kind, localns=_NAMES)
        _plans[kind] = tuple((field.name, _default(field), *_turns(hints[field.name])) for field in fields(kind))
    return _plans[kind]


def _default(field: Field[Any]) -> Any:  # noqa: ANN401  of any type
    if field.default is not MISSING:
        return field.default
    return _NO_DEFAULT if field.default_factory is MISSING else field.default_factory()


def _turns(hint: Any) -> tuple[_Turn, _Turn]:  # noqa: ANN401  a type of any form
    """How a value of this type is written and read."""
    if (origin := get_origin(hint)) is not None:
        return _turns_of_many(origin, get_args(hint))
    if hint is datetime:
        return datetime.isoformat, datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str, hint
    if isinstance(hint, type) and is_dataclass(hint):
        return to_document, partial(from_document, hint)
    return None, None


def _turns_of_many(origin: object, inner: tuple[Any, ...]) -> tuple[_Turn, _Turn]:
    """The same of something that holds values, or may be None."""
    if origin is frozenset:
        return sorted, frozenset
    if origin is tuple:
        write, read = _turns(inner[0])
        return _each(write, list), _each(read, tuple)
    if origin is Mapping:
        write, read = _turns(inner[1])
        return _values(write), _values(read)
    (only,) = (part for part in inner if part is not NoneType)   # X | None
    return _turns(only)


def _each(turn: _Turn, into: Callable[[Any], Any]) -> _Turn:
    return into if turn is None else lambda values: into(map(turn, values))


def _values(turn: _Turn) -> _Turn:
    return dict if turn is None else lambda values: {name: turn(value) for name, value in values.items()}
