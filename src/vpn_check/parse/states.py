"""IKE state words, and how far each says that the negotiation has come (ike-states.md 3-7)."""

from __future__ import annotations

from vpn_check.model.sa import IkePhase

_UP = {"QM_IDLE", "MM_ACTIVE", "AM_ACTIVE", "READY", "UP-ACTIVE", "UP-IDLE", "QM_SA_ACCEPT", "QM_AUTH_AWAIT"}
_DELETED = {"DELETE", "DELETED", "MM_FREE", "MM_DONE", "AM_FREE", "AM_DONE", "IKE_DEST_SA"}


def normalise_state(state: str | None) -> str | None:
    """The state in IOS's or ASA's spelling: upper case, without Oakley's prefix (`OAK_QM_IDLE` is `QM_IDLE`)."""
    if state is None:
        return None
    word = state.strip().upper().removeprefix("OAK_")
    return "AG_NO_STATE" if word == "AG_NOSTATE" else word


def phase_of(state: str | None, *, deleted: bool = False) -> IkePhase:
    """How far an IKE SA in this state is. A deleted entry that never came up is a failed negotiation."""
    word = normalise_state(state)
    if word is None:
        return IkePhase.UNKNOWN
    if word in _UP or "REKEY" in word:
        return IkePhase.DELETED if deleted else IkePhase.UP
    if word in _DELETED:
        return IkePhase.DELETED
    return IkePhase.FAILED if deleted else IkePhase.NEGOTIATING
