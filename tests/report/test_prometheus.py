"""The metrics file: what Prometheus' own parser reads in it, and that it is never half written."""

from __future__ import annotations

import io
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.report import polls

from vpn_check.errors import UsageError
from vpn_check.report.prometheus import write, write_metrics

if TYPE_CHECKING:
    from pathlib import Path

    from prometheus_client.samples import Sample

    from vpn_check.model.pollreport import CycleReport


def text_of(report: CycleReport) -> str:
    stream = io.StringIO()
    write(stream, report)
    return stream.getvalue()


def samples(report: CycleReport) -> list[Sample]:
    return [sample for family in text_string_to_metric_families(text_of(report)) for sample in family.samples]


def values(report: CycleReport, name: str, **labels: str) -> list[float]:
    return [sample.value for sample in samples(report)
            if sample.name == name and all(sample.labels.get(key) == value for key, value in labels.items())]


@pytest.mark.parametrize("made", polls.REPORTS)
def test_the_file_is_read_by_the_parser_and_no_series_comes_twice(made: polls.Made) -> None:
    found = Counter((sample.name, tuple(sorted(sample.labels.items()))) for sample in samples(made()))
    assert found
    assert max(found.values()) == 1
    assert text_of(made()) == text_of(made())


@pytest.mark.parametrize("made", polls.REPORTS)
def test_counters_are_called_so_and_no_label_holds_an_spi(made: polls.Made) -> None:
    for family in text_string_to_metric_families(text_of(made())):
        assert all(sample.name.startswith("vpn_check_") for sample in family.samples)
        assert (family.type == "counter") == all(sample.name.endswith("_total") for sample in family.samples)
        assert family.documentation
        assert all("spi" not in label for sample in family.samples for label in sample.labels)


def test_a_tunnel_that_is_down_is_configured_and_not_up() -> None:
    report = polls.failing()
    where = {"device": "router1", "peer": "203.0.113.9"}
    assert values(report, "vpn_check_tunnel_configured", **where) == [1]
    assert values(report, "vpn_check_tunnel_up", **where) == [0]
    assert values(report, "vpn_check_tunnel_status", status="critical", **where) == [1]
    assert values(report, "vpn_check_tunnel_cause", cause="ike.psk-mismatch", **where) == [1]
    assert values(report, "vpn_check_tunnel_encaps_packets_total", **where) == [1200]
    assert values(report, "vpn_check_alarm_open", cause="ike.psk-mismatch", rolled_up="false") == [1]
    assert values(report, "vpn_check_alarm_began_timestamp_seconds") == [polls.BEGAN.timestamp()]


@pytest.mark.parametrize("made", polls.REPORTS)
@pytest.mark.parametrize("label", ["status", "cause"])
def test_exactly_one_state_of_each_tunnel_is_one(made: polls.Made, label: str) -> None:
    sums: Counter[tuple[tuple[str, str], ...]] = Counter()
    for sample in samples(made()):
        if sample.name == f"vpn_check_tunnel_{label}":
            sums[tuple(sorted(pair for pair in sample.labels.items() if pair[0] != label))] += int(sample.value)
    assert all(value == 1 for value in sums.values())
    assert len(sums) == sum(len(poll.memory.tunnels) for poll in made().polls)


def test_what_is_not_known_has_no_up_and_is_unknown() -> None:
    report = polls.silent()
    assert values(report, "vpn_check_device_up", device="router3") == [0]
    assert values(report, "vpn_check_tunnel_configured", device="router3") == [1]
    assert values(report, "vpn_check_tunnel_up", device="router3") == []
    assert values(report, "vpn_check_tunnel_status", device="router3", status="unknown") == [1]
    assert values(report, "vpn_check_tunnel_status", device="router3", status="healthy") == [0]
    assert values(report, "vpn_check_device_last_success_timestamp_seconds", device="router3") == [
        polls.GOOD.timestamp()]


def test_a_cycle_in_which_nobody_answers_is_no_success() -> None:
    gone = polls.cycle((polls.poll("router3", (), fault=polls.FAULT, answered_at=polls.GOOD),))
    assert values(gone, "vpn_check_poll_last_success_timestamp_seconds") == [polls.GOOD.timestamp()]
    assert values(gone, "vpn_check_poll_timestamp_seconds") == [gone.ended.timestamp()]
    assert values(polls.empty(), "vpn_check_poll_last_success_timestamp_seconds") == []


def test_tunnels_that_differ_in_their_vrf_alone_are_two_series() -> None:
    report = polls.cycle((polls.poll("router1", (polls.held(polls.tunnel_id(vrf="red")),
                                                 polls.held(polls.tunnel_id(vrf="blue")))),))
    found = [sample.labels["tunnel"] for sample in samples(report) if sample.name == "vpn_check_tunnel_up"]
    assert len(found) == 2
    assert any("|red|" in name for name in found)


def test_a_label_gives_back_what_the_device_said() -> None:
    assert values(polls.hostile(), "vpn_check_tunnel_configured", peer='a"b\\c\nd') == [1]


def test_the_file_is_readable_by_all_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "vpn.prom"
    write_metrics(path, polls.failing())
    write_metrics(path, polls.healthy())
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.read_text(encoding="utf-8") == text_of(polls.healthy())
    assert [entry.name for entry in tmp_path.iterdir()] == ["vpn.prom"]


def test_a_file_that_cannot_be_put_in_place_leaves_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "vpn.prom"
    path.mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        write_metrics(path, polls.healthy())
    assert [entry.name for entry in tmp_path.iterdir()] == ["vpn.prom"]
    with pytest.raises(UsageError, match="cannot be written"):
        write_metrics(tmp_path / "no" / "vpn.prom", polls.healthy())


def test_a_thousand_devices_with_twenty_tunnels_are_written_in_seconds(tmp_path: Path) -> None:
    own = [polls.held(polls.tunnel_id(f"203.0.113.{number}")) for number in range(20)]
    report = polls.cycle(tuple(polls.poll(f"router{number}", tuple(own)) for number in range(1000)))
    begin = time.process_time()
    write_metrics(tmp_path / "vpn.prom", report)
    assert time.process_time() - begin < 2
