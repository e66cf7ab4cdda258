"""Where a request comes from: the peer, or what the gateway says of it."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.requests import Request

from auth.settings import Network

_HOUSEHOLD_PREFIX = 64


def source_address(request: Request, trusted: Sequence[Network]) -> str:
    """The nearest address on the way here that is not one of our own proxies.

    ``X-Forwarded-For`` is read from the right and only as long as trusted proxies wrote it: what a client puts there itself
    is never believed. An IPv6 address counts by its /64, which one household or host owns whole.
    """
    peer = _parse(request.client.host) if request.client else None
    if peer is None:
        return "unknown"
    hops = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for hop in reversed(hops):
        if not any(peer in network for network in trusted):
            break
        named = _parse(hop.strip())
        if named is None:
            break
        peer = named
    if isinstance(peer, IPv6Address):
        return str(IPv6Network((peer, _HOUSEHOLD_PREFIX), strict=False))
    return str(peer)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
