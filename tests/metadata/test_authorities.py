"""Names of authorities: one too few or too many, and a notice is missing from its authority's list."""

import pytest

from archive.metadata.authorities import leading_authorities, of_their_time, office_authorities, read_authorities


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("财政部、国家税务总局", ["财政部", "国家税务总局"]),
        ("财政部　国家税务总局", ["财政部", "国家税务总局"]),
        ("财政部国家税务总局海关总署", ["财政部", "国家税务总局", "海关总署"]),
        ("财政部 税务总局", ["财政部", "国家税务总局"]),
        ("国家税务总局北京市税务局", ["国家税务总局北京市税务局"]),
        ("江苏省财政厅江苏省国家税务局", ["江苏省财政厅", "江苏省国家税务局"]),
        ("北京市人民政府办公厅", ["北京市人民政府办公厅"]),
        ("中华人民共和国财政部", ["财政部"]),
        ("财 政 部", ["财政部"]),
        ("示例自治区国家税务局货物和劳务税处", ["示例自治区国家税务局货物和劳务税处"]),
        ("各省税务局", []),
        ("主管税务机关", []),
        ("关于示例问题", []),
        ("国务院关税税则委员会", ["国务院关税税则委员会"]),
        ("", []),
    ],
)
def test_a_list_of_names_is_read_whole_or_not_at_all(text: str, names: list[str]) -> None:
    assert list(read_authorities(text)) == names


@pytest.mark.parametrize(
    ("office", "names"),
    [("国税函", ("国家税务总局",)), ("财政部令", ("财政部",)), ("国务院令", ("国务院",)), ("某某发", ())],
)
def test_an_office_tells_who_numbers_under_it(office: str, names: tuple[str, ...]) -> None:
    assert office_authorities(office) == names


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("财政部、国家税务总局关于某事的通知", ["财政部", "国家税务总局"]),
        ("示例省地方税务局转发国家税务总局关于某事的通知", ["示例省地方税务局"]),
        ("示例县地方税务局个体工商户定额管理办法", ["示例县地方税务局"]),
        ("示例市国家税务局稽查局废旧物资税收暂行规定", ["示例市国家税务局稽查局"]),
        ("关于某事的通知", []),
    ],
)
def test_a_title_names_its_authority_in_front(title: str, names: list[str]) -> None:
    assert list(leading_authorities(title)) == names


@pytest.mark.parametrize(
    ("year", "names"),
    [(1985, ("财政部税务总局",)), (2019, ("财政部", "国家税务总局")), (0, ("财政部", "国家税务总局"))],
)
def test_one_body_was_what_two_are_now(year: int, names: tuple[str, ...]) -> None:
    assert of_their_time(read_authorities("财政部税务总局"), year) == names
