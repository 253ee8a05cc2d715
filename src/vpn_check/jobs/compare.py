"""Both ends of a tunnel: asked, or read from what was captured, and compared in each other's light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.ends import join
from vpn_check.diagnose.ends.compare import compare
from vpn_check.errors import UsageError
from vpn_check.jobs.analyze import analyze_ends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.jobs.check import Run
    from vpn_check.model.comparison import Comparison
    from vpn_check.model.device import Device, PlatformName
    from vpn_check.model.finding import Diagnosis


def compare_captured(here: str, there: str, *, platform: PlatformName | None = None,
                     peers: Sequence[str] = ()) -> Comparison:
    """Compare two captures, each a file or a folder of one device.

    Raises:
        InputError: a path does not exist, or nothing in it could be read.
        UsageError: a capture holds several devices.
    """
    ours, theirs = analyze_ends((here,), (there,), platform=platform, peers=peers)
    first, second = _single(ours, here), _single(theirs, there)
    return compare(first, join(second, (first,)))


def _single(found: Sequence[Diagnosis], path: str) -> Diagnosis:
    if len(found) != 1:
        names = ", ".join(diagnosis.device for diagnosis in found)
        raise UsageError(f"{path} holds several devices ({names}), and one end is asked for.",
                         hint="Give the text of one device as a file or folder of its own.")
    return found[0]


def compare_live(here: Device, there: Device, settings: Run) -> Comparison:
    """Ask both ends at the same time, and compare them.

    A device that could not be asked is named in its errors; the other end's own diagnosis stands.
    """
    from vpn_check.jobs.check import check_ends  # noqa: PLC0415  captures need no SSH

    ours, theirs = check_ends(here, there, settings)
    return compare(join(ours, (theirs,)), join(theirs, (ours,)))

