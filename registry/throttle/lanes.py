"""Lanes: under what an attempt is counted, and how many there may be in how long."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network


@dataclass(frozen=True)
class Lane:
    """So many attempts within a time; `name` says in the trail which kind of lane it is."""

    name: str
    key: str
    most: int
    within: timedelta

    @property
    def lock(self) -> int:
        """The number under which PostgreSQL lets one attempt at a time into the lane."""
        return int.from_bytes(bytes.fromhex(self.key)[:8], signed=True)


def lane_key(secret: bytes, *parts: str) -> str:
    """What the database keeps of a lane: an HMAC, so that a copy of it tells no name and no address."""
    told = b"".join(len(raw).to_bytes(4) + raw for raw in (part.encode() for part in parts))
    return hmac.new(secret, told, sha256).hexdigest()


def network_of(address: str | None, *, prefix: int = 64) -> str:
    """The network somebody comes from: an IPv4 address as it is, of IPv6 the /64 that one subscriber has."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, prefix), strict=False))


def site_of(address: str | None) -> str | None:
    """The /48 of an IPv6 address, which one customer may be given with its 65,536 subnets; None of any other."""
    site = network_of(address, prefix=48)
    return site if ":" in site else None
