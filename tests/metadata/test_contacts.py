"""Whom a notice says to ask: printed as it stands, and never a number that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.metadata.contacts import MOST, read_contacts


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("联系人：张三；联系电话：010-63417425", ("联系人：张三", "联系电话：010-63417425")),
        (
            "（联系人：张三、李某某 电话：(010)63417425，63417426）",
            ("联系人：张三、李某某", "电话：(010)63417425，63417426"),
        ),
        (
            "联 系 人：王五 13800138000 邮箱：wang.wu@tax.example.cn。",
            ("联 系 人：王五 13800138000", "wang.wu@tax.example.cn"),
        ),
        ("纳税人可拨打咨询热线12366，传真:0571-8776543转12", ("咨询热线12366", "传真:0571-8776543转12")),
        ("联系人：张爱华\xa0\xa0 (010)63417815", ("联系人：张爱华   (010)63417815",)),
        ("联系人及电话：赵六 0571-87665432", ("联系人及电话：赵六 0571-87665432",)),
        ("联系人：巴特尔，联系电话：0471-3309999", ("联系人：巴特尔", "联系电话：0471-3309999")),
        ("联系人：        联系电话：", ()),
        ("联系电话：____ 邮政编码：100053", ()),
        ("纳税人识别号110108123456789，金额12345678元。", ()),
        ("电话费用按8%计算。", ()),
        ("国税函〔2008〕608号", ()),
    ],
)
def test_contacts_are_read_as_printed(paragraph: str, expected: tuple[str, ...]) -> None:
    assert read_contacts([paragraph]) == expected


@given(st.lists(st.text("联系人电话：、张三 010-63417425@a.cn（）", max_size=60), max_size=40))
def test_contacts_stand_in_the_text_and_are_few(paragraphs: list[str]) -> None:
    contacts = read_contacts(paragraphs)
    assert len(contacts) <= MOST
    assert all(any(contact in paragraph for paragraph in paragraphs) for contact in contacts)
