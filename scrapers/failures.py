"""Why a page could not be had, in words for the report."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from scrapers.addresses import host_of
from scrapers.manners import Refused

BLOCKED = (401, 403, 407, 429, 451)


def explain_status(status: int) -> str:
    """What an HTTP status other than success means for us."""
    if status in BLOCKED:
        return f"blocked: the site answered {status}"
    if status >= 500:
        return f"the site is in trouble: it answered {status}"
    return f"the site answered {status}"


def explain(error: BaseException | None, url: str) -> str:
    """What an exception of the downloader means."""
    host = host_of(url)
    if isinstance(error, Refused):
        return f"refused: {error}"
    if isinstance(error, IgnoreRequest):
        return _explain_ignored(str(error), host)
    for kind, words in REASONS.items():
        if isinstance(error, kind):
            return f"{host} {words}" + (f" ({error})" if str(error) else "")
    return f"{host}: {type(error).__name__}: {error}"


REASONS: dict[type[BaseException], str] = {
    CannotResolveHostError: "is not found",
    DownloadConnectionRefusedError: "refuses the connection",
    DownloadTimeoutError: "did not answer in time",
    DownloadCancelledError: "sent a page that is too large",
    ResponseDataLossError: "broke off in the middle of a page",
    DownloadFailedError: "could not be read, or has no valid certificate",
}


def _explain_ignored(why: str, host: str) -> str:
    if "robots.txt" in why:
        return f"robots.txt of {host} forbids it"
    if "redirections" in why:
        return f"{host} redirects in a circle"
    return f"{host}: {why}"
