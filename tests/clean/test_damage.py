"""What could not be repaired is told, and sound text is not suspected."""

import pytest

from archive.clean import clean_text
from archive.clean.damage import find_damage
from tests.clean.sentences import sentences


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("符合规定的??具有法人资格", "??"),
        ("村民委员会?⒕用裎瘑T会", "?"),
        ("国家税务\ufffd\ufffd局", "\ufffd\ufffd"),
        ("税(guó)务机关", "(guó)"),
        ("书面zhèn)备案", "zhèn)"),
        ("税务总局的å·", "å·"),
        ("名称\ue5e5的企业", "\ue5e5"),
        ("应当执行?", "?"),
        ("由鍥藉绋庡姟鎬诲眬发布", "绋庡姟鎬诲眬"),
        ("å家庭暴力", "å"),
        ("需要取土å 地的", "å"),
        ("公共信息æ,满足", "æ"),
        ("人保管、专?~记载", "?"),
        ("违反任何规定?", "?"),
        ("在规定的´Á¤º补缴", "´Á¤º"),
        ("报送重Œ的", "Œ"),
    ],
)
def test_a_damaged_place_is_told(text: str, place: str) -> None:
    assert any(
        damage.text.startswith(place) and text.startswith(damage.text, damage.at) for damage in find_damage(text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "如何申报?",
        "什么是应纳税额?",
        "Café Müller的企业",
        "使用Ångström单位的Windows®系统",
        "××××年×月",
        "《甲法》、《乙法》",
        "电话(010)、(VAT)",
        "http://a.cn/?b=c",
    ],
)
def test_sound_text_is_not_suspected(text: str) -> None:
    assert find_damage(text) == ()


def test_no_sentence_is_suspected() -> None:
    assert [found for sentence in sentences(500) if (found := find_damage(clean_text(sentence).text))] == []
