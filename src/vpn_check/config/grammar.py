"""Which statements open a section, and which stand in it: what tells where a line belongs without indentation."""

from __future__ import annotations

import re

_SECTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "interface",
        r"interface\s+\S+",
        r"nameif\s+\S+\s*$|security-level\s|ip\s+(?:address\s+(?!\S+\s+\d+\.\d+\.\d+\.\d+\s+\d+\.)|mtu\s|nat\s+(?:inside|outside|enable)\s*$|"
        r"tcp\s|access-group\s|nhrp\s|policy\s+route|verify\s|unnumbered|redirects|unreachables|proxy-arp|ospf\s|vrf\s+forwarding|"
        r"virtual-reassembly|flow\s|igmp|pim|summary-address|hold-time|hello-interval|split-horizon|next-hop-self|bandwidth-percent)|"
        r"ipv6\s+(?:address|mtu|nd|traffic-filter|enable|tcp)|mtu\s+\d+\s*$|crypto\s+map\s+\S+(?:\s+redundancy\s+\S.*)?$|tunnel\s|"
        r"shutdown|description\s|standby\s|vrf\s+forwarding|zone-member\s|encapsulation\s|duplex\s|speed\s|service-policy\s|"
        r"bandwidth\s|delay\s|keepalive|ppp\s|pppoe|dialer|switchport|vlan\s+\d|crypto\s+ipsec\s+(?:client|df-bit\s+\w+$|fragmentation\s+\S+$)|"
        r"load-interval|negotiation|arp\s|channel-group|media-type|management-only|peer\s+default|source\s",
    ),
    (
        "policy",
        r"crypto\s+(?:isakmp|ikev1|ikev2)\s+(?:policy|proposal)\s+\S+",
        r"auth\w*\s|encr\w*\s|hash\s|integrity\s|prf\s|group\s|lifetime\s|proposal\s|match\s+(?:fvrf|address\s+local)",
    ),
    (
        "map",
        r"crypto\s+(?:dynamic-)?map\s+(?:ipv6\s+)?\S+\s+\d+\s*(?:(?:ipsec-isakmp|ipsec-manual|gdoi|isakmp)(?:\s+(?:dynamic|profile)\s.*)?)?\s*$",
        r"set\s|match\s+address|description\s|reverse-route|qos\s|client\s",
    ),
    ("profile", r"crypto\s+ipsec\s+profile\s", r"set\s|responder-only|description\s|redundancy\s|reverse-route|isakmp-profile"),
    ("transform", r"crypto\s+ipsec\s+(?:ikev1\s+)?transform-set\s", r"mode\s+(?:tunnel|transport|require)|initialization-vector"),
    ("proposal", r"crypto\s+ipsec\s+ikev2\s+ipsec-proposal\s", r"protocol\s+(?:esp|ah)"),
    ("keyring", r"crypto\s+keyring\s", r"pre-shared-key\s|rsa-pubkey\s|local-address\s|description\s"),
    ("keyring2", r"crypto\s+ikev2\s+keyring\s", r"peer\s+\S+\s*$"),
    ("peer", r"peer\s+\S+\s*$", r"address\s|pre-shared-key\s|identity\s|hostname\s|description\s"),
    (
        "isakmp profile",
        r"crypto\s+isakmp\s+profile\s",
        r"keyring\s|match\s+(?:identity|certificate)|self-identity|vrf\s|description\s|client\s|keepalive\s|initiate\s|isakmp\s+auth|"
        r"accounting|ca\s+trust-point|local-address|virtual-template|send|qos|no-xauth|match\s+local",
    ),
    (
        "ikev2 profile",
        r"crypto\s+ikev2\s+profile\s",
        r"match\s+(?:identity|certificate|fvrf|address)|identity\s+local|authentication\s|keyring\s|pki\s|dpd\s|lifetime\s|aaa\s|"
        r"virtual-template|ivrf\s|nat\s+(?:force|keepalive)|description\s|config-|redirect|reconnect|initial-contact|anyconnect|ppk",
    ),
    (
        "client group",
        r"crypto\s+isakmp\s+client\s+configuration\s+group\s",
        r"key\s|pool\s|acl\s|dns\s|wins\s|domain\s|save-password|netmask|max-|include-local|group-lock|banner|split-dns|backup-|firewall|"
        r"access-restrict|pfs|browser",
    ),
    ("acl", r"ip(?:v6)?\s+access-list\s+(?!resequence|log)|(?:Extended|Standard|Reflexive)\s+IP\s+access\s+list\s|IPv6\s+access\s+list\s", r"(?:\d+\s+)?(?:permit|deny|remark)\s|sequence\s+\d+|evaluate\s|dynamic\s"),
    ("object", r"object\s+(?:network|service)\s", r"host\s|subnet\s|range\s|fqdn\s|service\s|nat\s+\(\S+,\S+\)\s+(?:static|dynamic)|description\s"),
    (
        "group",
        r"object-group\s+(?:network|service|protocol|icmp-type|user|security)\s",
        r"(?:network|port|service|protocol|icmp|group)-object\s|description\s|host\s|range\s|any\s*$|\d+\.\d+\.\d+\.\d+\s|"
        r"(?:tcp|udp|tcp-udp|ip|icmp|esp|gre|ahp)(?:\s+(?:source|eq|range|gt|lt|neq)\s.*)?\s*$|(?:tcp|udp|tcp-udp)\s+\S+\s*$",
    ),
    (
        "tunnel-group",
        r"tunnel-group\s+\S.*\s\S*-attributes\s*$",
        r"ikev[12]\s|isakmp\s|pre-shared-key\s|trust-point\s|peer-id-validate\s|default-group-policy\s|address-pool\s|"
        r"authentication|authorization|accounting|chain|group-alias|group-url|strip-|radius|dhcp-server|password-management|secondary|client-bypass",
    ),
    (
        "group-policy",
        r"group-policy\s+\S.*\sattributes\s*$",
        r"vpn-|split-|dns-server|wins-server|default-domain|banner\s|pfs\s|address-pools|ip-comp|re-xauth|group-lock|ipsec-udp|webvpn|"
        r"password-storage|backup-servers|client-|dhcp-network|nem|leap-|msie|smartcard|user-authentication|secure-unit|ip-phone",
    ),
    ("route-map", r"route-map\s+\S+(?:\s+(?:permit|deny))?(?:\s+\d+)?\s*$", r"match\s+(?!address\s+local|identity|fvrf)|set\s+(?!peer|transform-set|pfs|security-association|ikev)|continue|description\s"),
    (
        "trustpoint",
        r"crypto\s+(?:ca|pki)\s+trustpoint\s",
        r"enrollment|revocation-check|subject-name|fqdn|rsakeypair|keypair|ip-address|serial-number|crl|usage|password|fingerprint|"
        r"auto-enroll|source|vrf\s|subject-alt-name|email|id-usage|validation-usage|chain-validation|hash|eku|match",
    ),
    ("chain", r"crypto\s+(?:ca|pki)\s+certificate\s+chain\s", r"certificate\s|crl\s"),
    ("certificate", r"certificate\s+(?:ca\s+|self-signed\s+|ra-\S+\s+)?[0-9A-Fa-f]+", r"[0-9A-Fa-f]{8}(?:\s|$)|[0-9A-Fa-f]{2,8}\s*$"),
    ("zone-pair", r"zone-pair\s+security\s", r"service-policy\s|description\s"),
    ("control-plane", r"control-plane(?:\s+host)?\s*$", r"service-policy\s|management-interface"),
    ("router", r"(?:ipv6\s+)?router\s+(?:ospf|eigrp|bgp|rip|isis|odr)\b", r"(?:network|neighbor|redistribute|router-id|passive-interface|area|default-information|auto-summary|address-family|exit-address-family|bgp|eigrp|distribute-list|log-adjacency|summary-address|maximum-paths|timers)\b"),
    ("vrf", r"(?:vrf\s+definition|ip\s+vrf)\s+\S+\s*$", r"rd\s|route-target|address-family|exit-address-family"),
    ("top", r"(?:hostname|access-list|access-group|tunnel-group|group-policy|sysopt|isakmp|vpngroup|global|static|username|enable|version|logging|snmp-server|ntp|names?|conduit|nameif)\s+\S|ip\s+(?:route|nat\s+(?:inside|outside)\s+source|nat\s+pool|local\s+pool)\s|crypto\s+(?:isakmp|ikev1|ikev2|map|dynamic-map|ipsec|ca|pki|keyring)\s", r"(?!)"),
)  # fmt: skip

HEADERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((kind, re.compile(head)) for kind, head, _ in _SECTIONS)
CHILDREN: dict[str, re.Pattern[str]] = {
    kind: re.compile(rf"(?:no\s+|default\s+)?(?:{body})") for kind, _, body in _SECTIONS
}
FLAT = frozenset({"top"})
"""What never has statements below it."""
