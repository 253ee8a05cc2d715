"""report.html in a real browser: on a telephone, on a desk, in the dark, on paper, and of devices that mean harm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.integration.browser import Browser, executable
from tests.report.cases import hostile_case, usual_case

from vpn_check.report.case_html import html_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.integration
SIZES = {"phone": (390, 844), "small phone": (320, 568), "desk": (1280, 900)}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert executable() is not None, "`make integration` installs chromium"
    with Browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module", params=["usual", "hostile"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = {"usual": usual_case, "hostile": hostile_case}[request.param]()
    path = tmp_path_factory.mktemp(request.param) / "report.html"
    path.write_text(html_page(case, str))
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_overflows_nothing_complains_nothing_is_loaded(
    size: str, scheme: str, page: Path, browser: Browser
) -> None:
    browser.requests.clear()
    browser.complaints.clear()
    width, height = SIZES[size]
    browser.scheme(scheme)
    browser.open(page.as_uri(), width, height, phone="phone" in size)
    browser.value("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert browser.value("document.documentElement.scrollWidth") <= browser.value("window.innerWidth")
    wide = browser.value(
        "JSON.stringify([...document.querySelectorAll('body *')]"
        ".filter(e => !e.closest('svg') && e.tagName !== 'MARK')"
        ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 1).map(e => e.outerHTML.slice(0, 80)))"
    )
    assert json.loads(wide) == []
    assert browser.complaints == []
    assert set(browser.requests) == {page.as_uri()}


def test_words_in_drawings_do_not_leave_them(page: Path, browser: Browser) -> None:
    browser.open(page.as_uri(), 390, 844, phone=True)
    outside = browser.value(
        "JSON.stringify([...document.querySelectorAll('svg text')].filter(t => {"
        "const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();"
        "return a.left < b.left - 1 || a.right > b.right + 1 || a.bottom > b.bottom + 1; }).map(t => t.textContent))"
    )
    assert json.loads(outside) == []


def test_no_script_of_a_device_runs(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(html_page(hostile_case(), str))
    browser.open(path.as_uri(), 1280, 900)
    assert browser.value("window.owned === undefined && document.title.startsWith('IPsec case')")
    assert (
        browser.value("document.scripts.length + document.querySelectorAll('img,iframe,object,link,form').length") == 0
    )


def test_a_quoted_line_leads_to_its_transcript(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(html_page(usual_case(), str))
    browser.open(path.as_uri(), 390, 844, phone=True)
    link = browser.value("document.querySelector('.lines a').getAttribute('href')")
    browser.open(path.as_uri() + link, 390, 844, phone=True)
    assert browser.value(f"document.getElementById('{link[1:]}').closest('details').open")
    quoted = browser.value("document.querySelector('.lines code').textContent.trim()")
    shown = browser.value(f"document.getElementById('{link[1:]}').textContent.trim()")
    assert quoted == shown


def test_words_can_be_read_against_their_ground(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(html_page(usual_case(), str))
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        browser.open(path.as_uri(), 390, 844, phone=True)
        colours = json.loads(
            browser.value(
                "JSON.stringify([...document.querySelectorAll('p, h1, h2, li, td, .word')].map(e => ["
                "getComputedStyle(e).color, getComputedStyle(e.closest('.verdict') || document.body).backgroundColor]))"
            )
        )
        assert min(contrast(one, other) for one, other in colours) >= 4.5


def contrast(one: str, other: str) -> float:
    """The ratio of luminances, as the accessibility guidelines (WCAG 2) compute it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_it_prints(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(html_page(usual_case(), str))
    browser.open(path.as_uri(), 1280, 900)
    browser.pdf(tmp_path / "report.pdf")
    data = (tmp_path / "report.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert 0 < data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") + data.count(b"/Type /Page/") < 12
