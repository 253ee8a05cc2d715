"""The JSON documents of polls and histories are those of their published schemas; CSV reads back as it was."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from tests.report import polls

from vpn_check.cli.schema import KINDS, schema_of
from vpn_check.model.pollreport import HistoryAnswer
from vpn_check.report.history_csv import HEADINGS, history_csv
from vpn_check.report.history_document import history_document
from vpn_check.report.poll_document import poll_document


def poll_of(made: polls.Made) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(poll_document(made(), generated_at=polls.NOW)))
    jsonschema.validate(body, schema_of(KINDS["poll"]))
    return body


def history_of(answer: HistoryAnswer) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(history_document(answer, generated_at=polls.NOW)))
    jsonschema.validate(body, schema_of(KINDS["history"]))
    return body


def rows_of(answer: HistoryAnswer) -> list[dict[str, str]]:
    out = io.StringIO()
    history_csv(answer, out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


@pytest.mark.parametrize("made", polls.REPORTS)
def test_every_poll_is_told_as_its_schema_says(made: polls.Made) -> None:
    body = poll_of(made)
    assert body["kind"] == "poll"
    assert body["status"] == made().status.value
    assert body["generated_at"] == "2026-03-03T03:14:00Z"


@pytest.mark.parametrize("kind", ["poll", "history"])
def test_a_schema_refuses_what_it_does_not_describe(kind: str) -> None:
    body = poll_of(polls.failing) if kind == "poll" else history_of(polls.history())
    schema = schema_of(KINDS[kind])
    jsonschema.Draft202012Validator.check_schema(schema)
    less = {name: value for name, value in body.items() if name != "alarms"}
    for wrong in ({**body, "more": 1}, {**body, "status": "ok"}, less):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


@pytest.mark.parametrize("kind", ["poll", "history"])
def test_a_schema_tells_what_each_field_of_an_alarm_and_a_tunnel_means(kind: str) -> None:
    definitions = schema_of(KINDS[kind])["$defs"]
    for name in ("alarm", "tunnel", "difference"):
        plain = {"status", "device"}
        silent = [field for field, told in definitions[name]["properties"].items()
                  if "description" not in told and field not in plain]
        assert silent == []


def test_an_alarm_has_its_finding_what_changed_and_the_id_of_its_evidence() -> None:
    body = poll_of(polls.failing)
    raised = body["raised"][0]
    assert raised["finding"]["cause"] == "ike.psk-mismatch"
    assert raised["evidence"] == "E7"
    assert [each["what"] for each in raised["changed"]] == ["release", "configuration"]
    assert body["cleared"][0]["cleared_at"] == "2026-03-03T03:14:00Z"
    assert body["pending"] == ["router1, 203.0.113.10 10.1.0.0/16 -> 10.2.0.0/16"]


def test_the_tunnels_of_a_device_that_did_not_answer_are_unknown_and_neither_up_nor_down() -> None:
    device = next(each for each in poll_of(polls.silent)["devices"] if each["name"] == "router3")
    assert (device["status"], device["answered"]) == ("unknown", False)
    assert device["errors"][0]["code"] == "timeout"
    tunnel = device["tunnels"][0]
    assert (tunnel["status"], tunnel["cause"], tunnel["up"], tunnel["seen"]) == ("unknown", "unknown", None, None)
    assert tunnel["totals"]["encaps"] == 1200


def test_a_history_tells_its_availability_and_packets_that_are_not_known_are_null() -> None:
    body = history_of(polls.history())
    first, other = body["tunnels"]
    assert first["availability"] == pytest.approx(1511 / 1583, abs=1e-6)
    assert first["sum"]["unknown"] == 12
    untold = next(point for point in first["points"] if point["unknown"])
    assert untold["encaps"] is None
    assert other["availability"] is None
    assert body["changes"][0]["after"] == "critical"


def test_a_history_without_a_tunnel_is_unknown() -> None:
    assert history_of(polls.no_history())["status"] == "unknown"


def test_csv_has_a_row_for_each_point_and_nothing_for_what_is_not_known() -> None:
    rows = rows_of(polls.history())
    assert len(rows) == 7 * 24 - 24
    assert rows[0]["at"] == "2026-02-24T03:14:00Z"
    assert rows[0]["peer"] == "203.0.113.9"
    assert rows[1]["encaps"] == "3600"
    untold = next(row for row in rows if row["unknown"] == "12")
    assert (untold["encaps"], untold["counted"]) == ("", "0")
    assert tuple(rows[0]) == HEADINGS


def test_a_word_of_a_device_is_no_formula_in_a_spreadsheet() -> None:
    answer = polls.history(days=1)
    own = polls.tunnel_id(name="=cmd|' /C calc'!A0\n2")
    tunnel = replace(answer.tunnels[0], id=own)
    assert {row["tunnel"] for row in rows_of(replace(answer, tunnels=(tunnel,)))} == {"'=cmd|' /C calc'!A0 2"}


def test_an_empty_history_is_a_header_row() -> None:
    out = io.StringIO()
    history_csv(polls.no_history(), out)
    assert out.getvalue() == ",".join(HEADINGS) + "\n"
