"""A second look at configuration lines, with the patterns of netconan (Apache-2.0; the list goes back to RANCID).

They know statements of many vendors' configurations, and they do not know debugs: `(key eng. msg.)`, `key size: 32`
and `tunnel key 101` look like secrets to them. So they see only what is a configuration line, in which our own rules
found nothing, and what they find is cut off to the end of the line.
"""

from __future__ import annotations

import re
from functools import cache

_TRIGGER = re.compile(
    r"\b(?:password|passwd|secret|pksecret|key|pre-shared-key|authentication-key|message-digest-key|domain-password|area-password|"
    r"authentication|session-key|shared-secret|wpa-psk|ldap-login-password|key-string|simple-password|ssh-rsa|ssh-dsa|community|"
    r"digest|syscon|trap-group|encrypted-password|\$[19]\$)",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"\bkey\s+(?:chain|generate|zeroize|config-key|storage|mypubkey|pubkey|rsa|export|import|\d+\s*$|size|lifetime|encrypt|exchange)|"
    r"\btunnel\s+key\b|\bkey[- ](?:size|chain|id|label|length|type|pair)|\bkeyring\b|\(key eng|\bauthentication\s+(?:rsa-|pre-share|ecdsa|remote|local|list|login|mode|"
    r"key-chain|text$|header|exclude|order|host-mode|port-control|periodic|timer|trap|failure|required|server|ppp|pap|chap|eap|ms-chap|"
    r"cisco|certificate|aaa|crack|port|event|violation|open|md5$|message-digest$|algorithm|failed|method|data|is\b|of\b|for\b|with\b)|"
    r"\bsend-community\b|\bcommunity-list\b|\bset\s+community\b|\bpassword\s+(?:encryption|policy|recovery|strength|storage|management|"
    r"expire|history|minimum)|\bsecret\s*$|\bpassword-(?:storage|management|policy|encryption)|\bkey-exchange\b|\bdigest\s*:|#pkts|\bkey-hash\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"^\s{0,12}(?:[A-Za-z][\w.-]{0,62}(?:\([\w-]{1,40}\))?[#>]\s?)?(?:no\s|do\s|set\s)?[a-z][a-z0-9-]*\s+\S"
)
_PROSE = re.compile(r"\b(?:is|has|was|are|have|not|for|with|from|the|must|cannot)\b")
_LONGEST = 400
_BEFORE = r"(?:(?<=[^-_a-zA-Z\d])|(?<=[^-_a-zA-Z\d] )|(?<=^)|(?<=^ ))"


_WORDS = ("passw", "secret", "key", "authenticat", "communit", "wpa-psk", "digest", "syscon", "trap-group", "$1$", "$9$",
          "ssh-rsa", "ssh-dsa")  # fmt: skip


def may_find(small: str) -> bool:
    """Whether a line, in small letters, is worth the look."""
    return any(word in small for word in _WORDS)


def cut(line: str, mask: str) -> str:
    """The line without what netconan takes for a secret; as it is, where that is nothing, or nothing new."""
    if len(line) > _LONGEST or _TRIGGER.search(line) is None or mask[:8] in line or "***" in line:
        return line
    if _STATEMENT.match(line) is None or _NO_SECRET.search(line) or _PROSE.search(line):
        return line
    joined = " ".join(line.split())
    for pattern, group in _patterns():
        match = pattern.search(joined)
        if match is None:
            continue
        word = match[group] if group is not None else ""
        if word and (word.strip("\"';{}[]").lower() in reserved_words() or word.startswith("<")):
            continue
        return _without_end(
            line, match["prefix"] if "prefix" in match.groupdict() else match[0].split(maxsplit=1)[0], mask
        )
    return line


def _without_end(line: str, kept: str, mask: str) -> str:
    words = r"\s+".join(map(re.escape, kept.split()))
    found = re.search(words, line)
    end = found.end() if found is not None else len(line) - len(line.lstrip())
    return f"{line[:end].rstrip()} {mask}"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], int | None], ...]:
    from netconan.default_pwd_regexes import (  # noqa: PLC0415  only a bundle pays for it
        default_com_line_regexes,
        default_pwd_line_regexes,
    )

    return tuple(
        (re.compile(_BEFORE + pattern), group)
        for rules in (*default_pwd_line_regexes, *default_com_line_regexes)
        for pattern, group in rules
    )


@cache
def reserved_words() -> frozenset[str]:
    """The words of configuration languages, in small letters: never secrets by themselves."""
    from netconan.default_reserved_words import default_reserved_words  # noqa: PLC0415  same

    return frozenset(word.lower() for word in default_reserved_words)
