"""The web front end and the JSON API: `create_app(settings)` gives the WSGI application."""

from web.app import create_app

__all__ = ["create_app"]
