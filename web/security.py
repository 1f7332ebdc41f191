"""What every response carries: security headers, compression, and an ETag so that nothing unchanged is sent again."""

from flask import Flask, Response, request
from isal import igzip

WORTH_COMPRESSING = 1000
LEVEL = 2  # of isal: a page of results is 8 % larger than with level 4 of zlib, in a fifth of its time (2026-11-24)

HEADERS = {
    # Everything comes from here and nothing is inline, so a hostile page that slipped through could do nothing.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The sites that re-post notices are often hijacked: they need not learn who reads what.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def register_headers(app: Flask) -> None:
    """Make them part of every response of `app`."""
    app.after_request(_make_conditional)
    app.after_request(_compress)  # called in reverse: the tag is that of the bytes sent
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _is_file_or_stream(response: Response) -> bool:
    """Whether the body is not in memory; a server's own file wrapper may look as if it were."""
    return response.direct_passthrough or response.is_streamed


def _compress(response: Response) -> Response:
    media_type = response.mimetype or ""
    is_text = media_type.startswith("text/") or media_type.endswith(("json", "xml"))
    if _is_file_or_stream(response) or not is_text or (response.content_length or 0) < WORTH_COMPRESSING:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip"):
        response.set_data(igzip.compress(response.get_data(), LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response


def _make_conditional(response: Response) -> Response:
    if request.method in ("GET", "HEAD") and response.status_code == 200 and not _is_file_or_stream(response):
        response.add_etag()
        response.headers.setdefault("Cache-Control", "no-cache")
        response.vary.add("Cookie")
        response.make_conditional(request)
    return response
