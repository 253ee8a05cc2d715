"""What is known of one supporting command: where its rows go, how they are made, how pasted text of it looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vpn_check.parse.engine import Parsed

Rows = Callable[[Parsed], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporting:
    """One command that supports the diagnosis.

    Args:
        command: the full words.
        key: the name of the list in the document.
        rows: from what the template gave to the objects of that list.
        signs: a line by which pasted text of this command is recognised without its command.
        form: the command that the template is filed under, where it is shared; else the command itself.
        single: there is one object, not a list.
        also: more keys of the document, beside the list.
    """

    command: str
    key: str
    rows: Rows
    signs: re.Pattern[str]
    form: str = ""
    single: bool = False
    also: Callable[[Parsed], dict[str, Any]] | None = None

    @property
    def template(self) -> str:
        """The command that the template is filed under."""
        return self.form or self.command

    def document(self, parsed: Parsed) -> dict[str, Any]:
        """The part of the document that this command fills. A single object that is not there leaves its key out."""
        rows = self.rows(parsed)
        body: dict[str, Any] = {}
        if not self.single:
            body[self.key] = rows
        elif rows:
            body[self.key] = rows[0]
        if self.also is not None:
            body |= self.also(parsed)
        return body
