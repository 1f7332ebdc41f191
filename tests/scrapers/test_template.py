"""The instructions in `_template.py`, followed step by step: someone who adds a site relies on nothing else."""

import re
from dataclasses import replace

import scrapers.sites
from archive.settings import CHECKOUT
from scrapers.crawl import rehearse
from scrapers.sites import find_site
from scrapers.spider import Plan
from tests.scrapers import saved
from tests.scrapers.running import in_own_process, settings_for
from tests.scrapers.server import Reply, Site, serving

TEMPLATE = CHECKOUT / "scrapers" / "sites" / "_template.py"
LIST = '<meta charset=utf-8><a href="view/{}.html">关于示例事项的通知</a> <a href="index_1.html">2</a>'


def follow_the_instructions(folder) -> None:
    """Steps 1 to 3: copy the file, write name, host and start page; the patterns happen to fit."""
    text = TEMPLATE.read_text(encoding="utf-8")
    for written, wanted in {'"example"': '"shili"', "www.example.org": "www.shili.example"}.items():
        assert written in text
        text = text.replace(written, wanted)
    (folder / "shili.py").write_text(text, encoding="utf-8")


def test_a_site_added_by_the_instructions_is_known_and_finds_its_notices(tmp_path, monkeypatch):
    follow_the_instructions(tmp_path)
    monkeypatch.setattr(scrapers.sites, "__path__", [*scrapers.sites.__path__, str(tmp_path)])
    site = find_site("shili")
    assert site.hosts == ("www.shili.example",)
    first, second = (saved.SAMPLES / f"shili-gonggao-{name}.government.html" for name in ("2011-2", "2018-25"))
    pages = {
        "/law/index.html": Reply(LIST.format(1).encode()),
        "/law/index_1.html": Reply(LIST.format(2).encode()),
        "/law/view/1.html": Reply(first.read_bytes()),
        "/law/view/2.html": Reply(second.read_bytes()),
    }
    with serving(Site(pages)) as served:
        local = replace(site, hosts=(served.host,), start=(served.address + "/law/index.html",))
        settings = settings_for(tmp_path / "home", local.hosts)
        (report,), found = in_own_process(rehearse, [local], Plan(limit=20), settings)
    assert (report.problem, report.new) == ("", 2)
    assert [number for page in found for number, _ in page.notices] == [
        "示例税务总局公告2011年第2号",
        "示例税务总局公告2018年第25号",
    ]
    assert not (tmp_path / "home").exists(), "a dry run stores nothing"


def test_the_instructions_name_only_what_is_there():
    text = TEMPLATE.read_text(encoding="utf-8")
    for named in re.findall(r"`(\w+\.py)`", text):
        assert (TEMPLATE.parent / named).is_file()
    assert [step[0] for step in re.findall(r"(?m)^(\d)\. ", text)] == list("123456")
