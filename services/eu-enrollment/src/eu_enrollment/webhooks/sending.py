"""One notice on its way: only to addresses that a stranger may name.

A name is resolved, every address of it looked at, and the connection made to one of those: a name that resolves otherwise a
moment later leads nowhere else. Redirects are not followed, of the answer its status alone is read.
"""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Self

import httpx

from eu_enrollment.settings import EnrollmentSettings
from eu_enrollment.webhooks.errors import WebhookUrlError
from servicekit.errors import FieldError

_SECONDS = 10.0
_TAKEN = range(200, 300)
_PORTS = {None, *range(1, 2**16)}
_GLOBAL, _SIX_TO_FOUR = IPv6Network("2000::/3"), IPv6Network("2002::/16")
"""The one part of IPv6 that is given to hosts of the internet, and in it those addresses that a gateway turns into any of IPv4."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The status answered, or the kind of failure."""

    status: int | None
    error: str | None

    @property
    def taken(self) -> bool:
        """Whether the notice was taken."""
        return self.status in _TAKEN


class Sender:
    """Sends notices within the settings' bounds."""

    def __init__(self, settings: EnrollmentSettings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(timeout=_SECONDS, trust_env=False, follow_redirects=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(self, url: str, headers: Mapping[str, str], body: str) -> Outcome:
        """Send a notice; never raises for what the address does."""
        try:
            async with asyncio.timeout(_SECONDS):
                return Outcome(await self._post(httpx.URL(url), headers, body), None)
        except (httpx.TimeoutException, TimeoutError):
            return Outcome(None, "timeout")
        except socket.gaierror:
            return Outcome(None, "name-not-found")
        except WebhookUrlError:
            return Outcome(None, "address-not-allowed")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
            return Outcome(None, "connection-failed")

    async def _post(self, url: httpx.URL, headers: Mapping[str, str], body: str) -> int:
        check_url(str(url), self._settings)
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, url.port or {"https": 443}.get(url.scheme, 80), type=socket.SOCK_STREAM
        )
        addresses = [str(one[4][0]) for one in found]
        if not self._settings.webhook_private_addresses and not all(_public(one) for one in addresses):
            raise WebhookUrlError
        request = self._client.build_request(
            "POST",
            url.copy_with(host=addresses[0]),
            content=body.encode(),
            headers={**headers, "Host": url.netloc.decode(), "Content-Type": "application/json"},
            extensions={"sni_hostname": url.host},
        )
        answer = await self._client.send(request, stream=True)
        await answer.aclose()
        return answer.status_code


def check_url(text: str, settings: EnrollmentSettings) -> None:
    """Raise ``WebhookUrlError`` for an address that notices are not sent to, as far as it can be told without asking."""
    try:
        url = httpx.URL(text)
        good = bool(url.host) and not url.userinfo and not url.fragment and url.port in _PORTS
        good = good and (url.scheme == "https" or (url.scheme == "http" and settings.webhook_plain_http))
    except (httpx.InvalidURL, ValueError):
        good = False
    if good and not settings.webhook_private_addresses:
        good = url.host != "localhost" and (not _literal(url.host) or _public(url.host))
    if not good:
        wrong = "Нужен адрес https без имени пользователя, не из внутренней сети"
        raise WebhookUrlError(errors=[FieldError("/body/url", WebhookUrlError.code, wrong)])


def _literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _public(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip.ipv4_mapped is not None:
        return _public(str(ip.ipv4_mapped))
    return ip.is_global and ip in _GLOBAL and ip not in _SIX_TO_FOUR
