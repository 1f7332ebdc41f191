"""Errors as the reader gets them: problem+json (RFC 9457) under /api/, a page in the same house elsewhere."""

from http import HTTPStatus

from apiflask import APIFlask
from flask import Response, current_app, json, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from archive.errors import ArchiveError

PROBLEM = "application/problem+json"
# The shape of every error of the API, as the OpenAPI document shows it.
PROBLEM_SCHEMA = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "description": "What went wrong."},
        "detail": {"type": "string", "description": "What to do about it."},
        "status": {"type": "integer"},
        "instance": {"type": "string", "description": "The path that was asked for."},
    },
    "required": ["type", "title", "detail", "status", "instance"],
}


def register_problems(app: APIFlask) -> None:
    """Answer every error of `app` in one shape; what was not foreseen is logged and told without its details."""
    app.register_error_handler(ArchiveError, _archive_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def _archive_error(error: ArchiveError) -> ResponseReturnValue:
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s: %s %s", request.path, error.message, error.remedy)
    return _answer(error.status, error.message, error.remedy)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if error.response is not None or status < HTTPStatus.BAD_REQUEST:
        return error
    response = _answer(status, error.name, error.description or "")
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value  # Allow, Retry-After
    return response


def _unforeseen(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s", request.full_path, exc_info=error)
    return _answer(500, _("服务器出错了。"), _("错误已记入日志；请稍后再试。"))


def _answer(status: int, title: str, detail: str) -> Response:
    if request.path.startswith("/api/"):
        problem = {
            "type": "about:blank",
            "title": title,
            "detail": detail,
            "status": int(status),
            "instance": request.path,
        }
        return Response(json.dumps(problem), status, mimetype=PROBLEM)
    return Response(render_template("error.html", status=int(status), title=title, detail=detail), status)
