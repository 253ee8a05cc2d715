"""NetBox, by its REST API: `netbox+https://host/?site=munich&role=edge-router`, the token in NETBOX_TOKEN.

Devices and virtual machines are read, page by page. A device's primary address is its host, its platform's slug says
what it is, its site and role are groups, its tags are tags. A custom field `vpn_check` (a JSON object) may carry our
own keys of a device. The address may have NetBox's own filters as its query.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from vpn_check.errors import InventoryError
from vpn_check.inventory.document import Section
from vpn_check.inventory.fields import Fields
from vpn_check.inventory.foreign import OWN, Described, Gathering, own_values, words
from vpn_check.inventory.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from vpn_check.inventory.sources import Inventory

TOKEN = "NETBOX_TOKEN"  # noqa: S105  the name of the variable, not a token
CONNECT, READ = 10.0, 30.0
"""Seconds to wait for a connection, and for each piece of an answer."""

_PAGE = 250
_BOTH = frozenset({"id", "name", "q", "site", "region", "site_group", "role", "platform", "status", "tag", "tenant",
                   "tenant_group", "cluster", "has_primary_ip", "primary_ip4", "primary_ip6"})
"""Filters that devices and virtual machines have."""
_DEVICES = frozenset({"manufacturer", "device_type", "model", "location", "rack", "serial", "asset_tag", "face",
                      "is_full_depth", "virtual_chassis", "virtual_chassis_member", "cluster_group", "mac_address"})


def read_netbox(place: str, environ: Mapping[str, str]) -> Inventory:
    """Read the devices of a NetBox.

    Args:
        place: `netbox+https://host/path/?filter=value`.
        environ: the environment, which holds the token.

    Raises:
        InventoryError: the address, a filter or the token is wrong, or what answers there is no NetBox.
    """
    asked = _Request.of(place, environ)
    found = tuple(_records(asked))
    counted = Counter(str(record["name"]) for record, _ in found if record.get("name"))
    twice = {name for name, count in counted.items() if count > 1}
    gathering = Gathering(asked.shown, "netbox")
    for record, kind in found:
        if record.get("name"):
            gathering.add(_described(record, kind, twice))
    return gathering.inventory(_notes(asked, found, twice))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What to ask, and where. Its repr does not show the token."""

    base: str
    token: str = field(repr=False)
    filters: Mapping[str, list[str]]

    @staticmethod
    def of(place: str, environ: Mapping[str, str]) -> _Request:
        parts = urlsplit(place.removeprefix("netbox+"))
        if not place.startswith("netbox+") or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InventoryError(f"`{place.rpartition('@')[2].partition('?')[0]}` is not an inventory.",
                                 hint="A NetBox is given as netbox+https://HOST/?site=SLUG, with the token in "
                                      f"{TOKEN}; files and folders by their path.")
        if "@" in parts.netloc:
            raise InventoryError("The address of the NetBox holds a user name or a token.",
                                 hint=f"Take it out there, and set {TOKEN}.")
        filters = parse_qs(parts.query, keep_blank_values=True)
        _check(filters)
        token = environ.get(TOKEN, "").strip()
        if not token:
            raise InventoryError(f"There is no token for the NetBox {parts.netloc}.",
                                 hint=f"Set {TOKEN} to a token that may read devices.")
        return _Request(base=urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", "")), token=token,
                        filters=filters)

    @property
    def shown(self) -> str:
        """The address, for sentences."""
        return f"netbox+{self.base}"

    @property
    def unencrypted(self) -> bool:
        """Whether the token crosses a network in clear."""
        parts = urlsplit(self.base)
        host = parts.hostname or ""
        try:
            local = ipaddress.ip_address(host).is_loopback
        except ValueError:
            local = host == "localhost"
        return parts.scheme == "http" and not local

    def endpoints(self, api: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  pynetbox has no types
        yield "device", api.dcim.devices
        if all(_plain(name) in _BOTH or name.startswith("cf_") for name in self.filters):
            yield "virtual machine", api.virtualization.virtual_machines


def _check(filters: Mapping[str, list[str]]) -> None:
    if "token" in filters:
        raise InventoryError("The address of the NetBox holds a token.", hint=f"Take it out there, and set {TOKEN}.")
    for name, values in filters.items():
        if _plain(name) not in _BOTH | _DEVICES and not name.startswith("cf_"):
            raise InventoryError(f"`{name}` is no filter of NetBox's devices; NetBox would pass over it and list all.",
                                 hint=nearest(name, _BOTH | _DEVICES))
        if not all(values):
            raise InventoryError(f"The filter `{name}` of the NetBox address has no value.",
                                 hint=f"Write {name}=VALUE.")


def _plain(name: str) -> str:
    return name.partition("__")[0].removesuffix("_id")


def _records(asked: _Request) -> Iterator[tuple[dict[str, Any], str]]:
    """The records of all pages, each with what it is."""
    try:
        import pynetbox  # noqa: PLC0415  optional, and slow to load
        import requests  # noqa: PLC0415  comes with it
    except ImportError:
        raise InventoryError("A NetBox is given, and pynetbox is not installed.",
                             hint="Type: pip install 'vpn-check[netbox]'") from None
    api = pynetbox.api(asked.base, token=asked.token)
    api.http_session = _session(asked.base)
    for kind, endpoint in asked.endpoints(api):
        try:
            for record in endpoint.filter(**asked.filters, exclude="config_context", limit=_PAGE):
                yield _shaped(dict(record)), kind
        except pynetbox.RequestError as exc:
            yield from _refused(asked, kind, exc.req.status_code, str(exc.error))
        except pynetbox.ContentError:
            raise _not_netbox(asked) from None
        except requests.RequestException as exc:
            raise _unreachable(asked, exc) from None
        except (KeyError, TypeError, ValueError, AttributeError):   # an answer in JSON that is no list of devices
            raise _not_netbox(asked) from None


def _shaped(record: dict[str, Any]) -> dict[str, Any]:
    """The record itself. Raises TypeError where it is not what NetBox lists."""
    name, fields = record.get("name"), record.get("custom_fields")
    if not isinstance(name, str | None) or not isinstance(fields, dict | None) or "id" not in record:
        raise TypeError
    return record


def _session(base: str) -> Any:  # noqa: ANN401  requests is optional
    import requests  # noqa: PLC0415  optional

    origin = urlsplit(base)

    class Session(requests.Session):  # type: ignore[misc]  # requests ships no types
        """Waits for a while and not for ever, and sends the token to the NetBox that was named and nowhere else."""

        def request(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401  handed through
            target = urlsplit(url)   # the address of a next page is the server's word, and wrong behind some proxies
            options.setdefault("timeout", (CONNECT, READ))
            return super().request(method, urlunsplit(target._replace(scheme=origin.scheme, netloc=origin.netloc)),
                                   **options)

    session = Session()
    session.auth = lambda prepared: prepared   # or else an entry of ~/.netrc would replace the token
    return session


def _refused(asked: _Request, kind: str, status: int, text: str) -> Iterator[tuple[dict[str, Any], str]]:
    detail = " ".join(text.replace(asked.token, "<token>").split())[:160] or "no more was said"
    if status in {401, 403}:
        if kind == "device":
            raise InventoryError(f"The NetBox {asked.base} refuses the token ({status}: {detail}).",
                                 hint=f"Set {TOKEN} to a token that is valid and may read devices.")
        yield {"name": None, "refused": status}, kind
        return
    if status == 404:  # noqa: PLR2004  HTTP
        if kind == "device":
            raise _not_netbox(asked)
        return
    if status == 400:  # noqa: PLR2004  HTTP
        raise InventoryError(f"The NetBox {asked.base} does not accept a filter ({detail}).",
                             hint="Filters take slugs as NetBox shows them in its addresses.")
    raise InventoryError(f"The NetBox {asked.base} failed ({status}: {detail}).",
                         hint="Try again; if it stays, look at its log.")


def _not_netbox(asked: _Request) -> InventoryError:
    return InventoryError(f"What answers at {asked.base}/api/ is not the API of a NetBox.",
                          hint="Check the address; a path such as /netbox/ belongs to it, /api/ does not.")


def _unreachable(asked: _Request, exc: Exception) -> InventoryError:
    import requests  # noqa: PLC0415  it raised the exception

    if isinstance(exc, requests.exceptions.SSLError):
        return InventoryError(f"The certificate of the NetBox {asked.base} cannot be verified.",
                              hint="Set REQUESTS_CA_BUNDLE to the file of your certificate authority.")
    if isinstance(exc, requests.Timeout):
        limit = CONNECT if isinstance(exc, requests.exceptions.ConnectTimeout) else READ
        return InventoryError(f"The NetBox {asked.base} did not answer within {limit:g} s.",
                              hint="Look at its load, or ask for less: ?site=SLUG&role=SLUG.")
    return InventoryError(f"The NetBox {asked.base} cannot be reached ({type(exc).__name__}).",
                          hint="Check the address, DNS and the network you are on.")


def _described(record: Mapping[str, Any], kind: str, twice: Collection[str]) -> Described:
    name, site = str(record["name"]), _slug(record.get("site"))
    role = _slug(record.get("role") or record.get("device_role"))
    primary = record.get("primary_ip") or record.get("primary_ip4")
    address = primary.get("address") if isinstance(primary, dict) else None
    own = (record.get("custom_fields") or {}).get(OWN)
    return Described(
        name=_name(record, twice), host=str(address or name).partition("/")[0],
        platform=_slug(record.get("platform")), groups=tuple(dict.fromkeys(filter(None, (site, role)))), site=site,
        tags=words(record.get("tags") or []),
        own=own_values(Fields(Path(f"NetBox, {kind} {name}")), _section(own), name) if own else {},
    )


def _name(record: Mapping[str, Any], twice: Collection[str]) -> str:
    """The name; with its NetBox number where another one of the same name was read."""
    return f"{record['name']}#{record.get('id')}" if record["name"] in twice else str(record["name"])


def _section(body: object) -> object:
    if not isinstance(body, dict):
        return body
    section = Section(body)
    section.lines = {}
    return section


def _slug(record: object) -> str | None:
    found = record.get("slug") or record.get("name") if isinstance(record, dict) else None
    return str(found) if found else None


def _notes(asked: _Request, found: Iterable[tuple[Mapping[str, Any], str]], twice: Collection[str]) -> Iterator[str]:
    if asked.unencrypted:
        yield f"The token goes to {asked.base} unencrypted. Use netbox+https://."
    refused = [record["refused"] for record, _ in found if "refused" in record]
    for status in refused:
        yield f"The virtual machines of {asked.base} were not read: the token may not see them ({status})."
    unnamed = sum(not record.get("name") for record, _ in found) - len(refused)
    if unnamed:
        yield f"{unnamed} devices of {asked.base} have no name and were left out."
    for name in sorted(twice):
        yield f"The name {name} stands for several devices of {asked.base}: they are called {name}#NUMBER here."
