"""What one machine was taught: `home`/labels/local.yaml, for people to read and to put right, too."""

from __future__ import annotations

import copy
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock
from pydantic import BaseModel, ValidationError

from bcflow.models.errors import BadInput
from bcflow.runner.redaction.private_files import make_private_folder, write_private
from bcflow.runner.storage.labels.kept import DeniedWord, Kept, LearntWord
from bcflow.runner.storage.labels.store import LabelStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import sqlalchemy as sa

    from bcflow.runner.jobfiles.yaml_tree import Tree

_HEAD: Final = "# What this site's words are, as people told bcflow: see docs/labels.md. Comments are not kept.\n"
_LONGEST_LINE: Final = 1_000_000
_PARTS: Final[dict[str, type[LearntWord | DeniedWord]]] = {"words": LearntWord, "not": DeniedWord}


class LabelFile(LabelStore):
    """Keeps it as a file, readable by its owner only."""

    def __init__(self, home: Path) -> None:
        """Keep it in `home`."""
        self.path = home / "labels" / "local.yaml"
        self._seen: tuple[tuple[int, int, int], Kept] | None = None

    def read(self, *, within: sa.Connection | None = None) -> Kept:
        """Return all that is kept; read anew only if the file is another one than before."""
        del within
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return Kept()
        except OSError as error:
            raise BadInput([f"{self.path}: cannot be read: {error.strerror}"]) from None
        mark = (found.st_mtime_ns, found.st_size, found.st_ino)
        if self._seen is None or self._seen[0] != mark:
            self._seen = mark, from_yaml(text_of(self.path), str(self.path))
        return self._seen[1]

    def change(self, change: Callable[[Kept], None], *, within: sa.Connection | None = None) -> None:
        """Change the file under a lock; `within` says nothing to it."""
        del within
        make_private_folder(self.path.parent)
        with FileLock(self.path.with_suffix(".lock"), mode=0o600):
            before = self.read()
            after = copy.deepcopy(before)
            change(after)
            if after != before:
                write_private(self.path, to_yaml(after).encode())


def to_yaml(kept: Kept) -> str:
    """Return what is kept as a file that a person can read."""
    from ruamel.yaml import YAML

    yaml = YAML(pure=True)
    yaml.width = _LONGEST_LINE
    parts: dict[str, Sequence[BaseModel]] = {"words": kept.words, "not": kept.denied}
    plain = {name: [_plain(one) for one in part] for name, part in parts.items() if part}
    stream = StringIO(_HEAD)
    stream.seek(0, 2)
    yaml.dump(plain, stream)
    return stream.getvalue()


def from_yaml(text: str, name: str) -> Kept:
    """Return what a file says; `name` is for messages. Raises BadInput, each mistake with its line."""
    from bcflow.runner.jobfiles.yaml_tree import parse_yaml

    tree = parse_yaml(text, name)
    problems = [f"{name}:{line}: {message}" for line, _, message in tree.problems]
    value = tree.value if tree.value is not None else {}
    if not isinstance(value, dict) or value.keys() - _PARTS:
        problems.append(f"{name}: has the lists 'words' and 'not', and nothing else")
    if problems:
        raise BadInput(problems)
    words, denied = (_part(tree, value.get(part) or [], part, name, problems) for part in _PARTS)
    if problems:
        raise BadInput(problems)
    return Kept(words, denied)


def _part(tree: Tree, found: object, part: str, name: str, problems: list[str]) -> list[Any]:
    made = []
    if not isinstance(found, list):
        problems.append(f"{name}:{tree.line((part,))}: '{part}' is a list")
        return []
    for at, one in enumerate(found):
        try:
            made.append(_PARTS[part].model_validate(one))
        except ValidationError as error:
            for problem in error.errors(include_url=False, include_input=False):
                where = tree.line((part, at, *problem["loc"]))
                field = ".".join(map(str, problem["loc"]))
                problems.append(f"{name}:{where}: {field or part}: {problem['msg']}")
    return made


def _plain(one: BaseModel) -> dict[str, Any]:
    """Return what is told of a word; what is not known of it is left out."""
    told = one.model_dump(mode="json")
    return {name: value for name, value in told.items() if value != "" or name == "text"}


def text_of(path: Path) -> str:
    """Return the text of a file of words. Raises BadInput if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise BadInput([f"{path}: cannot be read: {why}"]) from None
