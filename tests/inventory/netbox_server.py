"""A small HTTP server that lists devices and virtual machines as NetBox's REST API does, and can misbehave."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "0123456789abcdef0123456789abcdef01234567"
LARGEST_PAGE = 3


@dataclass
class NetBox:
    """What the server knows, how it fails, and what it was asked."""

    devices: list[dict[str, Any]] = field(default_factory=list)
    machines: list[dict[str, Any]] = field(default_factory=list)
    status: dict[str, int] = field(default_factory=dict)
    body: bytes | None = None
    pause: float = 0.0
    next_scheme: str = "http"
    next_host: str | None = None
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"netbox+http://127.0.0.1:{self.port}"

    def answer(self, path: str, query: dict[str, list[str]], token: str | None) -> tuple[int, bytes]:
        self.asked.append((path, query))
        time.sleep(self.pause)
        if token != f"Token {TOKEN}":
            return 403, json.dumps({"detail": "Invalid token"}).encode()
        if path in self.status:
            return self.status[path], json.dumps({"detail": "as the test wishes"}).encode()
        if self.body is not None:
            return 200, self.body
        records = {"/api/dcim/devices/": self.devices, "/api/virtualization/virtual-machines/": self.machines}.get(path)
        if records is None:
            return 404, b"<html>not found</html>"
        for name in ("site", "role", "platform"):
            if name in query:
                slugs = {record[name]["slug"] for record in self.devices if record.get(name)}
                wrong = [value for value in query[name] if value not in slugs]
                if wrong:
                    return 400, json.dumps({name: [f"Select a valid choice. {wrong[0]} is not one."]}).encode()
                records = [record for record in records if record.get(name) and record[name]["slug"] in query[name]]
        return 200, self.page(path, query, records)

    def page(self, path: str, query: dict[str, list[str]], records: list[dict[str, Any]]) -> bytes:
        limit = min(int(query.get("limit", ["50"])[0]) or LARGEST_PAGE, LARGEST_PAGE)
        offset = int(query.get("offset", ["0"])[0])
        following = None
        if offset + limit < len(records):
            rest = {**query, "limit": [str(limit)], "offset": [str(offset + limit)]}
            host = self.next_host or f"127.0.0.1:{self.port}"
            following = f"{self.next_scheme}://{host}{path}?{urlencode(rest, doseq=True)}"
        return json.dumps({"count": len(records), "next": following, "previous": None,
                           "results": records[offset:offset + limit]}).encode()


@contextmanager
def serving(box: NetBox) -> Iterator[NetBox]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, body = box.answer(parts.path, parse_qs(parts.query), self.headers.get("Authorization"))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):   # a client that waited no longer
                self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def device(number: int, name: str | None, **more: Any) -> dict[str, Any]:
    """A device as `/api/dcim/devices/` shows it, the fields that matter here."""
    url = f"http://127.0.0.1/api/dcim/devices/{number}/"
    return {
        "id": number, "url": url, "display": name or f"device {number}", "name": name,
        "role": {"id": 1, "url": "http://127.0.0.1/api/dcim/device-roles/1/", "name": "Edge", "slug": "edge-router"},
        "site": {"id": 1, "url": "http://127.0.0.1/api/dcim/sites/1/", "name": "Munich", "slug": "munich"},
        "platform": None, "primary_ip": None, "status": {"value": "active", "label": "Active"},
        "tags": [], "custom_fields": {}, **more,
    }


def platform(slug: str) -> dict[str, Any]:
    return {"id": 7, "url": "http://127.0.0.1/api/dcim/platforms/7/", "name": slug.title(), "slug": slug}


def address(text: str) -> dict[str, Any]:
    return {"id": 9, "url": "http://127.0.0.1/api/ipam/ip-addresses/9/", "family": {"value": 4}, "address": text}


def tag(slug: str) -> dict[str, Any]:
    return {"id": 3, "url": "http://127.0.0.1/api/extras/tags/3/", "name": slug.upper(), "slug": slug, "color": "fff"}
