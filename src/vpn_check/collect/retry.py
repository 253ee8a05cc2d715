"""What a repeat mends is tried again, a moment later and not at the same moment as everybody else; nothing else is.

An error says itself how many further attempts are worth making (`DeviceError.again`): a reset connection, a banner
that does not come, lines that are all in use. A refused password, a changed host key, a refused command and a missing
algorithm are never tried again. The only file that knows tenacity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import tenacity

from vpn_check.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable

Opened = TypeVar("Opened")


def persist(work: Callable[[], Opened], *, attempts: int, budget: float) -> Opened:
    """Do the work, again where its error says that this may help.

    Args:
        work: opens something, and leaves nothing open when it fails.
        attempts: at most so many.
        budget: seconds after whose end no attempt begins.

    Raises:
        DeviceError: of the last attempt; the hint says how many there were.
    """
    bounds = tenacity.stop_any(tenacity.stop_after_attempt(attempts), tenacity.stop_before_delay(budget))
    trying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda exc: isinstance(exc, DeviceError) and exc.again > 0),
        stop=lambda state: _used_up(state) or bounds(state),
        wait=tenacity.wait_exponential(multiplier=0.2, max=1.0) + tenacity.wait_random(0, 0.4),
        reraise=True,
    )
    try:
        return trying(work)
    except DeviceError as exc:
        made = trying.statistics.get("attempt_number", 1)
        if made > 1:
            exc.hint = f"{exc.hint} {made} attempts were made."
        raise


def _used_up(state: tenacity.RetryCallState) -> bool:
    failure = state.outcome.exception() if state.outcome is not None else None
    return not isinstance(failure, DeviceError) or state.attempt_number > failure.again
