"""From files to notices and back: what is archived, what is learned, and that order and repetition change nothing."""

import json
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.captured import lines_on
from archive.export import notice_to_dict, to_jsonl
from archive.importing import import_file
from archive.ingest import Report, Workshop, ingest_paths, workshop
from archive.models import Notice
from archive.reparse import reparse
from archive.settings import Settings
from archive.store import Store
from tests.ingest.pages import body, page


def write(folder: Path, **pages: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in pages.items():
        (folder / f"{name}.html").write_text(content, encoding="utf-8")
    return folder


def fates(reports: list[Report]) -> list[str]:
    return [report.fate for report in reports]


def notices(store: Store) -> list[Notice]:
    return list(store.notices())


def test_page_becomes_a_notice_with_its_capture(tmp_path: Path, to: Workshop) -> None:
    folder = write(tmp_path / "pages", a=page(7))
    (report,) = ingest_paths([folder], to)
    assert (report.fate, report.notices[0][0]) == ("archived", "示例税函〔2009〕7号")
    (notice,) = notices(to.store)
    assert notice.body == body(7)
    reading = to.store.reading(notice.id)
    assert reading is not None
    assert to.captures.read(reading.capture).content == page(7).encode()


def test_second_run_changes_nothing(tmp_path: Path, to: Workshop) -> None:
    """`make run` would grow the archive each time."""
    folder = write(tmp_path / "pages", a=page(7), b=page(8), empty="", none="<p>首页</p>")
    first = list(ingest_paths([folder], to))
    assert fates(first) == ["archived", "archived", "rejected", "rejected"]
    revision, files = to.store.revision(), sorted(to.captures.folder.iterdir())
    second = list(ingest_paths([folder, folder], to))
    assert fates(second) == ["unchanged", "unchanged", "rejected", "rejected"] * 2
    assert [report.reason for report in second[2:4]] == [report.reason for report in first[2:]]
    assert to.store.revision() == revision
    assert sorted(to.captures.folder.iterdir()) == files


def test_page_that_comes_again_before_it_is_written_is_archived_once(
    tmp_path: Path, to: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crawl lists pages several times: each would take its room again, and its lines would count as a site's own."""
    monkeypatch.setattr("archive.ingest.BATCH", 1)  # so that each is in another batch, and three are on their way
    folder = write(tmp_path / "pages", a=page(7), b=page(7))
    one, other = folder / "a.html", folder / "b.html"
    reports = list(ingest_paths([one, one, other, other, one], to))
    assert fates(reports) == ["archived", "unchanged", "updated", "unchanged", "unchanged"]
    (warc,) = to.captures.folder.iterdir()
    with warc.open("rb") as file:
        assert len(list(ArchiveIterator(file))) == 3  # what it says of itself, and two captures
    counted = [lines_on(to.store, str(folder), pages) for pages in (1, 2, 3)]
    list(reparse(to))
    assert [lines_on(to.store, str(folder), pages) for pages in (1, 2, 3)] == counted


def test_corrected_page_updates_its_notice(tmp_path: Path, to: Workshop) -> None:
    folder = write(tmp_path / "pages", a=page(7))
    list(ingest_paths([folder], to))
    write(folder, a=page(7, "三、本通知自发布之日起执行，以前规定与本通知不一致的，以本通知为准。"))
    assert fates(list(ingest_paths([folder], to))) == ["updated"]
    (notice,) = notices(to.store)
    assert notice.body.endswith("以本通知为准。")
    assert len(notice.captures) == 2


def test_copies_of_one_notice_become_one(tmp_path: Path, to: Workshop) -> None:
    write(tmp_path / "one", a=page(7))
    write(tmp_path / "two", b=page(7).replace("示例网", "另一示例网"))
    list(ingest_paths([tmp_path / "one", tmp_path / "two"], to))
    (notice,) = notices(to.store)
    assert len(notice.captures) == 2


def test_page_we_did_not_foresee_costs_no_other(tmp_path: Path, to: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours on one page would end a night's work."""
    folder = write(tmp_path / "pages", a=page(7), b=page(8))
    real = __import__("archive.pipeline", fromlist=["extract"]).extract

    def sometimes(read, recurring):  # type: ignore[no-untyped-def]
        if read.source.endswith("a.html"):
            raise RecursionError("too deep")
        return real(read, recurring)

    monkeypatch.setattr("archive.pipeline.extract", sometimes)
    reports = list(ingest_paths([folder], to))
    assert fates(reports) == ["rejected", "archived"]
    assert "RecursionError" in reports[0].reason
    monkeypatch.undo()
    kept = sorted((file, file.stat().st_size) for file in to.captures.folder.iterdir())
    assert fates(list(ingest_paths([folder], to))) == ["archived", "unchanged"]  # tried again, and not captured again
    assert sorted((file, file.stat().st_size) for file in to.captures.folder.iterdir()) == kept
    assert fates(list(reparse(to))) == ["unchanged", "unchanged"]


def test_reparse_does_not_depend_on_the_order_of_ingest(tmp_path: Path) -> None:
    """Two archives of the same pages would disagree, boilerplate learned by site included."""
    folder = write(
        tmp_path / "pages", **{f"p{n}": page(n, "示例网竭诚为您服务，欢迎订阅示例周刊") for n in range(10, 22)}
    )
    exports = []
    files = sorted(folder.iterdir())
    for name, order in (("forwards", files), ("backwards", files[::-1])):
        with workshop(Settings(home=tmp_path / name, workers=1)) as to:
            for file in order:
                list(ingest_paths([file], to))
            list(reparse(to))
            exports.append(list(to_jsonl(to.store.notices())))
    assert exports[0] == exports[1]
    assert len(exports[0]) == 12


def test_reparse_keeps_imported_notices_and_what_lost_captures_told(tmp_path: Path, to: Workshop) -> None:
    """Cleaning again may not cost what cannot be read again."""
    list(ingest_paths([write(tmp_path / "pages", a=page(7))], to))
    line = {"number": "示例税函〔2010〕1号", "title": "关于导入的通知", "body": "导入的正文。"}
    (tmp_path / "in.jsonl").write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    assert fates(list(import_file(tmp_path / "in.jsonl", to))) == ["archived"]
    before = notices(to.store)
    for file in to.captures.folder.iterdir():
        file.unlink()
    (report,) = reparse(to)
    assert "lost" in report.reason
    assert notices(to.store) == before


def test_export_imports_to_an_equal_archive(tmp_path: Path, to: Workshop) -> None:
    """An export that loses something is no copy."""
    folder = write(tmp_path / "pages", a=page(7, "依照示例税函〔2009〕8号的规定办理。"), b=page(8))
    list(ingest_paths([folder], to))
    exported = "".join(to_jsonl(to.store.notices()))
    (tmp_path / "out.jsonl").write_text(exported, encoding="utf-8")
    with workshop(Settings(home=tmp_path / "other", workers=1)) as other:
        assert fates(list(import_file(tmp_path / "out.jsonl", other))) == ["archived", "archived"]
        assert "".join(to_jsonl(other.store.notices())) == exported
        assert fates(list(import_file(tmp_path / "out.jsonl", other))) == ["unchanged", "unchanged"]


GOOD = {"number": "示例税函〔2010〕1号", "title": "关于导入的通知", "body": "导入的正文。"}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        (GOOD | {"title": ""}, "`title` is missing"),
        ({"number": "示例税函〔2010〕1号", "title": "t"}, "`body` is missing"),
        (GOOD | {"number": "国税函〔20XX〕1号"}, "masked"),
        (GOOD | {"issued_on": "2010-02-30"}, "`issued_on`"),
        (GOOD | {"validity": "perhaps"}, "`validity`"),
        (GOOD | {"authorities": "国家税务总局"}, "`authorities` is not a list"),
        (GOOD | {"citations": [1]}, "`citations`"),
        (GOOD | {"captures": [{"source": "x", "captured_at": "yesterday"}]}, "`captured_at`"),
        (GOOD | {"damage": -1}, "`damage`"),
        (GOOD | {"stated": "perhaps"}, "`stated`"),
        (GOOD | {"evidence": [{"field": "seen_on"}]}, "`field` of evidence"),
        (GOOD | {"conflicts": [{"field": "title", "value": "x"}]}, "`field` of a conflict"),
        (GOOD | {"conflicts": [{"field": "issued_on"}]}, "`value` of a conflict is missing"),
        (GOOD | {"conflicts": [{"field": "validity", "value": "perhaps"}]}, "`value`"),
        (GOOD | {"body": 7}, "`body` is not a text"),
        (GOOD | {"body": "半个\ud800"}, "half a surrogate"),
        (GOOD | {"id": "guoshuihan-2008-608"}, "`id`"),
        ('{"title": "' + "x" * 2_000_000 + '"}', "longer than"),
    ],
)
def test_bad_line_is_named_and_costs_no_other(tmp_path: Path, line: object, problem: str) -> None:
    """A file of 30,000 lines would fail as a whole, or worse, pass with a line missing."""
    bad = line if isinstance(line, str) else json.dumps(line)
    (tmp_path / "in.jsonl").write_text(
        f"{json.dumps(GOOD)}\n\n{bad}\n{json.dumps(GOOD | {'number': '示例税函〔2010〕2号'})}\n"
    )
    with workshop(Settings(home=tmp_path / "home", workers=1, max_page_bytes=1_000_000)) as to:
        reports = list(import_file(tmp_path / "in.jsonl", to))
        assert fates(reports) == ["archived", "rejected", "archived"]
        assert reports[1].source.endswith("in.jsonl:3")
        assert problem in reports[1].reason
        assert to.store.count() == 2


def test_import_keeps_what_the_file_says(tmp_path: Path, to: Workshop) -> None:
    given = GOOD | {
        "authorities": ["示例局"],
        "issued_on": "2010-01-05",
        "topics": ["自定的主题"],
        "validity": "partly_repealed",
        "source": "https://example.test/1",
        "captures": [
            {"source": "https://example.test/1", "captured_at": "2014-12-01T08:30:00+00:00", "sha256": "0" * 64}
        ],
        "damage": 2,
    }
    (tmp_path / "in.jsonl").write_text("\ufeff" + json.dumps(given, ensure_ascii=False), encoding="utf-8")
    list(import_file(tmp_path / "in.jsonl", to))
    (notice,) = notices(to.store)
    assert {name: notice_to_dict(notice)[name] for name in given} == given
