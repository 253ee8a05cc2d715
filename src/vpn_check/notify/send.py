"""Sends a message to each service. Only this file knows apprise, and no word that leaves it holds a URL."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from vpn_check.errors import UsageError
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.notify.urls import Address

_KINDS = {Status.CRITICAL: "failure", Status.UNKNOWN: "warning", Status.WARNING: "warning", Status.HEALTHY: "success"}


class Notifier:
    """Tells services, each by itself: one that fails keeps no other from being told.

    Args:
        addresses: whom to tell, see `read_urls`.

    Raises:
        UsageError: apprise is not installed, or does not understand one of the URLs.
    """

    def __init__(self, addresses: Sequence[Address]) -> None:
        try:
            import apprise  # noqa: PLC0415  optional, and slow to load
        except ImportError:
            raise UsageError("Notifications need apprise, and it is not installed.",
                             hint="Type: pip install 'vpn-check[notify]'") from None
        logging.getLogger("apprise").disabled = True   # it logs tokens of URLs that it cannot use
        self._services: list[tuple[Address, Any]] = []
        for address in addresses:
            service = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False))
            if not service.add(address.url):
                raise UsageError(f"Line {address.line} of the notification file ({address.scheme}://...) is no URL "
                                 "that apprise understands.",
                                 hint="Compare it with apprise's page on this service.")
            self._services.append((address, service))

    @property
    def services(self) -> int:
        """How many services there are to tell."""
        return len(self._services)

    def send(self, title: str, body: str, severity: Status) -> tuple[str, ...]:
        """Tell all of them.

        Args:
            title: one line.
            body: plain text.
            severity: the state that the message tells; healthy: all is well again.

        Returns:
            A sentence for each service that did not take the message; empty where all did.
        """
        return tuple(
            f"The notification by {address.scheme} (line {address.line} of the notification file) did not go out."
            for address, service in self._services
            if not service.notify(title=title, body=body, notify_type=_KINDS[severity], body_format="text")
        )
