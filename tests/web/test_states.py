"""What a reader is told of an archive that is empty, or whose index is missing or stale."""

from pathlib import Path

from archive.settings import Settings
from tests.web.invented import add, build, notice, take_up
from tests.web.reader import page, titles
from web import create_app

ID = "shilishuihan-2009-12"


def test_an_empty_archive_says_so_and_shows_no_empty_lists(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    app = create_app(settings)
    take_up(settings)
    for path in ("/", "/stats"):
        assert not [
            heading for heading in page(app.test_client(), path).select("h2") if not heading.find_next_sibling()
        ]
    assert "python -m archive ingest" in page(app.test_client(), "/").get_text()
    app.extensions["library"].store.close()


def test_a_missing_index_costs_searching_only(tmp_path: Path) -> None:
    settings = build(tmp_path / "home", index=False)
    app = create_app(settings)
    client = app.test_client()
    assert page(client, f"/notices/{ID}").select_one(".text")
    assert "python -m archive reindex" in page(client, "/").get_text()
    assert "python -m archive reindex" in page(client, "/search?q=发票", 503).get_text()
    problem = client.get("/api/v1/notices?q=发票")
    assert (problem.status_code, problem.mimetype) == (503, "application/problem+json")
    assert "python -m archive reindex" in problem.json["detail"]  # type: ignore[index]
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    for path in ("/", "/search?q=发票", "/api/v1/notices?q=发票", "/readyz"):
        assert str(tmp_path) not in client.get(path).text, "a reader has no use for the folders of the server"
    app.extensions["library"].store.close()


def test_a_stale_index_is_told_and_a_new_one_taken_up_without_restart(tmp_path: Path) -> None:
    settings = build(tmp_path / "home")
    app = create_app(settings)
    client = app.test_client()
    assert not page(client, "/search?q=烟叶").select(".warning")
    add(settings, notice("示例税发〔2012〕9号", "示例税务总局关于烟叶税的通知", "各省税务局：\n烟叶税另行规定。"))
    assert "reindex --changed" in page(client, "/search?q=烟叶").select_one(".warning").get_text()  # type: ignore[union-attr]
    take_up(settings)
    after = page(client, "/search?q=烟叶")
    assert titles(after) == ["示例税务总局关于烟叶税的通知"]
    assert not after.select(".warning")
    app.extensions["library"].store.close()
