"""What holds for the device as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from vpn_check.model.config.statement import Configured


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemSettings(Configured):
    """Global statements that the checks ask for. None: no statement, the default of the release holds."""

    permit_vpn: bool | None = None
    """`sysopt connection permit-ipsec|permit-vpn`, or `no` of it."""
    tcpmss: int | None = None
    """`sysopt connection tcpmss N`."""
    nat_control: bool | None = None
    intra_interface: bool = False
    """`same-security-traffic permit intra-interface`."""
    management_access: str | None = None
    conduits: bool = False
    ntp_servers: tuple[str, ...] = ()
    aaa_new_model: bool | None = None
    zone_pairs: tuple[tuple[str, str, str], ...] = ()
    """(name, source zone, destination zone); the zone of the device is `self`."""
    control_plane_policy: str | None = None
    failover: bool = False
    contexts: bool = False
    firewall_transparent: bool = False
    licence_level: str | None = None
    """`license boot level X`."""
