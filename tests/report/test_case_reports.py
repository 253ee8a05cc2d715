"""The reports of a case: what they say, and that no word of a device becomes more than a word."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.report.cases import EVIL, hostile_case, usual_case

from vpn_check.report.case_html import html_page
from vpn_check.report.case_markdown import markdown_page
from vpn_check.report.timeline import timeline_document, timeline_text


class Page(HTMLParser):
    """The elements and attributes that a page really has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in {"meta", "path", "rect", "circle", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


USED = {
    *("html", "head", "meta", "title", "style", "body", "section", "h1", "h2", "h3", "p"),
    *("span", "div", "ul", "ol", "li", "code", "pre", "a"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "mark"),
    *("svg", "path", "rect", "circle", "text"),
}


def test_the_page_says_what_is_wrong_with_the_devices_own_lines() -> None:
    page = Page(html_page(usual_case(), str))
    words = " ".join(" ".join(page.words).split())
    for said in (
        "traffic.no-return", "#pkts encaps: 190", "CRITICAL", "10.1.0.0/16 -> 10.2.0.0/16", "encaps +90",
        "recv errors +0", "decaps +0", "15 s", "show crypto map", "r2: no TCP connection", "Crypto tunnel is DOWN",
    ):  # fmt: skip
        assert said in words, said
    assert page.tags.count("svg") == 2


def test_every_link_of_the_page_leads_somewhere_in_it() -> None:
    for case in (usual_case(), hostile_case()):
        page = Page(html_page(case, str))
        assert page.links
        assert {link[1:] for link in page.links} <= set(page.ids)
        assert all(link.startswith("#") for link in page.links)
        assert len(page.ids) == len(set(page.ids))
        assert page.open == []


def test_no_word_of_a_device_becomes_an_element() -> None:
    text = html_page(hostile_case(), str)
    page = Page(text)
    assert set(page.tags) <= USED
    assert not any(name.startswith("on") or name in {"src", "style", "srcset", "action"} for name in page.attributes)
    assert "<script" not in text
    assert "<img" not in text
    assert "window.owned=1" in " ".join(page.words)
    assert "default-src 'none'" in text.replace("&#x27;", "'")


def test_the_page_loads_nothing() -> None:
    text = html_page(usual_case(), str)
    assert re.search(r"""(?:src|href)=["'](?!#)|url\(|@import|https?://""", text) is None


def test_every_quoted_line_goes_through_redaction() -> None:
    seen: list[str] = []

    def masked(words: str) -> str:
        seen.append(words)
        return words.replace("encaps: 190", "encaps: XXX")

    text = html_page(usual_case(), masked)
    head, _, transcripts = text.partition("<h2>Transcripts")
    assert "encaps: XXX" in head
    assert "encaps: 190" not in head
    assert "encaps: 190" in transcripts  # those are redacted already


def test_the_markdown_is_short_and_stays_markdown() -> None:
    page = markdown_page(usual_case(), str)
    assert len(page.splitlines()) < 60
    for said in ("traffic.no-return", "encaps: 190", "| peer |", "show crypto map", "15 s apart"):
        assert said in page
    evil = markdown_page(hostile_case(), str)
    outside = re.sub(r"```.*?```|`[^`\n]*`", "", evil, flags=re.DOTALL)
    assert re.search(r"(?<!\\)<", outside) is None
    assert EVIL not in outside


def test_the_timeline_is_in_the_order_of_time() -> None:
    case = usual_case()
    lines = timeline_text(case).splitlines()[2:]
    assert lines == sorted(lines)
    assert lines[0].startswith(
        "2026-03-03 09:58:01  r1  *Mar  3 09:58:01.100: %CRYPTO-5-SESSION_STATUS: Crypto tunnel is DOWN"
    )
    assert lines[0].endswith("[devices/r1/show_logging.txt:1]")
    assert timeline_document(case)["events"][1]["at"] == "2026-03-03T09:58:09.000000"


def test_a_counter_that_was_cleared_is_no_negative_number() -> None:
    text = html_page(usual_case(), str).replace("+90", "")
    assert "+-" not in text
    assert "-90" not in text
