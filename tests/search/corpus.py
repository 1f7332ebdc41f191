"""Invented notices for the tests: enough of them, all different, the same in every run."""

import random
from datetime import UTC, date, datetime, timedelta

from archive.models import CaptureSummary, Citation, Notice, Relation, Validity
from archive.numbers import DocumentNumber

TAXES = ("增值税", "企业所得税", "个人所得税", "印花税", "契税", "土地增值税", "消费税", "车辆购置税")
SUBJECTS = (
    "一般纳税人",
    "专用发票",
    "出口货物",
    "纳税申报期限",
    "代扣代缴",
    "固定资产折旧",
    "技术转让所得",
    "12366热线",
)
VERBS = ("加强", "取消", "明确", "调整", "印发", "废止", "延长", "规范")
SENTENCES = (
    "各省、自治区、直辖市国家税务局、地方税务局:",
    "经研究,现将{tax}{subject}有关问题通知如下。",
    "纳税人應當自納稅義務發生之日起１５日內申報繳納{tax}。",
    "凡符合条件的{subject},可按规定享受《{tax}优惠办法》(试行)第三条的优惠。",
    "ＡＢＣ公司与GB/T 4754-2011所列行业,适用3%的征收率;其余适用6%。",
    "请各地遵照执行,并将执行情况报税务总局(征收管理司)。",
    "本通知自{year}年1月1日起施行,此前的规定同时废止。",
    "生僻字𠮷與表情😀也是文字。&nbsp;",
)
AUTHORITIES = ("示例税务总局", "示例财政部", "示例市税务局")


def make_notices(count: int, seed: int = 1) -> list[Notice]:
    """That many notices, the same ones for the same seed, none of them those of another seed."""
    dice = random.Random(seed)  # noqa: S311
    return [_notice(dice, 10_000 * seed + serial) for serial in range(1, count + 1)]


def _notice(dice: random.Random, serial: int) -> Notice:
    tax, subject, verb = dice.choice(TAXES), dice.choice(SUBJECTS), dice.choice(VERBS)
    year = dice.randint(1995, 2015)
    number = DocumentNumber("示例函", year, serial) if dice.random() < 0.9 else None
    issued = date(year, 1, 1) + timedelta(dice.randrange(365)) if dice.random() < 0.9 else None
    validity, ceased = dice.choice(tuple(Validity)), date(year + dice.randint(1, 6), 7, 1)
    sentences = dice.sample(SENTENCES, dice.randint(1, len(SENTENCES)))
    citation = Citation(0, 3, Relation.MENTIONS, DocumentNumber("示例发", 2001, 5), "某通知", None)
    return Notice(
        id=f"shilihan-{year}-{serial}",
        title=f"关于{verb}{tax}{subject}管理的通知",
        body="\n".join(sentences).format(tax=tax, subject=subject, year=year),
        number=number,
        authorities=tuple(dice.sample(AUTHORITIES, dice.randint(0, 2))),
        kind=dice.choice(("通知", "批复", "公告", "")),
        issued_on=issued,
        published_on=issued + timedelta(30) if issued and dice.random() < 0.5 else None,
        effective_on=date(year + 1, 1, 1) if dice.random() < 0.5 else None,
        ceased_on=ceased if validity is Validity.REPEALED and dice.random() < 0.8 else None,
        validity=validity,
        topics=(tax,) if dice.random() < 0.8 else (),
        citations=(citation,) if dice.random() < 0.3 else (),
        source=f"https://example.test/{serial}",
        captures=(CaptureSummary("https://example.test", datetime(2020, 1, 1, tzinfo=UTC), "0" * 64),),
        damage=dice.randint(0, 1),
    )
