"""Errors as the reader gets them: problem+json (RFC 9457) under /api/, a page in the same house elsewhere."""

from http import HTTPStatus

from apiflask import APIFlask
from flask import Response, current_app, json, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from archive.errors import ArchiveError, IndexUnavailable, InvalidNumber, StoreUnavailable
from web.language import lazy_gettext as _l

# What went wrong and what to do about it, for the errors that HTTP itself knows.
HTTP_ERRORS = {
    400: (_l("请求的内容无法读懂。"), _l("请核对它的格式；JSON 请核对引号和括号。")),
    404: (_l("没有这个页面。"), _l("请核对地址，或从首页检索。")),
    405: (_l("这个地址不接受这种请求。"), _l("可用的方法：%(methods)s。")),
    413: (_l("发来的内容太大。"), _l("请分成小一些的几份。")),
    415: (_l("发来的内容不是 JSON。"), _l("请发送 JSON，并写明 Content-Type: application/json。")),
    429: (_l("请求太频繁。"), _l("请稍后再试。")),
    500: (_l("服务器出错了。"), _l("错误已记入日志；请稍后再试。")),
}

# What is told where the error itself names files of the server; those are for its log.
UNAVAILABLE = {
    IndexUnavailable: (_l("检索索引暂时不能用。"), _l("请管理员运行 python -m archive reindex。")),
    StoreUnavailable: (_l("档案暂时不能读取。"), _l("请稍后再试；原因已记入日志。")),
}

# Numbers are read by the core, which says in English what it missed.
NO_NUMBER = (
    _l("这不是文号，也不是文号的一部分。"),
    _l(
        "文号写成 国税函〔2008〕608号、国家税务总局公告2012年第54号 或 财政部令第65号；"
        "只记得一部分时，写机关、年份或带“号”的序号。"
    ),
)

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
    return _answer(error.status, *told(error))


def told(error: ArchiveError) -> tuple[str, str]:
    """What is wrong and what to do about it, as a client may know it: nothing of the server's files."""
    if isinstance(error, InvalidNumber) and not request.path.startswith("/api/"):
        return str(NO_NUMBER[0]), str(NO_NUMBER[1])
    if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return error.message, error.remedy
    title, detail = UNAVAILABLE.get(type(error), HTTP_ERRORS[500])
    return str(title), str(detail)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if error.response is not None or status < HTTPStatus.BAD_REQUEST:
        return error
    title, detail = map(str, HTTP_ERRORS.get(status, (error.name, error.description or "")))
    if isinstance(error, MethodNotAllowed):
        detail %= {"methods": ", ".join(sorted({*(error.valid_methods or ())} - {"OPTIONS"}))}
    response = _answer(status, title, detail)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value  # Allow, Retry-After
    return response


def _unforeseen(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s", request.full_path, exc_info=error)
    return _answer(500, *map(str, HTTP_ERRORS[500]))


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
