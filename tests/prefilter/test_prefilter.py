"""A look at the bytes: a notice missed here is never seen again; a page too many only costs time."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.warcwriter import WARCWriter

from archive.models import Capture
from archive.prefilter import may_carry_notice
from archive.settings import CHECKOUT
from archive.sources import pages_in

NOTICE = "示例税发〔2020〕5号\n各省税务局：现将有关事项通知如下"
NEWS = "今年经济增长稳定，2008年以来税收收入持续增加。"


def test_no_sample_with_a_notice_is_missed():
    rows = [json.loads(line) for line in (CHECKOUT / "tests/samples/truth.jsonl").read_text().splitlines()]
    carrying = {row["file"] for row in rows if row["number"] is not None}
    assert [file for file in carrying if not may_carry_notice((CHECKOUT / "data/samples" / file).read_bytes())] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize(
    "text", [NOTICE, "國稅函﹝2008﹞608號", "按照税务总局公告2012年第54号", "稅(shuì)收〔2009〕\u200b12號(hào)"]
)
def test_every_spelling_and_encoding_of_a_number_passes(text, encoding):
    assert may_carry_notice(text.encode(encoding, "ignore"))


def test_damaged_and_escaped_pages_pass():
    damaged = NOTICE.encode().decode("cp1252", "ignore").encode()
    assert may_carry_notice(damaged)
    assert may_carry_notice("".join(f"&#{ord(char)};" for char in NOTICE).encode())


@pytest.mark.parametrize("text", [NEWS, "Tax notice 2008 No. 608", "关于放假的通知〔2008〕608号", ""])
def test_pages_about_other_things_do_not(text):
    assert not may_carry_notice(text.encode())


@given(st.binary(max_size=300))
def test_any_bytes_can_be_looked_at(content):
    assert may_carry_notice(content) in (True, False)


def test_of_a_wet_file_only_the_candidates_are_read(tmp_path):
    with (tmp_path / "crawl.warc.wet.gz").open("wb") as file:
        writer = WARCWriter(file)
        for n, text in enumerate([NEWS, NOTICE, "Hello"]):
            about = {"WARC-Date": "2020-01-02T03:04:05Z"}
            content = text.encode()
            writer.write_record(
                writer.create_warc_record(
                    f"https://a.example/{n}",
                    "conversion",
                    payload=BytesIO(content),
                    length=len(content),
                    warc_content_type="text/plain",
                    warc_headers_dict=about,
                )
            )
    when = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert list(pages_in(tmp_path / "crawl.warc.wet.gz", 1_000_000)) == [
        Capture("https://a.example/1", when, NOTICE.encode(), "text/plain")
    ]
