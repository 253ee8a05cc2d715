"""Which words are which command: abbreviations as typed on a device, and file names as people save them."""

from __future__ import annotations

import re
from functools import cache

from vpn_check.model.snapshot import Topic

COMMANDS: dict[str, Topic] = {
    "show crypto ipsec sa": Topic.IPSEC_SA,
    "show ipsec sa": Topic.IPSEC_SA,
    "show crypto isakmp sa": Topic.IKE_SA,
    "show isakmp sa": Topic.IKE_SA,
    "show crypto ikev1 sa": Topic.IKE_SA,
    "show crypto ikev2 sa": Topic.IKEV2_SA,
    "show crypto engine connections active": Topic.ENGINE,
    "show logging": Topic.LOG,
    "show log": Topic.LOG,
    "show monitor event-trace": Topic.LOG,
    "show running-config": Topic.CONFIG,
    "show startup-config": Topic.CONFIG,
    "show configuration": Topic.CONFIG,
    "write terminal": Topic.CONFIG,
    "more system:running-config": Topic.CONFIG,
    "show access-list": Topic.CONFIG,
    "show access-lists": Topic.CONFIG,
    "show ip access-lists": Topic.CONFIG,
    "show ipv6 access-list": Topic.CONFIG,
    "debug": Topic.LOG,
    "syslog": Topic.LOG,
    "ping": Topic.LOG,
    "terminal monitor": Topic.LOG,
}
"""Commands that are understood. Their answers are about these topics."""

TEMPLATES: dict[Topic, tuple[str, ...]] = {
    Topic.IPSEC_SA: ("show crypto ipsec sa",),
    Topic.IKE_SA: ("show crypto isakmp sa", "show crypto ikev1 sa", "show crypto isakmp sa detail"),
    Topic.IKEV2_SA: ("show crypto ikev2 sa",),
    Topic.ENGINE: ("show crypto engine connections active",),
}
"""The forms that an answer about a topic can have, by the command that each template is filed under."""

CANONICAL: dict[Topic, str] = {topic: names[0] for topic, names in TEMPLATES.items()} | {
    Topic.LOG: "log",
    Topic.CONFIG: "configuration",
    Topic.OTHER: "text",
}
"""What to call a text that came without its command."""

_NOT_COUNTS = re.compile(r"\b(?:count|counters?|stats?|statistics|summary|interface brief)\b")


@cache
def resolve(typed: str) -> tuple[str, Topic]:
    """Resolve a command as typed (`sh cry isa sa det | i MM`) to its full words and its topic; OTHER where unknown.

    What follows the known words (peer, interface, detail, a filter) is kept as typed.
    """
    words = typed.split()
    lowered = [word.lower() for word in words]
    best: tuple[str, Topic] | None = None
    for name, topic in COMMANDS.items():
        known = name.split()
        if len(lowered) < len(known) or (best and len(best[0].split()) >= len(known)):
            continue
        pairs = list(zip(known, lowered, strict=False))
        if all(
            len(part) > (1 if index else 0) and full.startswith(part) for index, (full, part) in enumerate(pairs)
        ) and (len(known) == 1 or len(lowered[0]) > 1):
            rest = " ".join(words[len(known) :])
            best = (f"{name} {rest}".strip(), topic)
    if best is None or (best[1] is not Topic.LOG and _NOT_COUNTS.search(best[0].partition("|")[0])):
        return " ".join(words), Topic.OTHER
    return best


_FILE_WORDS = re.compile(r"[A-Za-z0-9.:-]+")


def from_file_name(stem: str) -> tuple[str, Topic] | None:
    """What a file name such as `show_crypto_ipsec_sa` or `r1-syslog` says of its content; None: nothing."""
    words = _FILE_WORDS.findall(stem.replace("_", " "))
    lowered = [word.lower() for word in words]
    if "show" in lowered or "sh" in lowered:
        start = lowered.index("show" if "show" in lowered else "sh")
        return resolve(" ".join(words[start:]))
    joined = " ".join(lowered)
    if re.search(r"\b(?:syslog|logging|log|debug|debugs|console)\b", joined):
        return "log", Topic.LOG
    if re.search(r"\b(?:running|startup)?-?\s?(?:config|configuration|conf|cfg)\b", joined):
        return "configuration", Topic.CONFIG
    return None
