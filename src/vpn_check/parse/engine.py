"""TextFSM, the template language, run so that each fact keeps the line it was read from and no line is lost.

`Template` reads a stock TextFSM template with the stock reader and gives the same rows. Besides, it

* tries only the rules that can match: each rule's regex begins (behind `^` and blanks) with literal text, and the
  line's own first characters select the candidates, in template order;
* resolves the named groups of each rule to Value slots once;
* records, beside every value, the number of the line it came from;
* returns the lines that no rule matched, instead of dropping them or losing the whole parse.

Options known: Filldown, Required, List, Key. A template that needs others is refused when it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

import textfsm

from vpn_check.errors import TemplateError
from vpn_check.parse.literals import literal_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from vpn_check.parse.clean import Line

Row = list[Any]
"""One row: for each Value of the header a string, or a list of strings."""
At = list[Any]
"""For each Value of a row the number of its line, or a list of numbers."""

KEY = _KEY = 8
"""Characters of a line, stripped on the left, by which the rules are looked up."""
SHORT = 5
"""Characters by which a line is known whose rule begins with little literal text (`spi: `)."""
_MEMO = 4096
_KNOWN = {"Filldown", "Required", "List", "Key"}


@dataclass(frozen=True, slots=True)
class _Rule:
    match: Callable[[str], re.Match[str] | None]
    prefix: str
    assigns: tuple[tuple[int, int, bool], ...]
    """What it assigns: the Value's slot, the group's number, whether the Value is a List."""
    effect: _Effect | None
    source: str


@dataclass(frozen=True, slots=True)
class _Effect:
    """What a rule does besides assigning. A rule without one keeps the state and goes on to the next line."""

    line_op: str
    record_op: str
    new_state: str


_Candidates = tuple[
    tuple["Callable[[str], re.Match[str] | None]", tuple[tuple[int, int, bool], ...], _Effect | None], ...
]


def _compile(rule: Any, slots: dict[str, int], lists: set[int]) -> _Rule:  # noqa: ANN401  textfsm has no types
    regex = re.compile(rule.regex)
    plain = rule.line_op in {"", "Next"} and rule.record_op in {"", "NoRecord"} and not rule.new_state
    return _Rule(
        match=regex.match,
        prefix=literal_prefix(rule.regex),
        assigns=tuple(
            (slots[name], number, slots[name] in lists) for name, number in regex.groupindex.items() if name in slots
        ),
        effect=None if plain else _Effect(rule.line_op, rule.record_op, rule.new_state),
        source=rule.match,
    )


@dataclass(slots=True)
class Parsed:
    """What a template made of a text: rows, for each value its line, and the lines that no rule matched."""

    header: tuple[str, ...]
    rows: list[Row]
    at: list[At]
    unmatched: list[Line]


class Template:
    """A compiled template.

    Args:
        text: the template in TextFSM's language.
        name: what to call it in errors.

    Raises:
        TemplateError: the template does not compile, or uses an option that is not known here.
    """

    def __init__(self, text: str, name: str = "template") -> None:
        try:
            fsm: Any = textfsm.TextFSM(StringIO(text))
        except textfsm.TextFSMTemplateError as error:
            raise TemplateError(f"{name}: {error}.", hint="Correct the template.") from error
        self.name = name
        self.header: tuple[str, ...] = tuple(value.name for value in fsm.values)
        options = [set(value.OptionNames()) for value in fsm.values]
        for value, given in zip(fsm.values, options, strict=True):
            if given - _KNOWN:
                raise TemplateError(
                    f"{name}: Value {value.name}: option {', '.join(sorted(given - _KNOWN))} is not supported.",
                    hint=f"Use {', '.join(sorted(_KNOWN))}.",
                )
        slots = {value: index for index, value in enumerate(self.header)}
        self._list = [index for index, given in enumerate(options) if "List" in given]
        self._filldown = {index for index, given in enumerate(options) if "Filldown" in given}
        self._required = [index for index, given in enumerate(options) if "Required" in given]
        self._empty: Row = [""] * len(self.header)
        self._nowhere: At = [0] * len(self.header)
        self._states: dict[str, tuple[_Rule, ...]] = {}
        for state, rules in fsm.states.items():
            self._states[state] = tuple(_compile(rule, slots, set(self._list)) for rule in rules)
        self._memo: dict[str, dict[str, _Candidates]] = {state: {} for state in self._states}
        self._dull: dict[str, set[str]] = {state: set() for state in self._states}
        """Lines met that give nothing and change nothing: met again, they need no rule."""

    @classmethod
    def read(cls, path: Path) -> Template:
        """Read a template file; TemplateError names the file."""
        try:
            return cls(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(f"{path}: cannot be read: {error}.", hint="Reinstall the package.") from error

    def rules(self) -> Iterable[tuple[str, str, Callable[[str], re.Match[str] | None]]]:
        """Every rule as (state, text of the rule, matcher): for tests that try them on hostile lines."""
        for state, rules in self._states.items():
            for rule in rules:
                yield state, rule.source, rule.match

    def _candidates(self, state: str, key: str) -> _Candidates:
        """The rules that a line which begins with this key may match, in template order."""
        memo = self._memo[state]
        if len(memo) > _MEMO:
            memo.clear()
        found = tuple(
            (rule.match, rule.assigns, rule.effect)
            for rule in self._states[state]
            if key.startswith(rule.prefix[:_KEY])
        )
        memo[key] = found
        return found

    def starts(self) -> frozenset[str]:
        """How the lines begin that the template knows for sure: `KEY` characters, or `SHORT` of a rule with fewer."""
        prefixes = {rule.prefix for rules in self._states.values() for rule in rules}
        return frozenset(
            prefix[:KEY] if len(prefix) >= KEY else prefix[:SHORT] for prefix in prefixes if len(prefix) >= SHORT
        )

    def parse(self, lines: Iterable[Line]) -> Parsed:
        """Run the template over numbered lines.

        Raises:
            TemplateError: a rule of the template says Error.
        """
        return self.run().feed(lines).finish()

    def run(self) -> Run:
        """Begin a run that is fed in pieces."""
        return Run(self)


class Run:
    """One run of a template: the current row, the state, what came out so far."""

    __slots__ = ("_at", "_row", "_state", "_template", "at", "rows", "unmatched")

    def __init__(self, template: Template) -> None:
        self._template = template
        self._state = "Start"
        self.rows: list[Row] = []
        self.at: list[At] = []
        self.unmatched: list[Line] = []
        self._row: Row = []
        self._at: At = []
        self._clear(everything=True)

    def _clear(self, *, everything: bool) -> None:
        template = self._template
        row: Row = template._empty.copy()  # noqa: SLF001  one machine in two classes
        at: At = template._nowhere.copy()  # noqa: SLF001
        for slot in template._list:  # noqa: SLF001
            row[slot], at[slot] = [], []
        if not everything:
            for slot in template._filldown:  # noqa: SLF001
                row[slot], at[slot] = self._row[slot], self._at[slot]
        self._row, self._at = row, at

    def _record(self) -> None:
        row = self._row
        if all(row[slot] for slot in self._template._required) and any(row):  # noqa: SLF001
            self.rows.append(row)
            self.at.append(self._at)
        self._clear(everything=False)

    def feed(self, lines: Iterable[Line]) -> Run:  # noqa: C901, PLR0912  the inner loop: a call costs more than a branch
        """Run over further lines; TemplateError where a rule says Error."""
        template = self._template
        memo = template._memo[self._state]  # noqa: SLF001
        dull = template._dull[self._state]  # noqa: SLF001
        row, at = self._row, self._at
        touched = 0  # the last line at which a rule did something and let others go on
        for number, line in lines:
            if line in dull:
                continue
            key = line.lstrip()[:_KEY]
            rules = memo.get(key)
            if rules is None:
                rules = template._candidates(self._state, key)  # noqa: SLF001
            for match, assigns, effect in rules:
                found = match(line)
                if found is None:
                    continue
                for slot, group, is_list in assigns:
                    value = found[group]
                    if value is None:
                        continue
                    if is_list:
                        row[slot].append(value)
                        at[slot].append(number)
                    else:
                        row[slot] = value
                        at[slot] = number
                if effect is None:
                    if not assigns and touched != number and len(dull) < _MEMO:
                        dull.add(line)
                    break
                if effect.record_op:
                    self._operate(effect.record_op)
                    row, at = self._row, self._at
                if effect.line_op == "Continue":
                    touched = number
                    continue
                if effect.line_op == "Error":
                    raise TemplateError(
                        f"{template.name}: line {number} is refused by one of its rules.",
                        hint="Report the output that it was run on.",
                    )
                if effect.new_state:
                    self._state = effect.new_state
                    if self._state == "End":
                        return self
                    memo = template._memo[self._state]  # noqa: SLF001
                    dull = template._dull[self._state]  # noqa: SLF001
                break
            else:
                if key:
                    self.unmatched.append((number, line))
                elif len(dull) < _MEMO:
                    dull.add(line)
        return self

    def _operate(self, operation: str) -> None:
        if operation == "Record":
            self._record()
        elif operation == "Clear":
            self._clear(everything=False)
        elif operation == "Clearall":
            self._clear(everything=True)

    def drain(self) -> Parsed:
        """The rows that are finished so far; they are not kept."""
        parsed = Parsed(header=self._template.header, rows=self.rows, at=self.at, unmatched=self.unmatched)
        self.rows, self.at, self.unmatched = [], [], []
        return parsed

    def finish(self) -> Parsed:
        """End the run: the last row is recorded as the template says."""
        if self._state != "End" and "EOF" not in self._template._states:  # noqa: SLF001
            self._record()
        return self.drain()
