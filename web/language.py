"""The reader's language: which it is, and messages in it.

Flask-Babel keeps the catalogues and knows the language of a request; a page says more than a hundred messages, and its
own `gettext` finds out the language for each of them anew.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, g, request
from flask_babel import get_translations
from markupsafe import Markup

LANGUAGES = {"zh": "中文", "en": "English"}
YEAR = 365 * 24 * 3600


def chosen_language() -> str:
    """Chinese unless the reader chose otherwise; what a program reads is English, as all messages of the core are."""
    if request.path.startswith("/api/"):
        return "en"
    chosen = request.args.get("lang") or request.cookies.get("lang")
    return chosen if chosen in LANGUAGES else "zh"


def keep_language(response: Response) -> Response:
    """Let the reader's choice last."""
    chosen = request.args.get("lang")
    if chosen in LANGUAGES:
        response.set_cookie("lang", chosen, max_age=YEAR, httponly=True, samesite="Lax")
    return response


def gettext(message: str, **values: Any) -> str:
    """`message` in the language of this request."""
    text = _catalogue()(message)
    return text % values if values else text


def gettext_markup(message: str, **values: Any) -> Markup:
    """The same for templates: the values are escaped."""
    text = Markup(_catalogue()(message))  # noqa: S704 (messages are ours)
    return text % values if values else text


def _catalogue() -> Callable[[str], str]:
    found: Callable[[str], str] | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations().gettext
    return found


class Message:
    """A message whose language is that of the request in which it is shown, not of the moment it is written down."""

    __slots__ = ("message", "values")

    def __init__(self, message: str, **values: Any) -> None:
        self.message, self.values = message, values

    def __str__(self) -> str:
        return gettext(self.message, **self.values)

    def __html__(self) -> str:
        return gettext_markup(self.message, **self.values)


def lazy_gettext(message: str, **values: Any) -> Message:
    """For messages that are written down before there is a request."""
    return Message(message, **values)
