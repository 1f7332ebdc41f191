"""Addresses: one spelling for each page, and which of them a crawler may ask for at all."""

import ipaddress
import re
from urllib.parse import urljoin, urlsplit

from w3lib.url import canonicalize_url, url_query_cleaner

MAX_LENGTH = 500
MAX_PARAMETERS = 6
MAX_REPEATS = 3
# Parameters that say where a reader came from or who he is, never which page it is.
TRACKING = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "spm", "from", "share", "scene",
    "isappinstalled", "PHPSESSID", "phpsessid", "JSESSIONID", "jsessionid", "sessionid", "sid", "timestamp", "_t", "_",
)  # fmt: skip
SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?#]*", re.IGNORECASE)
FILES = re.compile(
    r"\.(?:jpe?g|png|gif|bmp|svg|ico|css|js|zip|rar|7z|gz|exe|apk|pdf|docx?|xlsx?|pptx?|wps|mp[34]|avi|flv|swf)$",
    re.IGNORECASE,
)


def canonical(url: str, base: str = "") -> str:
    """`url`, seen on the page `base`, in the one spelling by which pages are told apart; "" if it is no web address.

    Without fragment, session, tracking parameters and default port; host in lower case, parameters sorted.
    """
    try:
        whole = urlsplit(SESSION.sub("", urljoin(base, url.strip())))
        port = whole.port
    except ValueError:
        return ""
    if whole.scheme not in ("http", "https") or not whole.hostname or whole.username or whole.password:
        return ""
    host = f"[{whole.hostname}]" if ":" in whole.hostname else whole.hostname
    if port and port != {"http": 80, "https": 443}[whole.scheme]:
        host = f"{host}:{port}"
    bare = whole._replace(netloc=host, fragment="").geturl()
    return canonicalize_url(url_query_cleaner(bare, TRACKING, remove=True, keep_fragments=False))


def is_page(url: str) -> bool:
    """Whether `url` may be a page worth asking for: not a picture, a download or the mouth of an endless space.

    Measures against traps: over-long addresses, many parameters, and paths that repeat one step (/a/b/a/b/a/b).
    """
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step]
    return (
        0 < len(url) <= MAX_LENGTH
        and parts.query.count("&") < MAX_PARAMETERS
        and not FILES.search(parts.path)
        and all(steps.count(step) <= MAX_REPEATS for step in set(steps))
    )


def host_of(url: str) -> str:
    """The host of a canonical address, with its port where that is not the scheme's own."""
    return urlsplit(url).netloc


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public Internet: not private, loopback, link-local, reserved or multicast.

    IPv4 addresses inside IPv6 ones (::ffff:127.0.0.1, 2002::/16, 64:ff9b::/96) count as what they lead to.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast
