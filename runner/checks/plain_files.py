"""Files that people review: an item a line, keys sorted, names that say what is inside; written when they change."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.errors import BadInput
from bcflow.runner.redaction.printable import json_text
from bcflow.runner.redaction.private_files import write_private

if TYPE_CHECKING:
    from pathlib import Path

_LANGUAGE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,34}")
_LONGEST: Final = 60
_DEEPEST: Final = 2
"""What lies deeper stands on the line of what holds it."""


def state_name(screen: str, state: str) -> str:
    """Return the name of a state's files: "Members" and "form, step 2" are "members--form.step-2"."""
    return f"{_slug(screen)}--{_slug(state)}"


def language_name(language: str) -> str:
    """Return the name of a language's folder: its code, whatever a page may call a language."""
    return language if _LANGUAGE.fullmatch(language) else _slug(language)


def to_lines(value: dict[str, Any] | list[Any]) -> bytes:
    """Return JSON with sorted keys, where each item of a list, and of what the value holds, has a line of its own."""
    return (_lined(value, depth=1) + "\n").encode()


def read_json(path: Path) -> Any:  # noqa: ANN401 - JSON has no better type
    """Return what a file holds. Raises BadInput with its name."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise BadInput([f"{path}:{error.lineno}: is not JSON: {error.msg}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise BadInput([f"{path}: cannot be read: {why}"]) from None


def write_changed(path: Path, content: bytes) -> list[Path]:
    """Write a file unless it has this content; return what was written. Raises OSError."""
    if path.is_file() and path.read_bytes() == content:
        return []
    write_private(path, content)
    return [path]


def _lined(value: Any, *, depth: int) -> str:  # noqa: ANN401 - JSON has no better type
    if isinstance(value, dict) and value and depth <= _DEEPEST:
        items = [f"{json_text(name)}: {_lined(value[name], depth=depth + 1)}" for name in sorted(value)]
        return _block("{", items, "}", depth)
    if isinstance(value, list) and value and depth <= _DEEPEST:
        return _block("[", [_lined(item, depth=_DEEPEST + 1) for item in value], "]", depth)
    return json_text(dict(sorted(value.items())) if isinstance(value, dict) else value)


def _block(opening: str, items: list[str], closing: str, depth: int) -> str:
    lines = ",\n".join(" " * depth + item for item in items)
    return f"{opening}\n{lines}\n{' ' * (depth - 1)}{closing}"


def _slug(text: str) -> str:
    """Return `text` as a part of a file's name: what screens and their states are called, differs in its letters."""
    plain = text.casefold().replace("'", "").replace(", ", ".")
    return re.sub(r"[^\w.]+", "-", plain).strip("-.")[:_LONGEST] or "none"
