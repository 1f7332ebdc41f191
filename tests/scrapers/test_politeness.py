"""What a site owner sees of us, by the clock of his own server (or we are banned), and sites that cannot be reached."""

import ssl
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from scrapers.crawl import crawl_sites
from scrapers.report import SiteReport
from scrapers.sites.generic import Generic
from scrapers.spider import Plan
from tests.scrapers.running import in_own_process, local, settings_for
from tests.scrapers.server import Reply, Site, serving
from tests.scrapers.test_crawl import NAMES, a_list, sample

DELAY = 1
SLOW = 2.0
LEAST = 0.5 * 0.95  # of a delay: Scrapy varies it between half and one and a half, and clocks are read at both ends


def pages(wait: float = 0.0) -> dict[str, Reply]:
    """A list, answered after `wait` seconds, and three notices that are answered at once."""
    found = {f"/{n}.html": sample(name) for n, name in enumerate(NAMES[:3])}
    return {"/": replace(a_list(*found), wait=wait), **found}


SITES = {
    "delayed": Site(pages()),
    "delayed too": Site(pages()),
    "strict": Site({"/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 2", media_type="text/plain"), **pages()}),
    "slow": Site(pages(wait=SLOW)),
    "no tls": Site(pages()),
    "certified by itself": Site(pages()),
}


def certified_by_itself(folder: Path) -> ssl.SSLContext:
    """What a server shows that anyone may have set up."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("shili.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SiteReport]:
    """All of them and some that are not there at all in one run, with a delay of a second."""
    with serving(Site({})) as gone:
        closed = gone.address
    tls = {"certified by itself": certified_by_itself(tmp_path_factory.mktemp("tls"))}
    with ExitStack() as servers:
        scrapers = {name: local(servers.enter_context(serving(site, tls.get(name)))) for name, site in SITES.items()}
        scrapers["no tls"] = Generic.at(SITES["no tls"].address.replace("http:", "https:"))
        scrapers |= {"closed": Generic.at(closed), "no name": Generic.at("http://nowhere.invalid/")}
        settings = settings_for(tmp_path_factory.mktemp("home"), [one.name for one in scrapers.values()])
        settings = replace(settings, crawl_delay=DELAY, crawl_timeout=10)
        reports = in_own_process(crawl_sites, list(scrapers.values()), Plan(limit=4), settings)
    by_host = {report.site: report for report in reports}
    return {name: by_host[scraper.name] for name, scraper in scrapers.items()}


def gaps(name: str) -> list[float]:
    """The seconds between one request and the next, robots.txt left out."""
    times = [one.at for one in SITES[name].asked if one.path != "/robots.txt"]
    assert len(times) == 4
    return [later - earlier for earlier, later in pairwise(times)]


@pytest.mark.usefixtures("crawled")
def test_there_is_a_delay_between_two_requests_to_one_host() -> None:
    for name in ("delayed", "delayed too"):
        assert min(gaps(name)) >= DELAY * LEAST


@pytest.mark.usefixtures("crawled")
def test_hosts_do_not_wait_for_each_other() -> None:
    """A hundred sites would take a hundred nights."""
    one, other = ([a.at for a in SITES[name].asked] for name in ("delayed", "delayed too"))
    assert min(one) < max(other)
    assert min(other) < max(one)


@pytest.mark.usefixtures("crawled")
def test_a_longer_delay_in_robots_txt_is_kept() -> None:
    assert min(gaps("strict")) >= 2 * LEAST


@pytest.mark.usefixtures("crawled")
def test_a_site_that_answers_slowly_is_asked_less_often() -> None:
    """AutoThrottle: the requests after a slow answer are further apart than the delay alone would have them."""
    assert gaps("slow")[1] >= SLOW * LEAST


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("no name", "nowhere.invalid is not found"),
        ("closed", "refuses the connection"),
        ("no tls", "could not be read, or has no valid certificate"),
        ("certified by itself", "could not be read, or has no valid certificate"),
    ],
)
def test_a_site_that_cannot_be_reached_is_told_with_the_reason(
    crawled: dict[str, SiteReport], name: str, problem: str
) -> None:
    assert problem in crawled[name].problem
    assert crawled[name].new == 0
