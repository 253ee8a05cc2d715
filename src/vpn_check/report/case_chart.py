"""Counters over time: what moved between the samples of a tunnel, as a small line chart."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.case import CaseDevice, Sample
    from vpn_check.model.sa import TrafficCounters

_MOST = 8
_WIDTH, _HEIGHT = 360, 120
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 108, 22, 96
_LINES = (("encaps", "out"), ("decaps", "in"), ("recv_errors", "err"))


def charts(device: CaseDevice) -> Iterator[str]:
    """A chart for each tunnel that was seen at least twice; a sentence where there is only one sample."""
    if not device.samples:
        return
    yield "<h3>Counters over time</h3>"
    if len(device.samples) == 1:
        yield '<p class="soft">Shown once only: nothing can be said about what moved. Collect with --interval.</p>'
        return
    labels = [
        label for label in device.samples[-1].tunnels if sum(label in sample.tunnels for sample in device.samples) > 1
    ]
    labels.sort(key=lambda label: -_moved(device.samples, label))
    for label in labels[:_MOST]:
        yield _chart(label, [sample for sample in device.samples if label in sample.tunnels])
    if len(labels) > _MOST:
        yield f'<p class="soft">The {_MOST} that moved most of {len(labels)}.</p>'


def _value(counters: TrafficCounters, name: str) -> int | None:
    value: int | None = getattr(counters, name)
    return value


def _moved(samples: tuple[Sample, ...], label: str) -> int:
    seen = [sample.tunnels[label] for sample in samples if label in sample.tunnels]
    return sum(abs((_value(seen[-1], name) or 0) - (_value(seen[0], name) or 0)) for name, _ in _LINES)


def _chart(label: str, samples: list[Sample]) -> str:
    times = _times(samples)
    parts = [
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">',
        f'<text x="{_LEFT}" y="14">{escape(label if len(label) <= 52 else label[:51] + "…")}</text>',  # noqa: PLR2004  fits
        f'<path class="grid" d="M{_LEFT} {_BOTTOM}H{_WIDTH - _RIGHT}"/>',
    ]
    place = _TOP + 16
    changes = {name: _change(samples, label, name) for name, _ in _LINES}
    most = max((max(change) - min(change) for change in changes.values() if change), default=0)
    for name, kind in _LINES:
        change = changes[name]
        if not change:
            continue
        points = [
            (x, _BOTTOM - (step * (_BOTTOM - _TOP - 6) / most if most else 0))
            for x, step in zip(times, change, strict=True)
        ]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path class="wire {kind}" d="M{path}"/>')
        parts += [f'<circle class="dot {kind}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points]
        parts.append(f'<circle class="dot {kind}" cx="{_WIDTH - _RIGHT + 12}" cy="{place - 4}" r="4"/>')
        parts.append(
            f'<text x="{_WIDTH - _RIGHT + 20}" y="{place}" class="small">{name.replace("_", " ")} +{change[-1]}</text>'
        )
        place += 18
    parts.append(f'<text class="small" x="{_LEFT}" y="{_HEIGHT - 6}">{escape(_span(samples))}</text></svg>')
    return "".join(parts)


def _times(samples: list[Sample]) -> list[float]:
    """Places on the axis: by the clock where all times are known, else evenly."""
    width = _WIDTH - _RIGHT - _LEFT - 8
    stamps = [sample.at.timestamp() for sample in samples if sample.at is not None]
    if len(stamps) == len(samples) and stamps[-1] > stamps[0]:
        return [_LEFT + 4 + width * (stamp - stamps[0]) / (stamps[-1] - stamps[0]) for stamp in stamps]
    return [_LEFT + 4 + width * at / (len(samples) - 1) for at in range(len(samples))]


def _change(samples: list[Sample], label: str, name: str) -> list[int]:
    """What was added since the first sample. A counter that went back was cleared: nothing is negative."""
    values = [_value(sample.tunnels[label], name) for sample in samples]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return []
    total, steps = 0, [0]
    for before, after in pairwise(known):
        total += max(after - before, 0)
        steps.append(total)
    return steps


def _span(samples: list[Sample]) -> str:
    first, last = samples[0].at, samples[-1].at
    if first is None or last is None:
        return f"{len(samples)} samples; their times are not known"
    return f"{first:%H:%M:%S} to {last:%H:%M:%S} UTC, {(last - first).total_seconds():.0f} s"
