"""What an operator knows of the site that is no word: `home`/labels/site.yaml, written by hand.

Everything in it makes bcflow go on where it would stop. Nothing in it makes a write less guarded, but for `reads`: a
path that is named there may leave while a write is armed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bcflow.models.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path


def _path(text: str) -> str:
    if not re.fullmatch(r"/[^\s?#]*", text):
        raise ValueError("a path begins with a slash and has no ? or #")
    return text


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?", text):
        raise ValueError("a host is a name such as files.example.com, without https://")
    return text


SitePath = Annotated[str, AfterValidator(_path)]


class SiteFile(BaseModel):
    """What the file may say.

    `routes` by screen ("Members"), what `ignore_selects` show that are no filters of a list, `hosts` that pages may
    talk to, paths that are `reads` although their names sound otherwise, and `patience` by screen, in seconds.
    """

    model_config = ConfigDict(extra="forbid")

    routes: dict[str, SitePath] = Field(default_factory=dict)
    ignore_selects: list[str] = Field(default_factory=list)
    hosts: list[Annotated[str, AfterValidator(_host)]] = Field(default_factory=list)
    reads: list[SitePath] = Field(default_factory=list)
    patience: dict[str, Annotated[float, Field(gt=0, le=600)]] = Field(default_factory=dict)


def read_site_file(home: Path) -> SiteFile:
    """Return what the file says; an empty one if there is none. Raises BadInput, each mistake with its line."""
    from bcflow.runner.jobfiles.yaml_tree import parse_yaml
    from bcflow.runner.storage.labels.file import text_of

    path = home / "labels" / "site.yaml"
    if not path.exists():
        return SiteFile()
    tree = parse_yaml(text_of(path), str(path))
    problems = [f"{path}:{line}: {message}" for line, _, message in tree.problems]
    if problems:
        raise BadInput(problems)
    try:
        return SiteFile.model_validate(tree.value or {})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        where = [(tree.line(tuple(one["loc"])), ".".join(map(str, one["loc"])), one["msg"]) for one in found]
        raise BadInput([f"{path}:{line}: {name}: {said}" for line, name, said in where]) from None
