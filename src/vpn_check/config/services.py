"""Names of protocols, ports and ICMP types as IOS, ASA and PIX write them (IANA numbers)."""

from __future__ import annotations

PROTOCOLS: dict[str, int | None] = {
    "ip": None, "ipv4": None, "ipv6": None, "icmp": 1, "icmp6": 58, "igmp": 2, "ipinip": 4, "tcp": 6, "igrp": 9,
    "udp": 17, "gre": 47, "esp": 50, "ah": 51, "ahp": 51, "eigrp": 88, "ospf": 89, "nos": 94, "pim": 103, "pcp": 108,
    "ipcomp": 108, "snp": 109, "pptp": 47, "ipsec": 50, "sctp": 132,
}  # fmt: skip

PORTS: dict[str, int] = {
    "aol": 5190, "bgp": 179, "biff": 512, "bootpc": 68, "bootps": 67, "chargen": 19, "cifs": 3020, "citrix-ica": 1494,
    "cmd": 514, "connectedapps-plain": 15001, "connectedapps-tls": 15002, "ctiqbe": 2748, "daytime": 13, "discard": 9,
    "dnsix": 195, "domain": 53, "drip": 3949, "echo": 7, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20,
    "gopher": 70, "h323": 1720, "hostname": 101, "http": 80, "https": 443, "ident": 113, "imap4": 143, "irc": 194,
    "isakmp": 500, "kerberos": 750, "klogin": 543, "kshell": 544, "ldap": 389, "ldaps": 636, "login": 513,
    "lotusnotes": 1352, "lpd": 515, "mobile-ip": 434, "msrpc": 135, "nameserver": 42, "netbios-dgm": 138,
    "netbios-ns": 137, "netbios-ss": 139, "netbios-ssn": 139, "nfs": 2049, "nntp": 119, "non500-isakmp": 4500,
    "ntp": 123, "pcanywhere-data": 5631, "pcanywhere-status": 5632, "pim-auto-rp": 496, "pop2": 109, "pop3": 110,
    "pptp": 1723, "radius": 1645, "radius-acct": 1646, "rip": 520, "ripv6": 521, "rsh": 514, "rtsp": 554,
    "secureid-udp": 5510, "sip": 5060, "smtp": 25, "snmp": 161, "snmptrap": 162, "sqlnet": 1521, "ssh": 22,
    "sunrpc": 111, "syslog": 514, "tacacs": 49, "tacacs-ds": 49, "talk": 517, "telnet": 23, "tftp": 69, "time": 37,
    "uucp": 540, "vxlan": 4789, "who": 513, "whois": 43, "www": 80, "xdmcp": 177, "msexch-routing": 691,
}  # fmt: skip

ICMP_TYPES: dict[str, tuple[int, int | None]] = {
    "echo-reply": (0, None), "unreachable": (3, None), "net-unreachable": (3, 0), "host-unreachable": (3, 1),
    "protocol-unreachable": (3, 2), "port-unreachable": (3, 3), "packet-too-big": (3, 4), "source-quench": (4, None),
    "redirect": (5, None), "alternate-address": (6, None), "echo": (8, None), "router-advertisement": (9, None),
    "router-solicitation": (10, None), "time-exceeded": (11, None), "ttl-exceeded": (11, 0),
    "reassembly-timeout": (11, 1), "parameter-problem": (12, None), "timestamp-request": (13, None),
    "timestamp-reply": (14, None), "information-request": (15, None), "information-reply": (16, None),
    "mask-request": (17, None), "mask-reply": (18, None), "traceroute": (30, None), "conversion-error": (31, None),
    "mobile-redirect": (32, None), "administratively-prohibited": (3, 13),
}  # fmt: skip
ICMP6_TYPES: dict[str, tuple[int, int | None]] = {
    "unreachable": (1, None), "packet-too-big": (2, None), "time-exceeded": (3, None), "parameter-problem": (4, None),
    "echo": (128, None), "echo-request": (128, None), "echo-reply": (129, None), "membership-query": (130, None),
    "router-solicitation": (133, None), "router-advertisement": (134, None), "neighbor-solicitation": (135, None),
    "nd-ns": (135, None), "nd-na": (136, None), "neighbor-advertisement": (136, None), "redirect": (137, None),
}  # fmt: skip


def port(word: str) -> int | None:
    """The number of a port; None where the word is no port."""
    if word.isdigit():
        number = int(word)
        return number if number <= 0xFFFF else None  # noqa: PLR2004  16 bits
    return PORTS.get(word)


def protocol(word: str) -> tuple[bool, int | None]:
    """Whether the word is a protocol, and its number (None: any)."""
    if word.isdigit() and int(word) <= 0xFF:  # noqa: PLR2004  8 bits
        return True, int(word)
    return word in PROTOCOLS, PROTOCOLS.get(word)
