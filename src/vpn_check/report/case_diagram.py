"""Both ends of a device's tunnels as a drawing: who encrypts to whom, and what comes back."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from vpn_check.report.tunnel_rows import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.case import Case, CaseDevice
    from vpn_check.model.finding import Diagnosis, TunnelVerdict
    from vpn_check.model.tunnel import Tunnel

_MOST = 4
_ORDER = ("critical", "unknown", "warning", "healthy")
_WIDTH = 360


def diagram(case: Case, device: CaseDevice, diagnosis: Diagnosis) -> Iterator[str]:
    """A drawing for each of the worst tunnels, wide enough for a telephone."""
    snapshot = diagnosis.snapshot
    if snapshot is None:
        return
    pairs = [pair for pair in zip(snapshot.tunnels, diagnosis.tunnels, strict=True) if pair[0].peer is not None]
    pairs.sort(key=lambda pair: _ORDER.index(pair[1].status.value))
    if pairs:
        yield "<h3>Both ends</h3>"
    for tunnel, verdict in pairs[:_MOST]:
        yield _drawing(diagnosis.device, _far_name(case, device, tunnel), tunnel, verdict)
    if len(pairs) > _MOST:
        yield f'<p class="soft">The {_MOST} worst of {len(pairs)} are drawn.</p>'


def _far_name(case: Case, device: CaseDevice, tunnel: Tunnel) -> str:
    """The other device of the case whose own address the peer is; else nothing."""
    for other in case.devices:
        if other is device:
            continue
        for diagnosis in other.diagnoses:
            if diagnosis.snapshot and tunnel.peer in diagnosis.snapshot.local_addresses:
                return diagnosis.device
    return ""


def _drawing(name: str, far: str, tunnel: Tunnel, verdict: TunnelVerdict) -> str:
    counters, status = tunnel.counters, verdict.status.value
    state = (tunnel.ike[0].state or tunnel.ike[0].phase.value) if tunnel.ike else "no IKE SA seen"
    word = status if verdict.cause in {"healthy", "unknown"} else verdict.cause
    said = f"{name} to {tunnel.peer}: {word}"
    far_net = tunnel.remote_ident.short if tunnel.remote_ident else "?"
    near_net = tunnel.local_ident.short if tunnel.local_ident else "?"
    parts = [
        f'<svg class="diagram" viewBox="0 0 {_WIDTH} 256" role="img" aria-label="{escape(said)}">',
        *_box(8, name, str(tunnel.local_address or "?"), near_net),
        *_box(168, far or "peer", str(tunnel.peer), far_net),
        f'<path class="wire {status}" d="M120 68V168M112 158l8 10 8-10"/>',
        f'<path class="wire {status}" d="M240 168V68M232 78l8-10 8 10"/>',
        _label(112, 112, "end", f"{count(counters.encaps)} encaps"),
        _label(248, 112, "start", f"{count(counters.decaps)} decaps"),
        _label(112, 130, "end", f"errors {count(counters.send_errors)}", small=True),
        _label(248, 130, "start", f"errors {count(counters.recv_errors)}", small=True),
        _label(180, 121, "middle", _short(state, 16), small=True),
        _label(_WIDTH // 2, 248, "middle", _short(word, 50), small=True),
        "</svg>",
    ]
    return "".join(parts)


def _box(y: int, title: str, address: str, network: str) -> list[str]:
    return [
        f'<rect class="box" x="1" y="{y}" width="{_WIDTH - 2}" height="60" rx="6"/>',
        _label(12, y + 24, "start", _short(title, 22)),
        _label(_WIDTH - 12, y + 24, "end", _short(address, 22)),
        _label(12, y + 46, "start", _short(f"protects {network}", 50), small=True),
    ]


def _label(x: int, y: int, anchor: str, words: str, *, small: bool = False) -> str:
    kind = ' class="small"' if small else ""
    return f'<text{kind} x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
