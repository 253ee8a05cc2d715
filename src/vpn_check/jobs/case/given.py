"""A case out of captured texts, with no device."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vpn_check.jobs.analyze import captures
from vpn_check.jobs.case.build import Built, build
from vpn_check.model.case import End

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.jobs.case.order import Order


def from_files(paths: Sequence[str], order: Order, *, remote: Sequence[str] = (), stdin: bytes | None = None) -> Built:
    """Build a case out of files, folders and bundles, which are read as `analyze` reads them.

    Args:
        paths: what was captured on this end.
        order: the user's wishes.
        remote: what was captured on the other end.
        stdin: what standard input held, where a path is `-`.

    Raises:
        InputError: a path does not exist, or a bundle cannot be read.
    """
    now = datetime.now(UTC)
    here = captures(paths, stdin=stdin)
    there = [replace(capture, end=End.REMOTE) for capture in captures(remote, stdin=stdin)] if remote else []
    if order.peers:
        here = [replace(capture, peers=order.peers) for capture in here]
    return build((*here, *there), order, redactor=order.redactor(), started_at=now, now=now)
