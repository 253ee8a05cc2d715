"""Put a case on the disk: the bundle, and beside it the private file that tells the stand-ins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vpn_check.bundle.write import new_file, write_bundle
from vpn_check.errors import UsageError
from vpn_check.model.case import Stored

if TYPE_CHECKING:
    from vpn_check.jobs.case.build import Built
    from vpn_check.jobs.case.order import Order


def store(built: Built, order: Order) -> Stored:
    """Write it.

    Raises:
        UsageError: something stands there already, or the disk does not take it.
    """
    stand_ins: str | None = None
    if built.stand_ins:
        with new_file(order.stand_ins) as file:
            file.write((json.dumps(built.stand_ins, indent=1, ensure_ascii=False) + "\n").encode())
        stand_ins = str(order.stand_ins)
    try:
        digest = write_bundle(order.out, built.manifest, built.files)
    except UsageError:
        if stand_ins is not None:
            order.stand_ins.unlink()  # ours, and of a bundle that there is not
        raise
    return Stored(
        path=str(order.out),
        size=order.out.stat().st_size,
        sha256=digest,
        stand_ins=stand_ins,
        files=len(built.files) + 1,
    )
