"""The supporting commands on one screen."""

from __future__ import annotations

from vpn_check.parse.supporting import counters, device, dmvpn, errors_seen, maps, policies, sessiondb, sessions
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
    _counters("show crypto ipsec stats", "IPSEC_SIGNS"),
    _counters("show ipsec stats", "IPSEC_SIGNS", form="show crypto ipsec stats"),
    _device("show version", "version", device.version),
    _device("show clock", "clock", device.clock),
    _device("show processes cpu", "cpu", device.cpu),
    _device("show cpu usage", "cpu", device.cpu, form="show processes cpu"),
)

SUPPORTING: dict[str, Supporting] = {entry.command: entry for entry in _ALL}
"""The commands that are read besides the SAs themselves, by their full words."""
