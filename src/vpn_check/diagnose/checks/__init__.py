"""The configuration checks, as a table. Each file is one check; its docstring is the page of it.

A check is silent unless it is sure; what is missing from a fragment of a configuration is not missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.checks import (
    c00_image,
    c01_entry_complete,
    c02_map_applied,
    c03_ike_enabled,
    c04_phase1,
    c05_phase2,
    c06_acls_mirrored,
    c07_line_type,
    c08_overlap,
    c09_nat_exemption,
    c10_shared_acl,
    c11_route,
    c12_peer_route,
    c13_pool,
    c14_permit_vpn,
    c15_vpn_filter,
    c16_split_tunnel,
    c17_outside_acl,
    c18_mtu,
    c19_weak,
    c20_no_integrity,
    c21_replay_off,
    c22_identity,
    c23_nat_traversal,
    c24_pfs,
    c25_lifetimes,
    c26_dead_peers,
    c27_idle,
    c28_xauth,
    c29_tunnel_group,
    c30_protection,
    c31_map_and_tunnel,
    c32_redundancy,
    c33_certificates,
    c34_same_networks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vpn_check.diagnose.audit import Audit
    from vpn_check.model.finding import Finding

    Check = Callable[[Audit], Iterable[Finding]]

CHECKS: dict[str, Check] = {
    "C00": c00_image.judge,
    "C01": c01_entry_complete.judge,
    "C02": c02_map_applied.judge,
    "C03": c03_ike_enabled.judge,
    "C04": c04_phase1.judge,
    "C05": c05_phase2.judge,
    "C06": c06_acls_mirrored.judge,
    "C07": c07_line_type.judge,
    "C08": c08_overlap.judge,
    "C09": c09_nat_exemption.judge,
    "C10": c10_shared_acl.judge,
    "C11": c11_route.judge,
    "C12": c12_peer_route.judge,
    "C13": c13_pool.judge,
    "C14": c14_permit_vpn.judge,
    "C15": c15_vpn_filter.judge,
    "C16": c16_split_tunnel.judge,
    "C17": c17_outside_acl.judge,
    "C18": c18_mtu.judge,
    "C19": c19_weak.judge,
    "C20": c20_no_integrity.judge,
    "C21": c21_replay_off.judge,
    "C22": c22_identity.judge,
    "C23": c23_nat_traversal.judge,
    "C24": c24_pfs.judge,
    "C25": c25_lifetimes.judge,
    "C26": c26_dead_peers.judge,
    "C27": c27_idle.judge,
    "C28": c28_xauth.judge,
    "C29": c29_tunnel_group.judge,
    "C30": c30_protection.judge,
    "C31": c31_map_and_tunnel.judge,
    "C32": c32_redundancy.judge,
    "C33": c33_certificates.judge,
    "C34": c34_same_networks.judge,
}
"""Every check by its identifier."""
