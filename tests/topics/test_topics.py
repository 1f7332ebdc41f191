"""Topics: a notice filed under the wrong one, or under none, is not found by those who look there."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import LexiconError
from archive.metadata.topics import Taxonomy, assign_topics, find_topics, read_taxonomy, taxonomy

LABELLED = Path(__file__).parent / "labelled.txt"


def samples() -> list[tuple[str, str, set[str]]]:
    lines = (line for line in LABELLED.read_text(encoding="utf-8").splitlines() if not line.startswith("# "))
    return [(title, body, set(labels.split(";"))) for title, body, labels in (line.split("\t") for line in lines)]


def test_topics_agree_with_a_librarian() -> None:
    right = wrong = missed = 0
    for title, body, labels in samples():
        found = set(assign_topics(title, body))
        right, wrong, missed = right + len(found & labels), wrong + len(found - labels), missed + len(labels - found)
    assert len(samples()) >= 200
    assert 2 * right / (2 * right + wrong + missed) >= 0.9


def test_the_labels_are_topics_of_the_taxonomy_and_most_topics_are_tried() -> None:
    known = {topic.name for topic in taxonomy().topics}
    used = set().union(*(labels for _, _, labels in samples()))
    assert used <= known
    assert len(used) >= 0.9 * len(known)


def test_the_taxonomy_has_the_taxes_the_administration_and_the_beneficiaries() -> None:
    groups: dict[str, set[str]] = {}
    for topic in taxonomy().topics:
        groups.setdefault(topic.group, set()).add(topic.name)
    assert groups["税种"] >= {
        "增值税",
        "消费税",
        "企业所得税",
        "个人所得税",
        "契税",
        "印花税",
        "出口退税",
        "社会保险费",
    }
    assert groups["征管"] >= {
        "征收管理",
        "发票",
        "登记",
        "申报",
        "稽查",
        "处罚",
        "纳税服务",
        "信息化",
        "国际税收与协定",
        "反避税",
    }
    assert groups["优惠对象与行业"] >= {"农业农村", "金融保险", "房地产与建筑"}


def test_every_topic_is_given_with_its_reason() -> None:
    (finding,) = find_topics("关于土地增值税清算的通知", "")
    assert (finding.name, finding.group) == ("土地增值税", "税种")
    assert [(one.word, one.place) for one in finding.evidence] == [("土地增值税", "title")]


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("关于土地增值税问题的通知", {"土地增值税"}),  # and not 增值税
        ("关于有关税收问题的通知", set()),  # and not 关税
        ("关于黄金税收问题的通知", {"能源资源与环保"}),  # and not 金税
        ("关于做好值班工作的通知", {"行政事务"}),
    ],
)
def test_a_word_inside_another_does_not_count(title: str, topics: set[str]) -> None:
    assert set(assign_topics(title, "")) == topics


def test_a_passing_mention_in_a_long_text_is_no_topic() -> None:
    body = "各省税务局：现将有关事项通知如下。" + "纳税人应当如实提供资料。" * 100 + "涉及契税的，另行规定。"
    assert "契税" not in assign_topics("关于资料管理的通知", body)


def test_what_the_whole_body_speaks_of_is_a_topic_even_with_a_bare_title() -> None:
    body = (
        "承受土地、房屋权属的单位和个人应当缴纳契税。契税的计税依据为成交价格，契税税率为百分之三，契税减免另行规定。"
    )
    assert "契税" in assign_topics("关于若干问题的批复", body * 3)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(st.sampled_from("增值税企业所得税的，。免征土地契"), max_size=400))
def test_topics_are_known_unique_and_ordered_by_score(title: str, body: str) -> None:
    findings = find_topics(title, body)
    names = [finding.name for finding in findings]
    assert len(set(names)) == len(names)
    assert [f.score for f in findings] == sorted((f.score for f in findings), reverse=True)
    assert all(finding.evidence for finding in findings)


def read(tmp_path: Path, text: str) -> Taxonomy:
    path = tmp_path / "topics.toml"
    path.write_text(text, encoding="utf-8")
    return read_taxonomy(path)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('["税种"."甲税"]\nstrong = ["甲税"]\n\n["税种"."乙税"]\nweak = ["乙税"]\n', 4, "needs strong"),
        ('["税种"."甲税"]\nstrong = ["甲税"]\nmedium = ["乙税"]\n', 1, "nothing else"),
        ('["税种"."甲税"]\nstrong = ["甲税"]\nweak = ["甲税"]\n', 1, "twice"),
        ('["税种"."甲税"]\nstrong = ["税"]\n', 1, "two characters"),
        ('["税种"."甲税"]\nstrong = "甲税"\n', 1, "must be a list"),
        ('["税种"]\n"甲税" = 1\n', 2, "needs strong"),
        ('"税种" = 1\n', 1, "sections"),
        ('["税种"."甲税"\n', 1, "line 1"),
        ('[mask]\nwords = 1\n["税种"."甲税"]\nstrong = ["甲税"]\n', 1, "must be a list"),
    ],
)
def test_a_mistake_in_the_file_is_named_by_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(LexiconError) as refused:
        read(tmp_path, text)
    assert f"topics.toml, line {line}" in refused.value.message
    assert says in refused.value.message
