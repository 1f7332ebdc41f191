"""The JSON API under /api/v1, described by its own OpenAPI 3.1 document."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from apiflask import APIBlueprint
from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from archive.citations import cited_in
from archive.clean.changes import undo
from archive.errors import NotFound
from archive.export import citation_to_dict, cited_to_dict, notice_to_dict, results_to_dict
from archive.linking import look_up
from archive.models import Results
from archive.public import public, with_public_hits, with_public_sources
from web import schemas
from web.arguments import (
    CiteBody,
    ResolveArguments,
    SearchArguments,
    SuggestArguments,
    encoded,
    read_arguments,
    read_query,
)
from web.library import library
from web.paging import last_page
from web.problems import PROBLEM, PROBLEM_SCHEMA

OPENAPI: dict[str, Any] = {
    "OPENAPI_VERSION": "3.1.0",
    "DESCRIPTION": "Full-text search in Chinese tax notices (税收规范性文件).",
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "AUTO_404_RESPONSE": False,
    "AUTO_VALIDATION_ERROR_RESPONSE": False,
    "AUTO_OPERATION_ID": True,
}


def _problems(**why: str) -> Any:
    """The errors of an operation, for its documentation: `_400="…"`."""
    content = {PROBLEM: {"schema": PROBLEM_SCHEMA}}
    return {int(name[1:]): {"description": text, "content": content} for name, text in why.items()}


def complete(spec: Any) -> Any:
    """The OpenAPI document with what is true of every operation."""
    too_many = _problems(_429="Too many requests, where the server limits them; `Retry-After` says when to come back.")
    for operations in spec["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {str(status): answer for status, answer in too_many.items()}
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["description"] = "Id of a notice, or its number in any spelling."
    return spec


BAD = "An argument cannot be read."
UNKNOWN = "The archive holds no such notice."
NO_INDEX = "There is no usable search index; `detail` says how to build it."
NO_STORE = "The archive cannot be read."

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Notices")


@blueprint.get("/notices")
@blueprint.input(SearchArguments, location="query", validation=False)
@blueprint.output(schemas.ResultsOut)
@blueprint.doc(responses=_problems(_400=BAD, _503=NO_INDEX))
def search(query_data: Mapping[str, str]) -> ResponseReturnValue:
    """Search notices

    Filters are ANDed. The header `Link` leads to the first, previous, next and last page.
    """
    results = library().search(read_query(query_data))
    # As a response it is sent as it is: taking it apart by its schema again would take longer than the search.
    response = jsonify(results_to_dict(with_public_hits(results)))
    response.headers["Link"] = _links(results)
    return response


def _links(results: Results) -> str:
    """RFC 8288 links to the neighbouring pages."""
    query, path = results.query, url_for(".search")
    last = last_page(results)
    pages = {"first": 1, "prev": query.page - 1, "next": query.page + 1, "last": last}
    return ", ".join(
        f'<{f"{path}?{encoded(replace(query, page=page))}".removesuffix("?")}>; rel="{name}"'
        for name, page in pages.items()
        if 1 <= page <= last
    )


@blueprint.get("/notices/<notice_id>")
@blueprint.output(schemas.NoticeOut)
@blueprint.doc(responses=_problems(_404=UNKNOWN, _503=NO_STORE))
def notice(notice_id: str) -> ResponseReturnValue:
    """One notice

    `notice_id` is an id; a document number in any spelling is answered by a redirect.
    """
    found = library().find(notice_id)
    if found.id != notice_id:
        return redirect(url_for(".notice", notice_id=found.id), 301)
    return jsonify(notice_to_dict(with_public_sources(found)))


@blueprint.get("/notices/<notice_id>/citations")
@blueprint.output(schemas.CitationsOut)
@blueprint.doc(responses=_problems(_404=UNKNOWN, _503=NO_STORE))
def citations(notice_id: str) -> ResponseReturnValue:
    """Citations of and in a notice"""
    held = library()
    found = held.find(notice_id)
    cited_by = [
        {
            "id": citing.id,
            "number": str(citing.number) if citing.number else None,
            "title": citing.title,
            "issued_on": citing.issued_on and citing.issued_on.isoformat(),
            "relation": citing.relation.value,
        }
        for citing in held.store.citing(found.id)
    ]
    return {"id": found.id, "cites": [citation_to_dict(one) for one in found.citations], "cited_by": cited_by}


@blueprint.get("/notices/<notice_id>/changes")
@blueprint.output(schemas.ChangesOut)
@blueprint.doc(responses=_problems(_404=UNKNOWN + " Or it was imported, and there is no capture.", _503=NO_STORE))
def changes(notice_id: str) -> ResponseReturnValue:
    """Every repair of a notice, and the captured text"""
    held = library()
    found = held.find(notice_id)
    reading = held.store.reading(found.id)
    if reading is None:
        raise NotFound(f"{found.id} was imported, not read from a capture.", "There is nothing to compare it with.")
    return {
        "id": found.id,
        "source": public(reading.capture.source),
        "captured": undo(reading.raw.body, reading.raw.changes),
        "changes": [asdict(change) for change in reading.raw.changes],
    }


@blueprint.get("/suggest")
@blueprint.input(SuggestArguments, location="query", validation=False)
@blueprint.output(schemas.SuggestionsOut)
@blueprint.doc(responses=_problems(_400=BAD, _503=NO_INDEX))
def suggest(query_data: Mapping[str, str]) -> ResponseReturnValue:
    """Completions of what was typed

    Numbers, titles and terms, by their characters or by pinyin initials.
    """
    asked = read_arguments(SuggestArguments(), query_data)
    return {"items": [asdict(one) for one in library().engine.suggest(asked["q"], asked["limit"])]}


@blueprint.get("/resolve")
@blueprint.input(ResolveArguments, location="query", validation=False)
@blueprint.output(schemas.ResolvedOut)
@blueprint.doc(responses=_problems(_400="That is not a document number.", _503=NO_STORE))
def resolve(query_data: Mapping[str, str]) -> ResponseReturnValue:
    """The notices that a document number means"""
    number = read_arguments(ResolveArguments(), query_data)["number"]
    return {"query": number, "ids": library().store.resolve(number)}


@blueprint.post("/cite")
@blueprint.input(CiteBody, location="json", validation=False)
@blueprint.output(schemas.CitedListOut)
@blueprint.doc(
    responses=_problems(
        _400="The body is not what it should be.", _413="It is too large.", _415="It is no JSON.", _503=NO_STORE
    )
)
def cite(json_data: Any) -> ResponseReturnValue:
    """The notices that a text cites, and whether they are in force"""
    if not request.is_json:
        abort(415)
    given = json_data if isinstance(json_data, dict) else {}
    found = look_up(library().store, cited_in(read_arguments(CiteBody(), given)["text"]))
    return {"items": [cited_to_dict(one) for one in found]}


@blueprint.get("/topics")
@blueprint.output(schemas.TopicsOut)
@blueprint.doc(responses=_problems(_503=NO_STORE))
def topics() -> ResponseReturnValue:
    """All topics and how many notices each has"""
    return {"items": [asdict(one) for one in library().store.topics()]}


@blueprint.get("/stats")
@blueprint.output(schemas.StatsOut)
@blueprint.doc(responses=_problems(_503=NO_STORE))
def stats() -> ResponseReturnValue:
    """How much the archive holds"""
    return asdict(library().store.stats())
