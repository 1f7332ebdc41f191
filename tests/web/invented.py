"""A small archive of invented notices, read from a page and imported by the real code."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.importing import import_file
from archive.ingest import ingest, workshop
from archive.models import Capture
from archive.reindex import reindex, reindex_changed
from archive.search import open_engine
from archive.settings import Settings

PAGE = """<!doctype html><meta charset="utf-8"><title>示例网</title>
<div class="nav"><a href="/">首页</a> <a href="/law">法规</a></div>
<h1>示例稅務總局關(guān)於做好納稅服務熱線工作的通知</h1><p>示例税函〔2009〕12号</p>
<p>各省、自治區、直轄市稅務局：</p>
<p>為了提高納稅服務熱線的服務質(zhì)量，現將有關事項通知如下：</p>
<p>一、關於熱線人員</p>
<p>各地應當配備熟悉業務的人員，並按照《示例税务总局关于纳税服务的通知》（示例税发〔2005〕7号）的規定培訓。</p>
<p>二、本通知自2009年7月1日起執行。</p>
<p style="text-align:right">示例稅務總局</p><p style="text-align:right">二○○九年六月十九日</p>
<div class="foot"><a href="/1">上一篇：无</a> <a href="/2">下一篇：无</a></div>"""

# What a hostile page would put wherever it can; none of it may ever run or become a link.
XSS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</script><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "{{ 7 * 7 }}${7*7}",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "\u2028alert(1)\u2029",
)
SOURCES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "/srv/pages/1.html",
)


def notice(number: str, title: str, body: str, **more: Any) -> dict[str, Any]:
    return {"number": number, "title": title, "body": body} | more


NOTICES = [
    notice(
        "示例税发〔2005〕7号",
        "示例税务总局关于纳税服务的通知",
        "各省税务局：\n纳税服务应当便捷。\n一、关于纳税服务热线\n热线应当畅通，发票问题应当及时答复。",
        authorities=["示例税务总局"],
        kind="通知",
        issued_on="2005-03-01",
        effective_on="2005-04-01",
        topics=["纳税服务"],
        recipients="各省税务局",
        contacts=["示例税务总局纳税服务司，电话12366"],
        attachments=["1.热线服务规范"],
        evidence=[{"field": "effective_on", "text": "本通知自2005年4月1日起执行。"}],
        conflicts=[{"field": "issued_on", "value": "2005-03-02", "sources": ["http://shili.example/7.html"]}],
    ),
    notice(
        "示例税发〔2007〕31号",
        "示例税务总局关于发票管理的通知",
        "（根据2015年6月15日《示例税务总局关于修改部分文件的公告》修正）\n各省税务局：\n专用发票应当妥善保管十年。",
        versions=[
            {
                "note": "",
                "revised_on": None,
                "title": "示例税务总局关于发票管理的通知",
                "body": "各省税务局：\n专用发票应当妥善保管五年。",
                "source": "",
            }
        ],
        authorities=["示例税务总局"],
        kind="通知",
        issued_on="2007-05-08",
        topics=["发票"],
    ),
    notice(
        "示例税发〔2007〕33号",
        "示例财政部 示例税务总局关于发票抽奖的通知",
        "示例财政部门：\n抽奖发票另行规定。",
        authorities=["示例财政部", "示例税务总局"],
        kind="通知",
        issued_on="2007-11-20",
        topics=["发票"],
    ),
] + [
    notice(
        f"示例险发〔2010〕{serial}号",
        f"示例关于{text}的通知",
        f"各省税务局：\n{text}\n=1+1",
        authorities=[text],
        kind="通知",
        issued_on="2010-01-01",
        topics=[text],
        effective_on="2010-02-01",
        recipients=text,
        contacts=[text],
        attachments=[text],
        evidence=[{"field": "effective_on", "text": text}],
        conflicts=[{"field": "issued_on", "value": "2010-01-02", "sources": [SOURCES[serial % len(SOURCES)], text]}],
        source=SOURCES[serial % len(SOURCES)],
        captures=[
            {"source": SOURCES[serial % len(SOURCES)], "captured_at": "2020-01-01T00:00:00+00:00", "sha256": "a" * 64}
        ],
    )
    for serial, text in enumerate(XSS, 1)
]


def build(home: Path, *, index: bool = True) -> Settings:
    """An archive of all of the above in `home`."""
    settings = Settings(home=home, workers=1)
    home.mkdir()
    lines = home / "notices.jsonl"
    lines.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in NOTICES), encoding="utf-8")
    with workshop(settings) as shop:
        page = Capture("http://shili.example/12.html", datetime(2020, 2, 3, 4, 5, tzinfo=UTC), PAGE.encode())
        reports = [*import_file(lines, shop), *ingest([page], shop)]
        assert {report.fate for report in reports} == {"archived"}, reports
        if index:
            reindex(shop.store, open_engine(settings.index))
    return settings


def add(settings: Settings, *notices: dict[str, Any]) -> None:
    """Put more notices into the store, and leave the index behind it."""
    lines = settings.home / "more.jsonl"
    lines.write_text("".join(json.dumps(one) + "\n" for one in notices))
    with workshop(settings) as shop:
        assert [report.fate for report in import_file(lines, shop)] == ["archived"] * len(notices)


def take_up(settings: Settings) -> None:
    """Let the index take in what changed."""
    with workshop(settings) as shop:
        reindex_changed(shop.store, open_engine(settings.index))
