"""Secrets out of quoted text.

Whatever is printed goes through here: a verdict quotes the device's own lines, and a line of a configuration or of a
debug may hold a key.
"""

from __future__ import annotations

import re

MASK = "<removed>"
_PROSE = r"(?!(?:for|is|are|of|with|from|that|was|and|or|to|in|on|at|the|a|mismatch|differs?|failed|has|must|not|address|encryption|required)\b)"
"""After `password`, `key` and the like these words make a sentence, not a statement."""

_LINE_RULES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(\b(?:crypto\s+)?isakmp\s+key\s+(?:[0-9]\s+)?)(?!address\b|hostname\b)(\S+)",
        r"(\bpre-shared-key\s+(?:(?:local|remote|address\s+\S+(?:\s+\S+)?\s+key|hex)\s+)*(?:[0-9]\s+)?)(?!address\b|local\b|remote\b)(\S+)",
        r"(\bkey-string\s+(?:[0-9]\s+)?)(\S+)",
        r"(\b(?:password|passwd|secret|passphrase|key-config-key\s+\S+)\s+(?:(?:[0-9]{1,2}|encrypted|sha256|pbkdf2|level\s+[0-9]+)\s+)*)" + _PROSE + r"(\S+)",
        r"(\bsnmp-server\s+(?:community|host\s+\S+(?:\s+(?:traps|informs|version\s+\S+|community))*)\s+(?:[0-9]\s+)?)(\S+)",
        r"(\bsnmp-server\s+user\s+.*?\b(?:md5|sha|des|3des|aes(?:\s+(?:128|192|256))?)\s+)(\S+)",
        r"(\b(?:tacacs|radius)-server\s+.*?\bkey\s+(?:[0-9]\s+)?)(\S+)",
        r"(^\s*(?:key|server-key|nhrp\s+authentication|ip\s+nhrp\s+authentication|ntp\s+authentication-key\s+\S+\s+md5)\s+(?:[0-9]\s+)?)(?!chain\b|generate\b|address\b)(\S+)",
        r"(\bvpngroup\s+\S+\s+password\s+)(\S+)",
        r"(\b(?:SKEYID(?:_[ade])?|SKEYSEED|SK_[a-z]{1,2}|shared secret|key data|Keying material|DH secret)\b[^0-9A-Fa-f]{0,12})((?:(?:0x)?[0-9A-Fa-f]{2,}[ :]?){4,})",
    )
)
_HEX_DUMP = re.compile(r"^\s*(?:[0-9A-Fa-f]{8}[ ]*){3,}$|^\s*(?:[0-9A-Fa-f]{2}[ ]){12,}")


def redact_line(text: str) -> str:
    """The line with every secret that it shows replaced by a mask. The rest stands as it was."""
    for rule in _LINE_RULES:
        text = rule.sub(lambda match: f"{match[1]}{MASK}", text)
    return MASK if _HEX_DUMP.match(text) else text
