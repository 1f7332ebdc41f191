"""The walk over a site, answer by answer: what is asked for next, and how far."""

from datetime import date

import pytest
from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse

from archive.errors import StoreUnavailable
from archive.ingest import Report
from scrapers.ledger import Kind, Ledger
from scrapers.sites.generic import Generic
from scrapers.spider import NoticeSpider, Plan

HOME = "https://a.example/"
ITEM = '<li><a href="{}">示例税务总局关于示例事项的公告</a> {}</li>'


@pytest.fixture
def ledger():
    memory = Ledger(None)
    yield memory
    memory.close()


def a_spider(ledger, plan=None, keep=None) -> NoticeSpider:
    keep = keep or (lambda capture: Report("archived", capture.source))
    return NoticeSpider(Generic.at(HOME), plan or Plan(), ledger, keep, said=lambda *_: None)


async def begin(spider) -> list:
    return [request async for request in spider.start()]


def started(spider) -> list:
    """The requests of the start, without an event loop: nothing in it waits."""
    walk = begin(spider)
    try:
        walk.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("start() waits for something")


def answered(spider, request, html: str, status: int = 200) -> list:
    response = HtmlResponse(request.url, status=status, body=html.encode(), request=request)
    return list(spider._received(response, **request.cb_kwargs))


def urls(requests) -> list[str]:
    return [request.url.removeprefix(HOME) for request in requests]


def test_since_leaves_what_lists_date_before_it(ledger):
    spider = a_spider(ledger, Plan(since=date(2020, 1, 1)))
    (home,) = started(spider)
    html = ITEM.format("/old", "2019-12-31") + ITEM.format("/new", "2020-01-01") + ITEM.format("/undated", "")
    assert urls(answered(spider, home, html)) == ["new", "undated"]


def test_a_night_without_news_is_no_error(ledger):
    """Otherwise the nightly run of every quiet site ends with an alarm."""
    spider = a_spider(ledger, Plan(since=date(2020, 1, 1)))
    (home,) = started(spider)
    assert answered(spider, home, ITEM.format("/old", "2019-12-31")) == []
    assert spider.tally.report("a").problem == ""
    later = a_spider(ledger, Plan(since=date(2020, 1, 1)))
    assert answered(later, *started(later), "", status=304) == []
    assert later.tally.report("a").problem == ""


def test_the_limit_bounds_a_run_and_the_next_one_takes_the_rest(ledger):
    html = "".join(ITEM.format(f"/{n}", "") for n in range(9))
    spider = a_spider(ledger, Plan(limit=4))
    assert len(answered(spider, *started(spider), html)) == 3
    assert len(started(a_spider(ledger))) == 10


def test_an_error_of_the_archive_ends_the_run_and_the_page_is_asked_for_again(ledger):
    def full(_):
        raise StoreUnavailable("the disk is full.", "Make room.")

    spider = a_spider(ledger, keep=full)
    (notice,) = answered(spider, *started(spider), ITEM.format("/1", ""))
    with pytest.raises(CloseSpider):
        answered(spider, notice, "<p>正文</p>")
    assert isinstance(spider.fatal, StoreUnavailable)
    assert "1" in urls(started(a_spider(ledger)))


def test_a_list_that_carries_a_notice_is_kept_as_well(ledger):
    kept = []
    spider = a_spider(ledger, keep=lambda capture: kept.append(capture.source) or Report("archived", capture.source))
    page = "".join(
        ("<h1>示例税务总局关于示例事项的通知</h1><p>示例税发〔2020〕5号</p><p>各省、自治区、直辖市税务局：</p>",
         "<p>现就有关事项通知如下：</p><p>一、纳税人应当按照规定办理申报。</p><p>二、本通知自2020年1月1日起执行。</p>",
         "<p align=right>示例税务总局</p><p align=right>2020年1月1日</p>", ITEM.format("/1", "")),
    )  # fmt: skip
    answered(spider, *started(spider), page)
    assert kept == [HOME]
    assert spider.tally.report("a").problem == ""
    assert ledger.find("a.example", HOME).kind is Kind.LIST
