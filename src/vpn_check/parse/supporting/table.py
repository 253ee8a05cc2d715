"""The supporting commands on one screen."""

from __future__ import annotations

from vpn_check.parse.supporting import (
    counters,
    device,
    dmvpn,
    errors_seen,
    gdoi,
    ikev2_counts,
    interfaces,
    maps,
    nat,
    policies,
    proposals,
    routes,
    sessiondb,
    sessions,
)
from vpn_check.parse.supporting.entry import Rows, Supporting


def _sessions(command: str) -> Supporting:
    return Supporting(
        command=command,
        key="sessions",
        rows=sessions.sessions,
        signs=sessions.SIGNS,
        form="show crypto session",
    )


def _dmvpn(command: str) -> Supporting:
    return Supporting(
        command=command, key="dmvpn", rows=dmvpn.dmvpn, signs=dmvpn.SIGNS, form="show dmvpn", also=dmvpn.beside
    )


def _policies(command: str) -> Supporting:
    return Supporting(
        command=command,
        key="policies",
        rows=policies.policies,
        signs=policies.SIGNS,
        form="show crypto isakmp policy",
    )


def _sessiondb(command: str, signs: str = "OTHER_SIGNS") -> Supporting:
    return Supporting(
        command=command,
        key="sessions_db",
        rows=sessiondb.sessions_db,
        signs=getattr(sessiondb, signs),
        form="show vpn-sessiondb",
    )


def _summary(command: str) -> Supporting:
    return Supporting(
        command=command,
        key="sessions_summary",
        rows=sessiondb.summary,
        signs=sessiondb.SUMMARY_SIGNS,
        form="show vpn-sessiondb summary",
        also=sessiondb.load,
    )


def _counters(command: str, signs: str, form: str = "") -> Supporting:
    return Supporting(
        command=command, key="counters", rows=counters.counters, signs=getattr(counters, signs), form=form
    )


def _ikev2_counters(command: str, signs: str) -> Supporting:
    return Supporting(
        command=command,
        key="counters",
        rows=ikev2_counts.ikev2_counters,
        signs=getattr(ikev2_counts, signs),
        form="show crypto ikev2 stats",
    )


def _peers(command: str) -> Supporting:
    return Supporting(
        command=command,
        key="isakmp_peers",
        rows=proposals.isakmp_peers,
        signs=proposals.PEER_SIGNS,
        form="show crypto isakmp peers",
    )


def _gdoi(command: str) -> Supporting:
    return Supporting(command=command, key="gdoi", rows=gdoi.gdoi, signs=gdoi.SIGNS, form="show crypto gdoi")


def _routes(command: str) -> Supporting:
    return Supporting(command=command, key="routes", rows=routes.routes, signs=routes.SIGNS, form="show ip route")


def _device(command: str, key: str, rows: Rows, form: str = "") -> Supporting:
    signs = {"version": device.VERSION_SIGNS, "clock": device.CLOCK_SIGNS, "cpu": device.CPU_SIGNS}[key]
    return Supporting(command=command, key=key, rows=rows, signs=signs, form=form, single=True)


_ALL = (
    _sessions("show crypto session"),
    _sessions("show crypto session detail"),
    _sessions("show crypto session brief"),
    Supporting(command="show crypto map", key="crypto_maps", rows=maps.crypto_maps, signs=maps.SIGNS),
    _policies("show crypto isakmp policy"),
    _policies("show isakmp policy"),
    _policies("show crypto isakmp default policy"),
    _dmvpn("show dmvpn"),
    _dmvpn("show dmvpn detail"),
    _dmvpn("show dmvpn ipv6"),
    Supporting(
        command="show crypto ikev2 diagnose error",
        key="errors",
        rows=errors_seen.errors,
        signs=errors_seen.SIGNS,
        also=errors_seen.exit_path,
    ),
    _sessiondb("show vpn-sessiondb l2l", "L2L_SIGNS"),
    _sessiondb("show vpn-sessiondb detail l2l", "L2L_DETAIL_SIGNS"),
    _sessiondb("show vpn-sessiondb anyconnect", "ANYCONNECT_SIGNS"),
    _sessiondb("show vpn-sessiondb detail anyconnect", "ANYCONNECT_DETAIL_SIGNS"),
    _sessiondb("show vpn-sessiondb detail"),
    _sessiondb("show vpn-sessiondb remote"),
    _sessiondb("show vpn-sessiondb ra-ikev1-ipsec"),
    _sessiondb("show vpn-sessiondb ra-ikev2-ipsec"),
    _summary("show vpn-sessiondb summary"),
    _summary("show vpn-sessiondb"),
    _counters("show crypto engine accelerator statistic", "ENGINE_SIGNS"),
    _counters("show crypto accelerator statistics", "ACCELERATOR_SIGNS"),
    _counters("show crypto protocol statistics", "PROTOCOL_SIGNS", form="show crypto accelerator statistics"),
    _counters("show crypto ipsec stats", "IPSEC_SIGNS"),
    _counters("show ipsec stats", "IPSEC_SIGNS", form="show crypto ipsec stats"),
    _ikev2_counters("show crypto ikev2 stats", "STATS_SIGNS"),
    _ikev2_counters("show crypto ikev2 count", "COUNT_SIGNS"),
    _ikev2_counters("show crypto ipsec sa count", "SA_COUNT_SIGNS"),
    _gdoi("show crypto gdoi"),
    _gdoi("show crypto gdoi gm"),
    Supporting(
        command="show crypto ipsec profile",
        key="ipsec_profiles",
        rows=proposals.ipsec_profiles,
        signs=proposals.PROFILE_SIGNS,
    ),
    Supporting(
        command="show crypto ikev2 proposal",
        key="proposals",
        rows=proposals.ikev2_proposals,
        signs=proposals.PROPOSAL_SIGNS,
    ),
    _peers("show crypto isakmp peers"),
    _peers("show crypto isakmp peers config"),
    _routes("show ip route"),
    _routes("show route"),
    Supporting(command="show interface", key="interfaces", rows=interfaces.interfaces, signs=interfaces.SIGNS),
    Supporting(command="show nat", key="nat_rules", rows=nat.nat_rules, signs=nat.SIGNS),
    _device("show version", "version", device.version),
    _device("show clock", "clock", device.clock),
    _device("show processes cpu", "cpu", device.cpu),
    _device("show cpu usage", "cpu", device.cpu, form="show processes cpu"),
)

SUPPORTING: dict[str, Supporting] = {entry.command: entry for entry in _ALL}
"""The commands that are read besides the SAs themselves, by their full words."""
