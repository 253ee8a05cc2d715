"""A headless Chromium over its debugging pipe: what a page needs to be looked at, and nothing more."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path


def executable() -> str | None:
    """Where Chromium is, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One browser with one page. `requests` are the addresses that were loaded, `complaints` what the console said."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._number = 0
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def __enter__(self) -> Self:
        out_read, out_write = os.pipe()
        in_read, in_write = os.pipe()
        command = [executable() or "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
                   "--disable-dev-shm-usage", "--disable-domain-reliability",
                   f"--user-data-dir={self._profile}", "--remote-debugging-pipe", "about:blank"]  # fmt: skip

        # the browser reads its orders from descriptor 3 and answers on 4
        shell = ["/bin/bash", "-c", f'exec "$@" 3<&{in_read} 4>&{out_write}', "bash", *command]
        self._process = subprocess.Popen(shell, pass_fds=(in_read, out_write), stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)  # fmt: skip
        os.close(in_read)
        os.close(out_write)
        self._in, self._out = os.fdopen(in_write, "wb", buffering=0), os.fdopen(out_read, "rb", buffering=0)
        self._rest = b""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable")
        return self

    def __exit__(self, *_exc: object) -> None:
        self._in.close()
        self._out.close()
        self._process.terminate()
        self._process.wait(timeout=20)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One order and its answer."""
        self._number += 1
        body: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None and not method.startswith("Target."):
            body["sessionId"] = self._session
        self._in.write(json.dumps(body).encode() + b"\0")
        while True:
            message = self._message()
            if message.get("id") == self._number:
                assert "error" not in message, message
                answer: dict[str, Any] = message["result"]
                return answer
            self._note(message)

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            chunk = self._out.read(1 << 16)
            assert chunk, "the browser has ended"
            self._rest += chunk
        head, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(head)
        return message

    def _note(self, message: dict[str, Any]) -> None:
        parameters = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif message.get("method") == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif message.get("method") in {"Runtime.consoleAPICalled", "Runtime.exceptionThrown"}:
            self.complaints.append(json.dumps(parameters))

    def open(self, url: str, width: int, height: int, *, phone: bool = False) -> None:
        """Show a page in a window of this size, in CSS pixels, and wait until it is loaded."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1,
                 mobile=phone)  # fmt: skip
        self.ask("Page.navigate", url=url)
        while (
            self.value("document.readyState") != "complete"
            or self.value("location.href.split('#')[0]") != url.partition("#")[0]
        ):
            pass

    def scheme(self, name: str) -> None:
        """Prefer light or dark."""
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def value(self, expression: str) -> Any:
        """What an expression is in the page."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """A picture of the page."""
        data = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def pdf(self, path: Path) -> None:
        """The page as it is printed."""
        path.write_bytes(base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"]))
