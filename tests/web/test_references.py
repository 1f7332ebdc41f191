"""A reference manager gets every notice of a result whole, and a hostile title stays inside its field."""

import re
from datetime import date

from flask.testing import FlaskClient

from archive.models import Notice
from archive.numbers import DocumentNumber
from web.references import to_bibtex, to_ris

NOTICE = Notice(
    "shilishuifa-2005-7",
    "关于 100% {扣除} & 抵免_的\nTY  - BOOK\u2028通知",
    "正文",
    DocumentNumber("示例税发", 2005, 7),
    ("示例税务总局", "示例财政部"),
    issued_on=date(2005, 3, 1),
)


def address(notice: Notice) -> str:
    return f"http://localhost/notices/{notice.id}"


def test_bibtex_names_author_number_and_date_and_escapes_tex() -> None:
    [entry] = to_bibtex([NOTICE], address)
    assert entry.startswith("@misc{shilishuifa-2005-7,\n")
    assert "author = {{示例税务总局} and {示例财政部}}" in entry
    assert "number = {示例税发〔2005〕7号}" in entry
    assert "date = {2005-03-01}" in entry
    assert r"100\% \{扣除\} \& 抵免\_的 TY - BOOK 通知" in entry
    plain = re.sub(r"\\.", "", entry)
    assert plain.count("{") == plain.count("}")


def test_an_address_in_bibtex_leads_to_its_notice() -> None:
    """Reference managers and TeX take it as it stands: an escaped underscore would be part of it."""
    [entry] = to_bibtex([NOTICE], lambda _: "http://localhost/notices/shilishengshuifa_fsqz7-2004-31?a={b}\\%41")
    assert "url = {http://localhost/notices/shilishengshuifa_fsqz7-2004-31?a=%7Bb%7D%5C%41}" in entry


def test_a_title_cannot_begin_a_field_of_ris() -> None:
    [record] = to_ris([NOTICE], address)
    fields = [line.split("  - ", 1) for line in record.rstrip("\r\n").split("\r\n")]
    assert [tag for tag, _ in fields].count("TY") == 1
    assert ["DA", "2005/03/01"] in fields
    assert fields[-1][0].startswith("ER")


def test_a_result_and_a_notice_can_be_taken_along(client: FlaskClient) -> None:
    total = client.get("/api/v1/notices?q=示例").json["total"]  # type: ignore[index]
    assert client.get("/search.bib?q=示例").text.count("@misc{") == total
    response = client.get("/search.ris?q=示例")
    assert response.text.count("TY  - GOVDOC") == total
    assert response.headers["Content-Disposition"] == 'attachment; filename="shuiwen.ris"'
    assert "http://localhost/notices/shilishuihan-2009-12" in client.get("/notices/shilishuihan-2009-12.ris").text
