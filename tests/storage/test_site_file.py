"""What an operator knows of the site that is no word: read, checked, and each mistake named with its line."""

from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.storage.labels.site import SiteFile, read_site_file

WHOLE = """\
routes:
  Members: /manage/people
ignore_selects: [English]
hosts: [files.example.com]
reads: [/api/v2/bm/view/update/]
patience:
  Partners: 90
"""


def written(home: Path, text: str) -> Path:
    (home / "labels").mkdir()
    (home / "labels" / "site.yaml").write_text(text, encoding="utf-8")
    return home


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert read_site_file(tmp_path) == SiteFile()


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    found = read_site_file(written(tmp_path, WHOLE))
    assert (found.routes, found.patience) == ({"Members": "/manage/people"}, {"Partners": 90})
    assert (found.ignore_selects, found.hosts) == (["English"], ["files.example.com"])
    assert found.reads == ["/api/v2/bm/view/update/"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("routes:\n  Members: manage/people\n", "site.yaml:2: routes.Members: Value error, a path begins with a slash"),
        ("hosts:\n  - a.example\n  - https://b.example/x\n", "site.yaml:3: hosts.1: Value error, a host is a name"),
        ("reads: [/api/a?b=1]\n", "site.yaml:1: reads.0: Value error, a path begins with a slash and has no"),
        ("patience:\n  Members: 0\n", "site.yaml:2: patience.Members"),
        ("route:\n  Members: /x\n", "site.yaml:1: route"),
        ("routes: [\n", "site.yaml:"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_site_file(written(tmp_path, text))
    assert any(said in problem for problem in refused.value.problems), refused.value.problems
