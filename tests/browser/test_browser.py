"""The pages in a real browser: the main job, by mouse, by keyboard and without JavaScript, for every reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

TITLE = "关于做好12366全国税务系统专用码号资源使用工作的通知"
NOTICE = "/notices/guoshuihan-2008-608"
PAGES = {
    "home": "/",
    "results": "/search?q=增值税",
    "filtered": "/search?topic=增值税&from=2005&in_force_on=2010",
    "meant": "/search?q=增直税",
    "nothing": "/search?q=子虚乌有",
    "notice": NOTICE + "?q=短消息",
    "repealed": "/notices/shilishuifa-1994-18",
    "changes": NOTICE + "/changes",
    "browse": "/browse",
    "topic": "/topics/增值税",
    "all series": "/series",
    "series": "/series/国税函/2008",
    "statistics": "/stats",
    "compare": "/compare?a=示例税发〔1994〕18号&b=示例税务总局公告2011年第2号",
    "list": "/search/list?q=增值税",
    "cite": "/cite",
    "help": "/help",
    "about": "/about",
    "api": "/api",
}


def read_the_notice(page: Page) -> None:
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.locator(".official")).to_contain_text("书面备案")
    expect(page.locator(".official")).to_contain_text("《证书》规定将12366作为")
    expect(page.locator(".official")).not_to_contain_text("zhèn")


def test_a_search_for_608_leads_to_the_notice(open_page: Open) -> None:
    page = open_page("/")
    page.locator("input[type=search]").fill("608号")
    page.get_by_role("button", name="检索", exact=True).click()
    page.get_by_role("link", name=TITLE).click()
    read_the_notice(page)
    page.get_by_role("link", name="对照修复前后").click()
    expect(page.locator(".was").filter(has_text="書面?zhèn)浒?")).to_be_visible()
    expect(page.locator(".is").filter(has_text="书面备案")).to_be_visible()


def test_it_can_all_be_done_without_javascript(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.locator("input[type=search]").fill("国税函[2008]608")
    page.get_by_role("button", name="检索", exact=True).click()
    read_the_notice(page)
    page.get_by_role("link", name="全部检索结果").click()
    expect(page.locator(".hit")).to_have_count(1)
    page.goto("/search?q=增值税")
    before = page.locator(".hit").count()
    page.locator(".facets a", has_text="示例财政部").click()
    assert 0 < page.locator(".hit").count() < before
    page.locator("main > .chips a").click()
    expect(page.locator(".hit")).to_have_count(before)


def test_it_can_all_be_done_by_keyboard(open_page: Open) -> None:
    page = open_page("/search?q=税")
    box = page.locator("input[type=search]")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("12366")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=12366*")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-hit]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices/**")


def test_a_suggestion_can_be_taken(open_page: Open) -> None:
    page = open_page("/")
    box = page.locator("input[type=search]")
    box.press_sequentially("关于做好12366")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    box.press("Enter")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()


# axe takes half a second a page, so it looks at each width, language and scheme once; whether a page fits is cheap.
@pytest.mark.parametrize(("width", "lang", "scheme"), [(390, "en", "dark"), (1280, "zh", "light")])
def test_every_page_is_accessible_and_fits(open_page: Open, width: int, lang: str, scheme: str) -> None:
    page = open_page("/", width=width, lang=lang, color_scheme=scheme)
    for path in PAGES.values():
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]
        for other in (390, 1280, width):
            page.set_viewport_size({"width": other, "height": 900})
            fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert fits, f"{path} is wider than a screen of {other} pixels"


def test_a_phone_shows_which_two_are_compared(open_page: Open) -> None:
    page = open_page(PAGES["compare"], width=390)
    expect(page.locator(".sides thead a")).to_have_count(2)
    expect(page.locator(".sides thead a").first).to_be_visible()


def test_printing_leaves_the_notice_alone_on_the_page(open_page: Open) -> None:
    page = open_page(NOTICE)
    page.emulate_media(media="print")
    expect(page.locator(".official")).to_be_visible()
    for gone in (".top", ".tools"):
        expect(page.locator(gone).first).to_be_hidden()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_fields_of_a_form_stand_in_one_line(open_page: Open, lang: str) -> None:
    """Fonts of different height make a list of choices stand lower than the box beside it."""
    page = open_page("/search?q=增值税&from=2005", lang=lang)
    fields = page.locator("details .fields").locator("select, input[type=text], button")
    boxes = [fields.nth(at).bounding_box() for at in range(fields.count())]
    assert len({(box["y"], box["height"]) for box in boxes if box}) == 1


def test_a_printed_result_says_what_was_asked(open_page: Open) -> None:
    page = open_page("/search?q=增值税")
    page.emulate_media(media="print")
    box = page.get_by_role("heading", name="“增值税”的检索结果").bounding_box()
    assert box
    assert box["height"] > 10


@pytest.mark.parametrize("name", ["home", "results", "notice"])
def test_a_page_weighs_little(open_page: Open, name: str) -> None:
    sizes: list[int] = []
    page = open_page("/help")
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(PAGES[name], wait_until="networkidle")
    assert sum(sizes) <= 150_000
