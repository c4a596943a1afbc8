"""A person with a folder of their own, who types commands at a terminal and reads what is printed there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from standin import seed
from standin.server import StandIn
from tests.journeys.person import Person
from tests.support.transcript import Transcript


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--transcripts", metavar="DIR", help="write what each journey typed and read into this folder")


@pytest.fixture
def transcript(request: pytest.FixtureRequest) -> Iterator[Transcript]:
    """Keep the journey, and write it if it is asked for."""
    name = request.node.name.removeprefix("test_")
    kept = Transcript(name.replace("_", " "))
    yield kept
    # Who runs all tests has not loaded this file when options are read.
    folder = request.config.getoption("--transcripts", default=None)
    if folder:
        kept.write(Path(folder) / f"{name}.txt")


@pytest.fixture
def person(tmp_path: Path, standin: StandIn, transcript: Transcript) -> Iterator[Person]:
    """Somebody whose bcflow is pointed at the stand-in and knows its login."""
    made = Person(tmp_path, transcript)
    made.given |= {
        "BCFLOW_BUSINESS_CENTER_URL": standin.bc_url,
        "BCFLOW_ADS_MANAGER_URL": standin.ads_url,
        "BCFLOW_EMAIL": seed.EMAIL,
        "BCFLOW_PASSWORD": seed.PASSWORD,
    }
    yield made
    made.names_its_batches()


@pytest.fixture
def newcomer(tmp_path: Path, transcript: Transcript) -> Iterator[Person]:
    """Somebody who has only just installed bcflow."""
    made = Person(tmp_path, transcript)
    yield made
    made.names_its_batches()
