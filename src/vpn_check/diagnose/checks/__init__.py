"""The configuration checks, as a table. Each file is one check; its docstring is the page of it.

A check is silent unless it is sure; what is missing from a fragment of a configuration is not missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.checks import c01_entry_complete, c06_acls_mirrored, c09_nat_exemption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vpn_check.diagnose.audit import Audit
    from vpn_check.model.finding import Finding

    Check = Callable[[Audit], Iterable[Finding]]

CHECKS: dict[str, Check] = {
    "C01": c01_entry_complete.judge,
    "C06": c06_acls_mirrored.judge,
    "C09": c09_nat_exemption.judge,
}
"""Every check by its identifier."""
