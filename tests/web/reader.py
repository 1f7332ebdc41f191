"""How a reader goes through pages: asks for one, and follows the links on it."""

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient


def page(client: FlaskClient, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "lxml")


def titles(soup: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in soup.select(".hit h2 a")]


def link(soup: Tag, text: str) -> str:
    return str(next(a for a in soup.find_all("a") if text in a.get_text())["href"])
