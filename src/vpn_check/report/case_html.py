"""report.html: one file, no script, nothing loaded; the evidence leads into the transcripts, which are in the page.

Every word of a device goes through `html.escape`; the page's policy forbids scripts and every load besides.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from vpn_check.model.case import End
from vpn_check.report.case_chart import charts
from vpn_check.report.case_diagram import diagram
from vpn_check.report.case_transcripts import Transcripts
from vpn_check.report.case_words import confidence_word, redaction_words, side_words
from vpn_check.report.tunnel_rows import HEADINGS, row
from vpn_check.resources import package_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vpn_check.model.case import Case, CaseDevice
    from vpn_check.model.finding import Diagnosis, Evidence, Finding, Remedy, Status

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_ORDER = ("critical", "unknown", "warning", "healthy")
_MOST_ROWS = 200
_MOST_FINDINGS = 20
_MOST_LINES = 10
_MOST_EVENTS = 300


def html_page(case: Case, redact: Callable[[str], str]) -> str:
    """The page. `redact` masks secrets in every quoted line."""
    return "".join(f"{part}\n" for part in _Page(case, redact).parts())


class _Page:
    def __init__(self, case: Case, redact: Callable[[str], str]) -> None:
        self._case = case
        self._redact = redact
        self._transcripts = Transcripts(case)

    def _text(self, words: str) -> str:
        return escape(self._redact(words))

    def parts(self) -> Iterator[str]:
        case = self._case
        title = escape(", ".join(device.name for device in case.devices) or "case")
        css = package_path("report", "case.css").read_text(encoding="utf-8")
        yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield '<meta name="referrer" content="no-referrer">'
        yield f"<title>IPsec case: {title}</title>\n<style>\n{css}</style>\n</head>\n<body>"
        yield f"<h1>IPsec VPN case: {title}</h1>"
        yield f'<p class="soft">Collected {case.created_at:%Y-%m-%d %H:%M:%S} UTC with {escape(case.tool)}.</p>'
        loud = "loud" if not case.redaction.secrets else "soft"
        yield f'<p class="{loud}">{escape(redaction_words(case.redaction))}</p>'
        if case.partial:
            yield f'<p class="loud">This bundle is not whole: {self._text(case.partial)}</p>'
        for note in case.notes:
            yield f'<p class="loud">{self._text(note)}</p>'
        for device in case.devices:
            for diagnosis in device.diagnoses:
                yield from self._device(device, diagnosis)
        yield from self._events()
        yield from self._absent()
        yield from self._transcripts.parts()
        yield "</body>\n</html>"

    def _device(self, device: CaseDevice, diagnosis: Diagnosis) -> Iterator[str]:
        other = " (the other end)" if device.end is End.REMOTE else ""
        platform = f' <span class="soft">{device.platform.value if device.platform else ""}{other}</span>'
        yield f"<section>\n<h2>{_word(diagnosis.status)} {escape(diagnosis.device)}{platform}</h2>"
        for fault in diagnosis.errors:
            yield f'<div class="verdict unknown"><p>{escape(fault.step)}: {self._text(fault.message)}</p></div>'
        if diagnosis.verdict is not None:
            yield from self._finding(diagnosis.verdict, diagnosis.status)
        for note in diagnosis.notes:
            yield f'<p class="soft">{self._text(note)}</p>'
        yield from diagram(self._case, device, diagnosis)
        yield from self._tunnels(diagnosis)
        yield from charts(device)
        rest = [finding for finding in diagnosis.findings if finding is not diagnosis.verdict]
        if rest:
            yield "<h3>Also found</h3>"
        for finding in rest[:_MOST_FINDINGS]:
            yield from self._finding(finding, None)
        if len(rest) > _MOST_FINDINGS:
            yield f'<p class="soft">... and {len(rest) - _MOST_FINDINGS} more in verdict.json.</p>'
        yield "</section>"

    def _finding(self, finding: Finding, status: Status | None) -> Iterator[str]:
        kind = status.value if status is not None else finding.severity.value
        yield f'<div class="verdict {kind}">\n<p class="say">{self._text(finding.summary)}</p>'
        about = f"{escape(finding.cause)}, {confidence_word(finding.confidence)}{side_words(finding.side)}"
        yield f'<p class="soft">{about}</p>\n<ul class="lines">'
        for line in finding.evidence[:_MOST_LINES]:
            yield f"<li><code>{self._text(line.text)}</code>{self._place(line)}</li>"
        yield "</ul>"
        if finding.causes and finding.cause != "healthy":
            yield "<ol>" + "".join(f"<li>{self._text(cause)}</li>" for cause in finding.causes) + "</ol>"
        for remedy in finding.remedies:
            yield from self._remedy(remedy)
        for caveat in finding.caveats:
            yield f'<p class="soft">Beware: {self._text(caveat)}</p>'
        yield "</div>"

    def _remedy(self, remedy: Remedy) -> Iterator[str]:
        yield f"<p>{self._text(remedy.text)}{' (interrupts traffic)' if remedy.disruptive else ''}</p>"
        if remedy.commands:
            where = " on the other end" if remedy.on_peer else ""
            yield f'<p class="soft">To type{where} (reads only):</p>'
            yield "<pre>" + "\n".join(map(self._text, remedy.commands)) + "</pre>"
        if remedy.changes:
            yield '<p class="soft">A change, to be reviewed and typed by a person:</p>'
            yield "<pre>" + "\n".join(map(self._text, remedy.changes)) + "</pre>"

    def _place(self, line: Evidence) -> str:
        place = f"{escape(line.origin or line.source)}, line {line.line}"
        anchor = self._transcripts.anchor(line)
        return f'<a class="soft" href="#{anchor}">{place}</a>' if anchor else f'<span class="soft">{place}</span>'

    def _tunnels(self, diagnosis: Diagnosis) -> Iterator[str]:
        snapshot = diagnosis.snapshot
        if snapshot is None or not snapshot.tunnels:
            return
        pairs = sorted(
            zip(snapshot.tunnels, diagnosis.tunnels, strict=True), key=lambda pair: _ORDER.index(pair[1].status.value)
        )
        names = ["IKE" if name == "IKE" else name.capitalize() for name in HEADINGS]
        yield f"<h3>Tunnels ({len(pairs)})</h3>\n" + '<table class="tunnels"><thead><tr>'
        yield "".join(f"<th>{escape(name)}</th>" for name in names) + "</tr></thead><tbody>"
        for tunnel, verdict in pairs[:_MOST_ROWS]:
            cells = [
                f'<td data-of="{escape(name)}">{self._text(cell)}</td>'
                for name, cell in zip(names, row(tunnel, verdict), strict=True)
            ]
            cells[-1] = cells[-1].replace("<td", f'<td class="word {verdict.status.value}"', 1)
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</tbody></table>"
        if len(pairs) > _MOST_ROWS:
            yield f'<p class="soft">... and {len(pairs) - _MOST_ROWS} more in verdict.json.</p>'

    def _events(self) -> Iterator[str]:
        events = self._case.events
        if not events:
            return
        yield f"<h2>Timeline</h2>\n<details{' open' if len(events) <= _MOST_EVENTS // 10 else ''}>"
        yield f"<summary>{len(events)} events of the logs</summary>\n<pre>"
        for event in events[:_MOST_EVENTS]:
            when = event.at.strftime("%Y-%m-%d %H:%M:%S") if event.at else event.when or "?"
            yield f"{escape(when)}  {escape(event.device)}  {self._text(event.text)}"
        if len(events) > _MOST_EVENTS:
            yield f"... and {len(events) - _MOST_EVENTS} more in timeline.txt"
        yield "</pre></details>"

    def _absent(self) -> Iterator[str]:
        rows = [
            f"{escape(device.name)}: <code>{self._text(output.command)}</code> ({output.problem})"
            for device in self._case.devices
            for output in device.refused
        ]
        if rows:
            yield f"<h2>Gaps</h2>\n<details><summary>{len(rows)} commands not, or not wholly, answered</summary>"
            yield '<ul class="gaps">'
            yield "".join(f"<li>{text}</li>" for text in rows) + "</ul></details>"
        if self._case.withheld:
            yield (
                "<h2>Withheld</h2>\n<ul>"
                + "".join(
                    f"<li>{escape(part.device)} {escape(part.name)}: {escape(part.why)}</li>"
                    for part in self._case.withheld
                )
                + "</ul>"
            )


def _word(status: Status) -> str:
    return f'<span class="word {status.value}">{status.value.upper()}</span>'
