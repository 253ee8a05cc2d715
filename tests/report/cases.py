"""Cases to report on: a usual one with two looks at the counters, and one whose devices mean harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from vpn_check.jobs.analyze import Capture
from vpn_check.jobs.case.build import build
from vpn_check.jobs.case.order import Order
from vpn_check.model.case import End
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import DeviceFault
from vpn_check.model.transcript import CommandOutput, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from vpn_check.model.case import Case

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
IKE = """dst             src             state          conn-id status
198.51.100.7    192.0.2.1       QM_IDLE           1001 ACTIVE
"""
SA = """interface: GigabitEthernet0/0
    Crypto map tag: {map}, local addr 192.0.2.1

   protected vrf: (none)
   local  ident (addr/mask/prot/port): (10.1.0.0/255.255.0.0/0/0)
   remote ident (addr/mask/prot/port): (10.2.0.0/255.255.0.0/0/0)
   current_peer 198.51.100.7 port 500
    #pkts encaps: {sent}, #pkts encrypt: {sent}, #pkts digest: {sent}
    #pkts decaps: {got}, #pkts decrypt: {got}, #pkts verify: {got}
    #send errors 0, #recv errors {bad}
     current outbound spi: 0x1A2B3C4D(439041101)
     inbound esp sas:
      spi: 0x0A0B0C0D(168496141)
        transform: esp-aes esp-sha-hmac ,
        sa timing: remaining key lifetime (k/sec): (4608000/3000)
        Status: ACTIVE
     outbound esp sas:
      spi: 0x1A2B3C4D(439041101)
        transform: esp-aes esp-sha-hmac ,
        sa timing: remaining key lifetime (k/sec): (4608000/3000)
        Status: ACTIVE
"""
LOG = (
    "*Mar  3 09:58:01.100: %CRYPTO-5-SESSION_STATUS: Crypto tunnel is DOWN.  Peer 198.51.100.7:500\n"
    "*Mar  3 09:58:09.000: %CRYPTO-5-SESSION_STATUS: Crypto tunnel is UP  .  Peer 198.51.100.7:500\n"
)
EVIL = "<script>window.owned=1</script><img src=x onerror='window.owned=1'>\"'&]]>--><svg/onload=owned=1>"
LONG_WORD = "x" * 500


def output(command: str, text: str, seconds: float = 0, problem: Problem | None = None) -> CommandOutput:
    return CommandOutput(command=command, text=text, received_at=NOW + timedelta(seconds=seconds), problem=problem)


def made(*captures: Capture, out: Path, partial: str | None = None) -> Case:
    order = Order(out=out)
    return build(captures, order, redactor=order.redactor(), started_at=NOW, now=NOW, partial=partial).case


def usual_case(out: Path | None = None) -> Case:
    """Encaps without decaps, looked at twice, beside the other end, which was not reached."""
    from pathlib import Path as AnyPath  # noqa: PLC0415  the name above is for the type checker

    first = Capture(
        name="r1",
        platform=PlatformName.IOS,
        live=True,
        outputs=(
            output("show crypto isakmp sa", IKE),
            output("show crypto ipsec sa", SA.format(map="M", sent=100, got=0, bad=0)),
            output("show crypto map", "% Invalid input detected\n", 1, Problem.UNSUPPORTED),
            output("show logging", LOG, 2),
            output("show crypto ipsec sa", SA.format(map="M", sent=190, got=0, bad=0), 15),
        ),
    )
    fault = DeviceFault(step="connect", message="r2: no TCP connection to 198.51.100.7 port 22. Look at the route.")
    second = Capture(name="r2", platform=PlatformName.ASA, live=True, outputs=(), faults=(fault,))
    return made(first, second, out=out or AnyPath("case.zip"))


def hostile_case() -> Case:
    """Names, banners, commands and messages that try to be HTML, Markdown or very long."""
    from pathlib import Path as AnyPath  # noqa: PLC0415  same

    text = SA.format(map=EVIL.replace(" ", ""), sent=100, got=0, bad=0)
    log = f"*Mar  3 09:58:01.100: %CRYPTO-4-IKMP_BAD_MESSAGE: {EVIL} {LONG_WORD}\n"
    one = Capture(
        name=EVIL,
        platform=PlatformName.IOS,
        live=True,
        outputs=(
            output("show crypto isakmp sa", IKE),
            output("show crypto ipsec sa", text.replace("GigabitEthernet0/0", "Gi" + EVIL.replace(" ", ""))),
            output(f"show {EVIL}", EVIL + "\n" + LONG_WORD + "\n", 1, Problem.TIMED_OUT),
            output("show logging", log + f"banner motd {EVIL}\n", 2),
            output("show crypto ipsec sa", text.replace("100", "190"), 15),
        ),
        faults=(DeviceFault(step="x", message=f"{EVIL} {LONG_WORD}"),),
    )
    two = Capture(name=f"fw-{LONG_WORD}", outputs=(output("", LOG),), end=End.REMOTE)
    case = made(one, two, out=AnyPath("case.zip"), partial=f"because {EVIL}")
    return replace(case, notes=(EVIL, LONG_WORD))
