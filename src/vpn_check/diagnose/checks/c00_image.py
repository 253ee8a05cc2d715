"""The image or the licence cannot do IPsec as it is configured.

IOS: an image without `k8` or `k9` (long ago `56i`, `k2`) has no IPsec; `k8` and `56i` have single DES only; `npe` has
no payload encryption; an ISR G2 needs the security package. ASA and PIX: 3DES and AES need their licence key. Catalyst
6500 and 7600 encrypt in a module (IPsec SPA) only. The device drops the statements that it cannot do at its next start.
Source: S1, S26.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.model.config import Configured, DeviceConfig, quote
from vpn_check.model.finding import Evidence, Finding, Remedy, Severity, Side
from vpn_check.model.shown import Software

_FEATURES = re.compile(r"(?:^|[/:])[a-z0-9]+-(?P<set>[a-z0-9_]+)-m[a-z]?(?:\.|$)", re.IGNORECASE)
_MODULAR = re.compile(r"(?:CISCO|WS-C|C)?(?:76|65)[0-9]{2}(?:-\S+)?", re.IGNORECASE)
_SINGLE_DES = {"des", "null"}


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge what `show version` says against what is configured."""
    shown = audit.snapshot.shown
    software = shown.software if shown is not None else None
    if software is None or not _uses_ipsec(audit.config):
        return
    found = _firewall(software, audit.config) if audit.config.firewall else _router(software, audit.config)
    if found is not None:
        what, field, nouns = found
        yield _finding(audit, software, what, field, nouns)


def _uses_ipsec(config: DeviceConfig) -> bool:
    return bool(config.crypto_maps or config.ipsec_profiles)


def _router(software: Software, config: DeviceConfig) -> tuple[str, str, list[Configured]] | None:
    """What is wrong, the field of `show version` that says so, and the nouns that need more."""
    strength = _strength(software.image)
    uses: list[Configured] = [*config.crypto_maps, *config.ipsec_profiles]
    if strength == "none":
        return "the image has no IPsec", "image", uses
    if software.security == "None":
        return "the security technology package is not active", "security", uses
    if strength == "des" and (strong := _strong(config)):
        return "the image has single DES only (k8, 56i)", "image", strong
    modular = _MODULAR.fullmatch(software.model or "") is not None
    if modular and config.whole and not any(held.crypto_engine for held in config.interfaces):
        return "this chassis does not encrypt in software: it needs an IPsec module (SPA)", "model", uses
    return None


def _firewall(software: Software, config: DeviceConfig) -> tuple[str, str, list[Configured]] | None:
    strong = _strong(config)
    if software.strong is False and software.des is False:
        return "the licence allows no encryption", "des", [*config.crypto_maps]
    if software.strong is False and strong:
        return "the licence does not allow 3DES and AES", "strong", strong
    return None


def _strong(config: DeviceConfig) -> list[Configured]:
    """Policies and transform sets that name more than single DES."""
    found: list[Configured] = [held for held in config.ike_policies if set(held.encryption) - _SINGLE_DES]
    return found + [held for held in config.transform_sets if set(held.esp) - _SINGLE_DES]


def _strength(image: str | None) -> str | None:
    """`strong`, `des` or `none`; None where the name of the image does not tell."""
    name = (image or "").lower()
    if "npe" in name:
        return "none"
    match = _FEATURES.search(name)
    if match is None:
        return None
    features = match["set"]
    if "k9" in features or "k2" in features:
        return "strong"
    return "des" if "k8" in features or "56" in features else "none"


def _finding(audit: Audit, software: Software, what: str, field: str, nouns: list[Configured]) -> Finding:
    line: Evidence | None = audit.snapshot.quote(software.where.source, software.where.line(field))
    statements = [statement for noun in nouns[:3] for statement in noun.at("", "words", "encryption")[:1]]
    return Finding(
        cause="config.hardware-unsupported",
        check="C00",
        severity=Severity.WARNING,
        confidence=0.7,
        summary=f"IPsec is configured, but {what}: the device cannot do it, or not as configured.",
        evidence=((line,) if line is not None else ()) + quote(*statements),
        side=Side.HERE,
        causes=(
            "the image or the licence was changed after the configuration was made",
            "the configuration is another device's",
        ),
        remedies=(
            Remedy(
                text="Get the image or the licence that the configuration needs; install it in a maintenance window.",
                commands=("show version",) if audit.config.firewall else ("show version", "show license"),
                disruptive=True,
            ),
        ),
        references=("S1", "S26"),
    )
