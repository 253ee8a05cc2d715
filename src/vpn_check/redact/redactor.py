"""A whole case without its secrets: many texts, one memory of what was met in them."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.redact import second_net
from vpn_check.redact.addresses import AddressBook
from vpn_check.redact.material import ANNOUNCES, BEGIN, DUMP, END, is_public, mask_material, speaks_of_keys
from vpn_check.redact.names import NameBook
from vpn_check.redact.secrets import MASK, is_masked, mask_values
from vpn_check.redact.values import ValueBook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ODD = re.compile(r"[^\t\x20-\x7e]|\\|More")
_KEY_TABLE = re.compile(r"\b[Pp]re-?[Ss]hared [Kk]ey\s*$")
_KEY_ROW = re.compile(r"^(?P<before>\s*\S.*?\s{2,})(?P<key>\S+)(?P<after>\s*)$")
_PROMPT = re.compile(
    r"^\s{0,3}[A-Za-z][\w.\-/]*(?:\([\w-]+\))?[#>]\s*(?:$|(?:sh|sho|show|debug|undebug|no|ping|conf\w*|clear|more|term\w*|enable|exit|end|crypto)\b)"
)
_HOST = re.compile(
    r"^\s{0,3}(?:(?P<prompt>[A-Za-z][\w.\-/]*)(?:\([\w-]+\))?[#>]\s*(?:$|(?:sh|sho|show|debug|conf\w*|term\w*|enable|more)\b)"
    r"|hostname\s(?P<name>\S+)\s*$)"
)
_PEM_HEADER = re.compile(r"^\s*(?:Proc-Type|DEK-Info): ")
_DANGLING = re.compile(
    r"\b(?:pre-shared-key(?: (?:local|remote|hex))*|isakmp key(?: \d)?|password(?: \d)?|secret(?: \d)?|key-string(?: \d)?|"
    r"snmp-server community)\s*$",
    re.IGNORECASE,
)
_DANGLING_ENDS = ("key", "local", "remote", "hex", "password", "secret", "key-string", "community", *"0123456789")
_FIRST_WORD = re.compile(r"\S+")
_WIDTHS = {79, 80, 131, 132}
"""Lengths of lines that a terminal may have broken in the middle of a word."""
_LONGEST = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is replaced besides secrets. Addresses go together with the names of hosts, domains and people."""

    users: bool = False
    addresses: bool = False


class Redactor:
    """Takes secrets out of the texts of one case.

    What is met in one text is known in all of them, so every text is to be shown to `learn` before the first is
    redacted; one that comes later is learned from as it is redacted.

    Args:
        wishes: what goes besides secrets.
        tidy: frees a line of what a terminal would act on; a secret must not hide behind an escape sequence.
        salt: of the addresses' stand-ins; None: a new one.
    """

    def __init__(self, wishes: Wishes, *, tidy: Callable[[str], str] = str, salt: bytes | None = None) -> None:
        ordinary = second_net.reserved_words()
        self.wishes = wishes
        self.values = ValueBook(ordinary=ordinary)
        self.names = NameBook(users=wishes.users or wishes.addresses, hosts=wishes.addresses, ordinary=ordinary)
        self.addresses = AddressBook(salt or secrets.token_bytes(16)) if wishes.addresses else None
        self.masked = 0
        self._tidy = tidy

    def learn(self, text: str) -> None:
        """Remember the secrets, names and addresses that a text shows."""
        for line in self._redacted(text, everywhere=False):
            self.names.learn(line)
            if self.addresses is not None:
                self.addresses.learn(line)
            host = _HOST.match(line) if "#" in line or ">" in line or "hostname" in line else None
            if host is not None:
                self.values.names.add(host["prompt"] or host["name"])

    def redact(self, text: str) -> str:
        """The text without secrets. Line for line: the numbers of its lines stay."""
        before = len(self.values)
        done = "".join(self._redacted(text, everywhere=True))
        if len(self.values) != before:  # it told of secrets that its first lines may show as well
            done = "".join(self._redacted(text, everywhere=True))
        self.masked += done.count(MASK[:-1])
        return done

    def word(self, name: str) -> str:
        """A device's or file's name without what may not be shown."""
        return self._elsewhere(self.names.host(name) if name in self.names.pairs() else name)

    def survivors(self, text: str) -> int:
        """How many of the secrets met a finished text still shows: more than none, and it must not be shown."""
        return self.values.survivors(text)

    def stand_ins(self) -> dict[str, dict[str, str]]:
        """What was replaced by what: addresses and names, no secret."""
        addresses = self.addresses.pairs() if self.addresses is not None else {}
        return {"addresses": addresses, "names": self.names.pairs()}

    # -- one text ----------------------------------------------------------------------------------------------------

    def _redacted(self, text: str, *, everywhere: bool) -> Iterator[str]:
        walk = _Walk(self)
        for line, end in _lines(text):
            shown = line
            odd = _ODD.search(line) is not None
            if odd:
                shown = _unescaped(self._tidy(line))
            done = walk.line(shown)
            if everywhere:
                done = self._elsewhere(done)
            yield (line if odd and done == shown else done) + end

    def _elsewhere(self, line: str) -> str:
        line = self.values.redact(line)
        if self.names.users:
            line = self.names.redact(line)
        return self.addresses.redact(line) if self.addresses is not None else line


class _Walk:
    """One pass over the lines of a text: some secrets take several."""

    def __init__(self, redactor: Redactor) -> None:
        self._book = redactor.values
        self._hide_certificates = redactor.wishes.addresses
        self._pem: bool | None = None
        """Inside a PEM block: whether its body is hidden."""
        self._dump = False
        self._table = False
        self._cut = False
        """The line before ended where its value should stand, or with a value at the terminal's edge."""

    def line(self, line: str) -> str:
        """The line without its secrets."""
        if len(line) > _LONGEST:
            return f"<a line of {len(line)} characters was removed>"
        if self._pem is not None:
            return self._in_pem(line)
        begin = BEGIN.search(line) if "-----BEGIN" in line else None
        if begin is not None and END.search(line) is None:
            self._pem = self._hide_certificates or not is_public(begin["what"])
            return line
        if self._cut:
            return self._continued(line)
        return self._row(line) if self._table else self._dumped(line)

    def _dumped(self, line: str) -> str:
        """A line that may be one of a dump of key material."""
        if self._dump:
            if not line.strip():
                return line
            dumped = DUMP.match(line)
            if dumped is not None:
                return f"{dumped['stamp']}{MASK}"
            self._dump = False
        return self._plain(line)

    def _plain(self, line: str) -> str:
        masked = mask_material(mask_values(line, self._book.mask), MASK)
        small = line.lower()
        if masked == line and second_net.may_find(small):
            masked = second_net.cut(line, MASK)
        keys = speaks_of_keys(small)
        self._dump = keys and ANNOUNCES.search(line) is not None
        self._table = keys and _KEY_TABLE.search(line) is not None
        broken = masked != line and len(line) in _WIDTHS and masked.endswith(">")
        self._cut = broken or (small.rstrip().endswith(_DANGLING_ENDS) and _DANGLING.search(line) is not None)
        return masked

    def _in_pem(self, line: str) -> str:
        hidden = self._pem
        if END.search(line) is not None:
            self._pem = None
            return line
        if _PROMPT.match(line) is not None or (" " in line.strip() and _PEM_HEADER.match(line) is None):
            self._pem = None
            return self._plain(line)
        return MASK if hidden and line.strip() else line

    def _continued(self, line: str) -> str:
        plain = self._plain(line)
        first = _FIRST_WORD.match(line)  # a new line of a configuration, or a prompt, would not begin so
        if plain != line or first is None or is_masked(first[0]) or _PROMPT.match(line) is not None:
            return plain
        if first[0].lower() in second_net.reserved_words() or first[0] == "!":
            return plain
        return f"{self._book.mask('', first[0])}{line[first.end() :]}"

    def _row(self, line: str) -> str:
        if not line.strip():
            return line
        row = _KEY_ROW.match(line)
        if row is None or _PROMPT.match(line) is not None:
            self._table = False
            return self._plain(line)
        if is_masked(row["key"]):
            return line
        return f"{row['before']}{self._book.mask('', row['key'])}{row['after']}"


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Lines and their ends; carriage returns alone end lines where there is no line feed."""
    mark = "\n" if "\n" in text or "\r" not in text else "\r"
    start = 0
    while start < len(text):
        at = text.find(mark, start)
        stop = len(text) if at < 0 else at
        line, end = text[start:stop], text[stop : stop + 1]
        if line.endswith("\r"):
            bare = line.rstrip("\r")
            line, end = bare, line[len(bare) :] + end
        yield line, end
        start = stop + 1


_ESCAPED = re.compile(r"\\([_#*<>\-\[\]])")


def _unescaped(line: str) -> str:
    return _ESCAPED.sub(r"\1", line)
