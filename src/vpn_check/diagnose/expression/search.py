"""Searching with an expression of a site: with RE2 where it is there, else with the standard library within a bound.

RE2 never backtracks. The standard library does, so an expression is taken only if its worst case over the longest text
that is searched stays small. Either way no log can make the search hang.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from vpn_check.diagnose.expression.cost import worst_steps
from vpn_check.diagnose.expression.syntax import SubsetError, read_expression

LONGEST_TEXT = 1000
"""Characters of a message that are searched; one that decides something is not longer."""
MOST_STEPS = 20_000_000
"""Steps that a search may take at worst, a fraction of a second; the bound is far above what a text can really cost."""


class ExpressionError(ValueError):
    """The expression cannot be used, in a sentence that says what to do."""


class Found(Protocol):
    """What a search gives, as in `re.Match`."""

    def group(self) -> str: ...  # noqa: D102  as in re.Match
    def groupdict(self) -> dict[str, str | None]: ...  # noqa: D102  as in re.Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A compiled expression. `groups` are the names that it captures."""

    text: str
    groups: frozenset[str]
    engine: Any  # re.Pattern, or the same of RE2

    def search(self, text: str) -> Found | None:
        """Look for the expression in the beginning of a text."""
        found: Found | None = self.engine.search(text[:LONGEST_TEXT])
        return found


def compile_safely(text: str) -> Expression:
    """Check and compile an expression of a site.

    Raises:
        ExpressionError: it is no regular expression, uses what is not allowed, or could take too long.
    """
    try:
        tree, groups = read_expression(text)
        steps = worst_steps(tree, LONGEST_TEXT)
    except SubsetError as fault:
        raise ExpressionError(f"{fault}.") from fault
    except RecursionError as error:
        raise ExpressionError("its groups are nested too deeply; write it more simply.") from error
    quick = _re2()
    if quick is not None:
        return Expression(text=text, groups=groups, engine=_compiled_by_re2(quick, text))
    if steps > MOST_STEPS:
        raise ExpressionError(
            "it could take too long on a text made for it. Limit its repetitions ({0,60} in place of *), let each end"
            " at a character that it does not hold itself ([^ ]+ before a blank), do not nest them; or install the"
            " extra `re2`."
        )
    try:
        engine = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ExpressionError(f"it does not compile: {error}.") from error
    return Expression(text=text, groups=groups, engine=engine)


def _compiled_by_re2(engine: Any, text: str) -> Any:  # noqa: ANN401  a module with the interface of re
    options = engine.Options()
    options.log_errors = False
    try:
        return engine.compile(text, options)
    except engine.error as error:
        said = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise ExpressionError(f"RE2 does not take it: {said}.") from error


@cache
def _re2() -> Any:  # noqa: ANN401  the module, where it is installed
    try:
        return import_module("re2")
    except ImportError:
        return None
