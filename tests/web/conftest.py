"""The app over a small archive that tests only read."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.settings import Settings
from tests.web.invented import build
from web import create_app


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return build(tmp_path_factory.mktemp("web") / "home")


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    made.extensions["library"].store.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
