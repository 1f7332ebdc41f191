"""The reader's language: which it is, and messages in it.

Flask-Babel keeps the catalogues; a page says more than a hundred messages, and its own `gettext` finds out language and
catalogue for each of them anew.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Response, g, request
from flask_babel import get_translations
from markupsafe import Markup, escape

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


def language() -> str:
    """The language of this request, one of `LANGUAGES`."""
    found: str | None = g.get("language")
    if found is None:
        found = g.language = chosen_language()
    return found


def gettext(message: str, **values: Any) -> str:
    """`message` in the language of this request."""
    text = str(_message(language(), message))
    return text % values if values else text


@cache
def markup_in(spoken: str) -> Callable[..., Markup]:
    """The same for templates, bound to the language of this request, which is `spoken`: the values are escaped."""

    def gettext_markup(message: str, **values: Any) -> Markup:
        text = _message(spoken, message)
        if values:  # as Markup would do it itself, in half the time
            text = Markup(str(text) % {name: escape(value) for name, value in values.items()})  # noqa: S704
        return text

    return gettext_markup


@cache
def _message(_spoken: str, message: str) -> Markup:
    return Markup(get_translations().gettext(message))  # noqa: S704 (messages are ours)


class Message:
    """A message whose language is that of the request in which it is shown, not of the moment it is written down."""

    __slots__ = ("message", "values")

    def __init__(self, message: str, **values: Any) -> None:
        self.message, self.values = message, values

    def __str__(self) -> str:
        return gettext(self.message, **self.values)

    def __html__(self) -> str:
        return markup_in(language())(self.message, **self.values)


def lazy_gettext(message: str, **values: Any) -> Message:
    """For messages that are written down before there is a request."""
    return Message(message, **values)
