"""The host of a web address: as it is shown to people, and whether everybody can reach it."""

import re
from ipaddress import ip_address

_HOST = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^/?#:@]*)", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")

LOCAL = frozenset(
    {"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "test", "invalid", "onion"}
)
"""Last labels of names that no public server has (RFC 6761, RFC 6762, RFC 8375, ICANN's reserved names), or that an
ordinary browser cannot reach."""


def shown_host(address: str) -> str:
    """The host as people should read it: in ASCII, so that no letter passes for another (RFC 3492, "punycode").

    Raises ValueError for a name that cannot be a host.

    >>> shown_host("https://Example.org:8080/a"), shown_host("https://аpple.com/")
    ('example.org', 'xn--pple-43d.com')
    """
    found = _HOST.match(address)
    name = found[1].lower().rstrip(".") if found else ""
    if not name:
        raise ValueError("no host")
    return name if name.isascii() else name.encode("idna").decode()


def is_public_host(host: str) -> bool:
    """Whether a host, as `shown_host` gives it, is one that everybody can reach: a name with a domain, or a public
    address in its usual form.

    >>> [is_public_host(host) for host in ("example.org", "8.8.8.8", "localhost", "printer", "10.0.0.7", "0x7f.1")]
    [True, True, False, False, False, False]
    """
    try:
        number = ip_address(host.strip("[]"))
    except ValueError:
        labels = host.split(".")
        is_name = len(labels) > 1 and len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
        # Browsers read a name whose last label is a number as an IPv4 address in one of its old forms.
        return is_name and labels[-1] not in LOCAL and not _NUMBER.fullmatch(labels[-1])
    return number.is_global and not number.is_multicast
