"""Reading exchanges: what the peers offered, what was refused and for what, and what came up in the end."""

from vpn_check.diagnose.negotiation.judge import judge
from vpn_check.diagnose.negotiation.reading import LogReading, Success

__all__ = ["LogReading", "Success", "judge"]
