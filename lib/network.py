"""The addresses under which the hall's phones can reach this machine. A hall has a router and a laptop, often nothing
else: no name server, no internet."""

import socket
from functools import lru_cache
from ipaddress import IPv4Address, ip_address
from time import monotonic
from urllib.parse import urlsplit

import psutil

from lib.settings import settings

BELIEVED_SECONDS = 10
"""How long a process believes what the machine's network looked like."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_NOT_A_HALL = ("lo", "docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "tun", "utun", "tailscale", "zt", "wg")
"""Beginnings of the names of interfaces that no phone in the room is on: containers, virtual machines, tunnels."""


def hall_address() -> str:
    """What the room's QR codes carry unless the facilitator chooses otherwise: `BASE_URL`; else this machine's own
    address on the hall's network; else localhost, while the product listens to this machine only."""
    found = settings()
    if found.base_url:
        return found.address
    return next(iter(possible_addresses()), found.phones_address)


def possible_addresses() -> tuple[str, ...]:
    """Every address under which a phone may reach this machine, the likeliest first: empty while the product listens
    to this machine only (`HOST`)."""
    found = settings()
    if found.host in LOOPBACK:
        return (found.address,) if found.base_url else ()
    if found.host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        own: tuple[str, ...] = (found.host,)
    else:
        own = _own_addresses(int(monotonic() // BELIEVED_SECONDS))
    named = (found.address,) if found.base_url else ()
    return tuple(dict.fromkeys([*named, *(f"http://{address}:{found.phones_port}" for address in own)]))


def listens_to_the_hall() -> bool:
    """Whether other devices can reach the product at all."""
    return settings().host not in LOOPBACK


def is_of_this_machine(address: str) -> bool:
    """Whether an address leads to this machine as far as it knows itself: one of its own addresses or names, or the
    machine that `BASE_URL` names. Phones that open another one could be shown anything there."""
    name = socket.gethostname().lower()
    known = {*LOOPBACK, name, f"{name.partition('.')[0]}.local", *_own_addresses(int(monotonic() // BELIEVED_SECONDS))}
    if settings().base_url:
        known.add(urlsplit(settings().address).hostname or "")
    return (urlsplit(address).hostname or "") in known


@lru_cache(maxsize=2)
def _own_addresses(tick: int) -> tuple[str, ...]:
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        (name, address.address)
        for name, addresses in psutil.net_if_addrs().items()
        if name in up
        for address in addresses
        if address.family is socket.AF_INET and _is_reachable(address.address)
    ]
    leading_out = _address_that_leads_out()
    found.sort(key=lambda one: (one[0].lower().startswith(_NOT_A_HALL), one[1] != leading_out, one))
    return tuple(address for _name, address in found)


def _is_reachable(text: str) -> bool:
    address = ip_address(text)
    return isinstance(address, IPv4Address) and not (address.is_loopback or address.is_link_local)


def _address_that_leads_out() -> str:
    """The own address that the machine would use towards other networks; "" where no way leads there. Connecting a
    UDP socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("203.0.113.1", 9))
            return str(asked.getsockname()[0])
        except OSError:
            return ""
