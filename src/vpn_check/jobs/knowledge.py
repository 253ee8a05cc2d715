"""What the catalogue knows, for a reader: pages and tables; and the signatures that a site brings along."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from vpn_check.diagnose.causes import Cause, causes
from vpn_check.diagnose.lookup import look_up, suggestions
from vpn_check.diagnose.pages import cause_page, message_page, table
from vpn_check.diagnose.site_signatures import load_site
from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from vpn_check.diagnose.signature import Signature
    from vpn_check.model.device import PlatformName
    from vpn_check.model.knowledge import KnowledgeTable, Page

_SHOWN = 80  # characters of what was typed, in an error


def explain(words: str, *, platform: PlatformName | None = None) -> list[Page]:
    """The pages of what is meant: a cause code, a message by its id or number, or a line of a log.

    Raises:
        UsageError: nothing is known of it; the sentence names what is near.
    """
    found = look_up(words)
    if not found:
        raise UsageError(f"Nothing is known of `{shorten(words, _SHOWN)}`.", hint=_near(words[:_SHOWN]))
    return [
        cause_page(item, platform) if isinstance(item, Cause) else message_page(item, platform) for item in found
    ]


def knowledge_table(*, platform: PlatformName | None = None, cause: str | None = None) -> KnowledgeTable:
    """The causes and messages; `cause` is a code, or the beginning of several up to the dot (`ike`).

    Raises:
        UsageError: there is no such cause.
    """
    if cause is None:
        return table(platform=platform)
    codes = [code for code in causes() if code == cause or code.startswith(cause.rstrip(".") + ".")]
    if not codes:
        raise UsageError(f"`{cause}` is no cause code.", hint=_near(cause))
    return table(platform=platform, codes=codes)


def site_signatures(folder: Path | None) -> tuple[Signature, ...]:
    """The signatures of a folder; none where no folder is named.

    Raises:
        SignatureError: some cannot be used; one line a fault, with file and line.
    """
    return load_site(folder) if folder is not None else ()


def _near(words: str) -> str:
    near = suggestions(words)
    listed = "`vpn-check catalogue` lists all."
    return f"Did you mean {', '.join(near)}? {listed}" if near else f"Try a cause code or a message's number; {listed}"
