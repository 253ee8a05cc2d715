"""Answers as they come: text is written device by device, JSON at the end, and an interrupt reports what was done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from vpn_check.cli.options import answer, text_report
from vpn_check.model.finding import DeviceFault, Diagnosis, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vpn_check.cli.progress import Progress
    from vpn_check.model.device import Device

INTERRUPTED = 130


def stream(
    devices: Sequence[Device],
    outcomes: Iterable[Diagnosis],
    progress: Progress,
    *,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    verbose: bool = False,
) -> int:
    """Write the answers of a run and return the exit code.

    Ctrl-C ends the run: what is done is reported, and every other device is named as not finished; the code is 130.
    """
    text = None if as_json or quiet else text_report(no_color=no_color, verbose=verbose)
    done: dict[str, Diagnosis] = {}
    interrupted = False
    with progress:
        try:
            for diagnosis in outcomes:
                progress.done(diagnosis)
                done[diagnosis.device] = diagnosis if text is None else _without_facts(diagnosis)
                if text is not None:
                    with progress.aside():
                        text.add(diagnosis)
                        sys.stdout.flush()
        except KeyboardInterrupt:
            interrupted = True
    for device in devices:
        if device.name not in done:
            done[device.name] = _unfinished(device.name, begun=device.name in progress.begun_names)
            if text is not None:
                text.add(done[device.name])
    ordered = [done[device.name] for device in devices]
    if text is None:
        code = answer(ordered, as_json=as_json, quiet=quiet, no_color=no_color)
    else:
        text.close()
        code = Status.worst([diagnosis.status for diagnosis in ordered]).exit_code
    return INTERRUPTED if interrupted else code


def _without_facts(diagnosis: Diagnosis) -> Diagnosis:
    """What the summary needs of an answer that is written already; a fleet's facts would fill the memory."""
    return Diagnosis(device=diagnosis.device, status=diagnosis.status)


def _unfinished(name: str, *, begun: bool) -> Diagnosis:
    message = f"{name}: {'not finished' if begun else 'not begun'} when the run was interrupted."
    return Diagnosis(device=name, status=Status.UNKNOWN, errors=(DeviceFault(step="interrupted", message=message),))
