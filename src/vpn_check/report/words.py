"""Values as both JSON documents write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.sa import TrafficCounters


def word(value: object) -> str | None:
    """An address or a selector as text; None stays None."""
    return None if value is None else str(value)


def spi_word(spi: int | None) -> str | None:
    """An SPI in hexadecimal; None where the device printed none."""
    return None if spi is None else f"0x{spi:X}"


def counted(counters: TrafficCounters) -> dict[str, int | None]:
    """The counters of a flow by name; None: not printed, never 0."""
    return {
        "encaps": counters.encaps,
        "encrypt": counters.encrypt,
        "digest": counters.digest,
        "decaps": counters.decaps,
        "decrypt": counters.decrypt,
        "verify": counters.verify,
        "send_errors": counters.send_errors,
        "recv_errors": counters.recv_errors,
        **counters.errors,
    }
