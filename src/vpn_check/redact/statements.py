"""How a secret stands in a line: the words before it, as IOS, IOS-XE, ASA and PIX print and accept them.

Each pattern is what comes before a value. The value itself is read by `secrets.py`: a word, or a quoted text. The
forms are those of Cisco's command references; a few lines of debugs and of dialogues are among them.
"""

from __future__ import annotations

_TYPE = r"(?:(?:[0-9]|encrypted|hidden|clear|ascii|ascii-text|hex|hexadecimal)\s+)?"
"""How a value is written, in front of it: type 0, 5, 6, 7, 8, 9, or a word."""
_AT = r"(?:^|[#>:'\"`|]|\b(?:no|do)\s)\s*"
"""Where a statement begins: the line, a prompt, or the quotation of a command in a message."""
_NOT_A_VALUE = (
    r"(?!(?:for|is|are|of|with|from|that|was|and|or|to|in|on|at|the|a|an|not|mismatch\w*|differ\w*|failed|failure|has|have|must|"
    r"address|encryption|required|needed|expired|incorrect|invalid|matching|matched|found|lifetime|size|exchange|"
    r"policy|payload|change|recovery|authentication|encrypted|attempts?|prompt|generated|config-key|chain|"
    r"length|strength|minimum|type|will|can|cannot|may|does|do|already|set|sent|material|management|data|received|accepted|rejected|by|as)\b)"
)
"""After `password`, `key` and the like these words make a sentence, not a statement."""

LINE_RULES: tuple[tuple[str, str], ...] = (
    # IKE keys
    (
        "isakmp",
        rf"\b(?:crypto\s+)?isakmp\s+key\s+{_TYPE}(?!address\b|hostname\b)",
    ),
    (
        "pre-shared-key",
        (
            r"\bpre-shared-key\s+(?:(?:local|remote|(?:address|hostname)\s+\S+(?:\s+[\d.]+)?\s+key|address\s+ipv6\s+\S+\s+key|ipv6\s+\S+\s+key)\s+)*"
            rf"{_TYPE}(?!(?:address|hostname|local|remote|with|for|is|from|mismatch|matching|in|on|authentication|does|not|found)\b)"
        ),
    ),
    (
        "pre-share",
        rf"\bpre-share\s+key\s+{_TYPE}",
    ),
    (
        "key",
        rf"{_AT}(?-i:key|server-key)\s+(?![0-9]+\s*$|[0-9]+\s+--\s){_TYPE}{_NOT_A_VALUE}",
    ),
    (
        "server-key",
        rf"\bserver-key\s+{_TYPE}",
    ),
    (
        "group",
        r"\b(?:group\s+\S+\s+key|vpnclient\s+vpngroup\s+\S+\s+password|vpngroup\s+\S+\s+password)\s+",
    ),
    (
        "failover",
        rf"\bfailover\s+(?:ipsec\s+pre-shared-key|key)\s+{_TYPE}",
    ),
    (
        "config-key|encryption-key|master-key",
        rf"\b(?:config-key\s+\S+|key-encryption-key|master-key)\s+{_TYPE}{_NOT_A_VALUE}",
    ),
    (
        "session-key",
        rf"\bsession-key\s+(?:in|out)bound\s+ah\s+\d+\s+{_TYPE}",
    ),
    (
        "session-key",
        r"\bsession-key\s+(?:in|out)bound\s+esp\s+\d+\s+cipher\s+",
    ),
    (
        "session-key",
        r"\bsession-key\s+(?:in|out)bound\s+esp\s.*?\bauthenticator\s+",
    ),
    # passwords, hashes, passphrases
    (
        "passw|secret|phrase|passcode",
        (
            r"\b(?:password|passwd|secret|passphrase|pass-phrase|passcode|shared-secret)\s+"
            r"(?:(?:[0-9]{1,2}|encrypted|sha256|sha512|pbkdf2|nt-encrypted|mschap|hash|level\s+[0-9]+|clear|text)\s+)*"
            + _NOT_A_VALUE
        ),
    ),
    (
        "passw|secret|phrase|passcode|key|psk|community|token",
        (
            r"\b(?:[Pp]assword|[Pp]asswd|[Ss]ecret|[Pp]assphrase|[Pp]reshared[ -]key|[Pp]re-shared[ -]key|[Pp][Ss][Kk]|[Cc]ommunity(?: name| string)?"
            r"|[Tt]oken|[Aa]pi[-_ ]?key|[Pp]asscode)\s*(?:is|was)?\s*[:=]\s*(?![:=])"
        ),
    ),
    (
        "password|passphrase|key|secret|community|token",
        r"\b(?:password|passphrase|key|secret|community|token)\s+(?=[\"'`][^\"'`]+[\"'`])",
    ),
    (
        "-password|-pw|-key",
        rf"(?<![\w-])(?:login-password|radius-common-pw|ldap-login-password|common-pw|radius-key|auth-key|shared-key|encryption-key)\s+{_TYPE}{_NOT_A_VALUE}",
    ),
    (
        "algorithm-type",
        r"\balgorithm-type\s+\S+\s+secret\s+",
    ),
    (
        "pkcs12",
        r"\bpkcs12\s+(?=\S+\s*$)(?!terminal\b)(?!\S+:)",
    ),
    (
        "pem",
        r"\bpem\s+(?:terminal|url\s+\S+)\s+(?:(?:des|3des|aes\S*)\s+)?(?:password\s+)?(?!terminal\b|url\b|usage-keys\b|exportable\b)(?=\S+\s*$)",
    ),
    (
        "persistent",
        r"\bpersistent\s+\S+\s+(?:des|3des|aes)\s+",
    ),
    # SNMP
    (
        "snmp-server",
        rf"\bsnmp-server\s+community\s+{_TYPE}(?!\*)",
    ),
    (
        "snmp-server",
        (
            r"\bsnmp-server\s+host\s+(?:\S+\s+)?[0-9A-Fa-f.:]+(?:\s+(?:vrf\s+\S+|traps?|informs?|poll|udp-port\s+\d+|community|[0-9](?=\s+\S)|"
            r"version\s+(?:1|2c|3\s+(?:auth|noauth|priv))))*\s+(?!udp-port\b|version\b|poll\b|trap\b|vrf\b)"
        ),
    ),
    (
        "snmp-server",
        r"\bsnmp-server\s+host\s.*?\bcommunity\s+(?:[0-9]\s+)?",
    ),
    (
        "snmp-server",
        r"\bsnmp-server\s+user\s.*?\bauth\s+(?:md5|sha(?:-?\d+)?(?:\s+(?:224|256|384|512))?)\s+",
    ),
    (
        "snmp-server",
        r"\bsnmp-server\s+user\s.*?\bpriv\s+(?:des(?:56)?|3des|aes-?(?:\s*(?:128|192|256))?)\s+",
    ),
    (
        "snmp-server",
        r"\bsnmp-server\s+user\s.*?\b(?:md5|sha|des(?:56)?|3des)\s+(?!(?:224|256|384|512)\s)",
    ),
    (
        "community-map",
        r"\bcommunity-map\s+",
    ),
    (
        "snmp",
        r"\bsnmp\s+mib\s+community\s+",
    ),
    # AAA
    (
        "-server",
        rf"\b(?:tacacs|radius)-server\s+(?:\S+\s+)*?key\s+{_TYPE}",
    ),
    (
        "server-private|client",
        rf"\b(?:server-private|client)\s+\S.*?\b(?:server-)?key\s+{_TYPE}",
    ),
    (
        "pac",
        rf"\bpac\s+key\s+{_TYPE}",
    ),
    (
        "aaa-server",
        r"\baaa-server\s+\S+\s+\(\S+\)\s+host\s+\S+\s+(?!timeout\b)",
    ),
    (
        "root-dn",
        r"\broot-dn\s+(?:\"[^\"]*\"|\S+)\s+password\s+(?:\d\s+)?",
    ),
    # routing, redundancy, clocks, overlay
    (
        "key-string",
        rf"\bkey-string\s+{_TYPE}",
    ),
    (
        "nhrp",
        rf"\bnhrp\s+authentication\s+{_TYPE}",
    ),
    (
        "ntp",
        r"\bntp\s+authentication-key\s+\d+\s+(?:md5|sha1|sha2|hmac-\S+|cmac-\S+)\s+(?:[0-9]\s+)?",
    ),
    (
        "authentication-key",
        rf"\b(?:authentication-key|hello-authentication-key)\s+(?!\d+\s+(?:md5|sha|hmac|cmac)){_TYPE}",
    ),
    (
        "message-digest-key",
        rf"\bmessage-digest-key\s+\d+\s+md5\s+{_TYPE}",
    ),
    (
        "standby|vrrp|glbp",
        r"\b(?:standby|vrrp|glbp)\s+(?:\d+\s+)?authentication\s+(?:(?:text|md5\s+key-string(?:\s+\d(?=\s))?)\s+)?(?!md5\b|text\b|key-chain\b|mode\b)",
    ),
    (
        "authentication",
        rf"\bauthentication\s+text\s+{_TYPE}",
    ),
    (
        "authentication",
        rf"\bauthentication\s+mode\s+hmac-sha-\d+\s+{_TYPE}",
    ),
    (
        "authentication",
        r"\bauthentication\s+key\s+(?:eigrp\s+\d+\s+)?(?!eigrp\b)(?=\S+\s+key[-_]id\b)",
    ),
    (
        "neighbor",
        r"\bneighbor\s+\S+\s+password\s+(?:[0-9]\s+)?",
    ),
    (
        "password",
        r"\b(?:area|domain|isis)[-\s]password\s+(?:[0-9]\s+)?",
    ),
    (
        "key-string",
        rf"\b(?:md5|sha1|sha256)\s+key-string\s+{_TYPE}",
    ),
    (
        "ospfv3",
        r"\bospfv3\s+(?:authentication|encryption)\s.*?\b(?:md5|sha1|des|3des|aes-cbc\s+\d+)\s+(?:[0-9]\s+)?(?=[0-9A-Fa-f]{16})",
    ),
    (
        "area",
        r"\barea\s+\S+\s+(?:authentication|encryption)\s+ipsec\s.*?\b(?:md5|sha1|des|3des|aes-cbc\s+\d+)\s+(?:[0-9]\s+)?(?=[0-9A-Fa-f]{16})",
    ),
    (
        "cluster",
        r"\bcluster\s+key\s+",
    ),
    (
        "pin",
        rf"\b(?:user-pin|pin)\s+{_TYPE}(?=\S+\s*$)",
    ),
    (
        "environment",
        r"\bevent\s+manager\s+environment\s+\S*(?:pass|secret|key|token)\S*\s+",
    ),
    # PPP, L2TP, wireless, HTTP
    (
        "sent-username",
        r"\bsent-username\s+\S+\s+password\s+(?:[0-9]\s+)?",
    ),
    (
        "wpa-psk|set-key",
        r"\b(?:wpa-psk|psk\s+set-key|set-key)\s+(?:(?:ascii|hex)\s+)?(?:[0-9]\s+)?",
    ),
    (
        "size",
        r"\bkey\s+\d+\s+size\s+\d+bit\s+(?:[0-9]\s+)?",
    ),
    (
        "key-hash",
        r"\bkey-hash\s+(?:\S+\s+)?(?=\S+\s*$)",
    ),
    (
        "cookie",
        r"(?:[Ss]et-)?[Cc]ookie:\s*[^=;\s]+=",
    ),
    (
        "webvpn|session|csrf_token",
        r"\b(?:webvpn\w*|SESSIONID|JSESSIONID|[Ss]ession[-_]?[Tt]oken|csrf_token)=",
    ),
    (
        "authorization",
        r"\b[Aa]uthorization:\s*(?:Basic|Bearer|Digest)\s+",
    ),
    (
        "://",
        r"\b[a-z][a-z0-9+]{1,9}://[^\s:/@]+:(?=\S+@)",
    ),
    (
        "mail-server",
        r"\bmail-server\s+[^\s:/@]+:(?=\S+@)",
    ),
    # what devices print, and what other systems do
    (
        "shared",
        r"\bpre_?shared_?key[\"']?\s*(?:[:=]\s*|>)(?![:=])",
    ),
    (
        "--",
        r"\bkey\s+\d+\s+--\s+text\s+",
    ),
    (
        "challenge",
        r"\bChallenge [Pp]assword[: ]\s*",
    ),
    (
        "skey|sk_|keymat",
        r"\b(?:SKEYID(?:_[ade])?|SKEYSEED|SK_[a-z]{1,2}|KEYMAT)\s*[:=]\s*(?:0x)?(?=[0-9A-Fa-f]{8,}\b)",
    ),
)
"""What a line must hold, in small letters, one of several words; and what comes before a secret in it."""

REST_RULES: tuple[tuple[str, str], ...] = (
    (
        "passw|phrase|passcode|secret|pin",
        (
            r"^\s*(?:[\w.@-]+'s\s+|(?:please\s+)?enter\s+(?:the\s+|a\s+)?|new\s+|old\s+|current\s+|confirm\s+|re-?enter\s+|re-?type\s+|"
            r"challenge\s+|verify\s+|enable\s+)*(?:password|passphrase|pass\s+phrase|passcode|secret|pin)\s*:\s*"
        ),
    ),
)
"""What comes before a secret that is the rest of the line: questions, with their answers."""
