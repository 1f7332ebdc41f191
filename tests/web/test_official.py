"""The layout of a notice: nothing of its text is lost, and each paragraph looks like what it is."""

from hypothesis import given
from hypothesis import strategies as st

from archive.models import Citation, Damage, Relation
from archive.numbers import parse_number
from web.official import Part, lay_out

BODY = """各省、自治区、直辖市税务局:
根据示例税发〔2005〕7号,现通知如下:
一、关于热线
(一)人员
热线应当畅通。
附件:1.热线名单
2.热线时间表
请执行。"""


def test_each_paragraph_is_known_for_what_it_is() -> None:
    assert [paragraph.part for paragraph in lay_out(BODY)] == [
        Part.RECIPIENTS,
        Part.TEXT,
        Part.HEADING,
        Part.SUBHEADING,
        Part.TEXT,
        Part.ATTACHMENT,
        Part.ATTACHED,
        Part.TEXT,
    ]


def test_a_whole_sentence_behind_a_numeral_is_no_heading() -> None:
    [paragraph] = lay_out("一、自今日起执行。此前的规定废止。")
    assert paragraph.part is Part.TEXT


def test_citations_matches_and_damage_meet_in_one_paragraph() -> None:
    start = BODY.index("示例税发")
    number = parse_number("国税发〔2005〕7号")
    citation = Citation(start, start + 12, Relation.BASED_ON, number)
    runs = list(lay_out(BODY, [citation], [(start + 2, start + 4)], [Damage(start + 12, ",现", "lost byte")]))[1].runs
    assert [run.text for run in runs] == ["根据", "示例", "税发", "〔2005〕7号", ",现", "通知如下:"]
    assert [run.citation for run in runs] == [None, citation, citation, citation, None, None]
    assert [run.match for run in runs] == [False, False, True, False, False, False]
    assert [run.damaged for run in runs] == [False, False, False, False, True, False]


spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair)))


@given(st.text("一、(附件1.:\n 税", max_size=40), st.lists(spans), st.lists(spans))
def test_no_character_is_lost_wherever_the_marks_fall(
    body: str, cited: list[tuple[int, int]], matches: list[tuple[int, int]]
) -> None:
    citations = [Citation(start, end, Relation.MENTIONS) for start, end in cited]
    shown = ["".join(run.text for run in paragraph.runs) for paragraph in lay_out(body, citations, matches)]
    assert shown == [line for line in body.split("\n") if line.strip()]
