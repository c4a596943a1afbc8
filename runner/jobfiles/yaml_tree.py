"""A YAML file as plain values that know their lines.

Only mappings, lists and scalars come through: no tags, no objects, no merge keys. The
nodes are walked here rather than by a YAML constructor, so that a duplicate key or a tag
is one problem among others and not the end of the reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.errors import BadInput
from bcflow.models.identity import quoted
from bcflow.runner.config.comments import lost_behind

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, Node

_CORE: Final = "tag:yaml.org,2002:"
_SCALARS: Final = ("str", "int", "float", "bool", "null", "timestamp", "merge")
_MOST_VALUES: Final = 200_000
_DEEPEST: Final = 30
_LONGEST_NUMBER: Final = 60
_TAB: Final = "\\t"
_ODD_INDENT: Final = re.compile(" *([\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff])")
TreePath = tuple[str | int, ...]


class BareInt(int):
    """A number as written in the file; its text is kept for messages."""

    text: str

    def __str__(self) -> str:
        """Return what the file says, leading zeros included."""
        return self.text


class BareFloat(float):
    """A number with a point or an exponent as written in the file."""

    text: str

    def __str__(self) -> str:
        """Return what the file says."""
        return self.text


@dataclass
class Tree:
    """The file's value, the line of every path in it, and what was wrong on the way."""

    value: Any = None
    lines: dict[TreePath, int] = field(default_factory=dict)
    problems: list[tuple[int, TreePath, str]] = field(default_factory=list)

    def line(self, path: TreePath) -> int:
        """Return the line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse_yaml(text: str, name: str) -> Tree:
    """Return the values of the YAML `text`; `name` is for messages.

    Raises BadInput with one line when the text is not YAML at all, and as soon as it is more than a job file can be.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="safe", pure=True)
    lost: list[str] = []
    yaml.Composer = _bounded_composer(text, name, lost)
    try:
        node = yaml.compose(text)
        walker = _Walker(text)
        walker.tree.value = None if node is None else walker.walk(node, ())
    except YAMLError as error:
        raise BadInput(lost or [_syntax(error, text, name)]) from None
    except RecursionError:
        raise BadInput([f"{name}: is nested too deeply"]) from None
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError):
        # The parser's own faults on odd input; its message would not help anybody.
        raise BadInput([f"{name}: cannot be read as YAML"]) from None
    return walker.tree


def _bounded_composer(text: str, name: str, lost: list[str]) -> Any:  # noqa: ANN401 - the library has no type for it
    """Return a composer that stops at the first value too many: a small file may hold very many.

    What values lose to a comment is put in `lost`: with it a closing bracket may be lost, and nothing can be read.
    """
    from ruamel.yaml.composer import Composer
    from ruamel.yaml.events import AliasEvent, ScalarEvent

    class BoundedComposer(Composer):
        def __init__(self, loader: Any = None) -> None:  # noqa: ANN401 - the library's own
            super().__init__(loader)
            self._values = self._inside = 0

        def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - the library's own
            self._values += 1
            if self._values > _MOST_VALUES:
                raise BadInput([f"{name}: holds more than {_MOST_VALUES} values; split it"])
            if self._inside >= _DEEPEST:
                raise BadInput([f"{name}: is nested too deeply"])
            event = self.parser.peek_event()
            if not isinstance(event, AliasEvent) and event.anchor in self.anchors:
                # YAML lets the later one win; whoever wrote both may have meant the other.
                line, anchor = event.start_mark.line + 1, quoted(f"&{event.anchor}")
                raise BadInput([f"{name}:{line}: {anchor} is there already; give each anchor a name of its own"])
            if isinstance(event, ScalarEvent) and (why := _lost_to_a_comment(event, text)):
                lost.append(f"{name}:{event.end_mark.line + 1}: {why}")
            self._inside += 1
            node = super().compose_node(parent, index)
            self._inside -= 1
            return node

    return BoundedComposer


class _Walker:
    def __init__(self, text: str) -> None:
        self.tree = Tree()
        self._text = text
        self._around: set[int] = set()
        self._count = 0

    def walk(self, node: Node, path: TreePath) -> Any:  # noqa: ANN401 - plain values
        line = node.start_mark.line + 1
        self.tree.lines.setdefault(path, line)
        self._count += 1
        if self._count > _MOST_VALUES or id(node) in self._around:
            if self._count <= _MOST_VALUES + 1:
                self._problem(line, path, "an alias repeats itself too often")
            self._count = max(self._count, _MOST_VALUES + 1)
            return None
        if not self._tag_allowed(node):
            self._problem(line, path, f"tags such as {quoted(node.tag)} are not allowed")
            return None
        self._around.add(id(node))
        value = self._value(node, path)
        self._around.discard(id(node))
        return value

    def _value(self, node: Node, path: TreePath) -> Any:  # noqa: ANN401 - plain values
        from ruamel.yaml.nodes import MappingNode, SequenceNode

        if isinstance(node, SequenceNode):
            return [self.walk(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: TreePath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.id != "scalar" or key_node.tag == f"{_CORE}merge":
                self._problem(line, path, "a key must be a plain word")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in found:
                first = self.tree.lines[here]
                self._problem(line, here, f"stands twice; first in line {first}")
                continue
            self.tree.lines[here] = line
            self._check_indent(key_node, here)
            found[key] = self.walk(value_node, here)
            if found[key] is None and (lost := lost_behind(self._text, key_node.end_mark.index + 1)):
                self._problem(line, here, _is_a_comment(lost))
        return found

    def _scalar(self, node: Node, path: TreePath) -> Any:  # noqa: ANN401 - plain values
        text = _joined(str(node.value))
        kind = str(node.tag).removeprefix(_CORE)
        self._check_indent(node, path)
        if why := _lost_to_a_comment(node, self._text):
            self._problem(node.end_mark.line + 1, path, why)
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in {"true", "false"}:  # to YAML 1.1 the country NO was one too
            return text.lower() == "true"
        if kind in {"int", "float"}:
            return self._number(kind, text, node, path)
        return text

    def _number(self, kind: str, text: str, node: Node, path: TreePath) -> Any:  # noqa: ANN401
        number: BareInt | BareFloat
        if len(text) > _LONGEST_NUMBER:
            line = node.start_mark.line + 1
            self._problem(line, path, "is a very long number; put it in quotes")
            return None
        try:
            plain = text.replace("_", "")
            number = BareInt(plain, 10) if kind == "int" else BareFloat(plain)
        except ValueError:  # 0x1f, 0o17, .inf: nothing a job needs as a number
            return text
        number.text = text
        return number

    def _tag_allowed(self, node: Node) -> bool:
        tag = str(node.tag)
        return tag.removeprefix(_CORE) in (*_SCALARS, "seq", "map") and tag.startswith(_CORE)

    def _check_indent(self, node: Any, path: TreePath) -> None:  # noqa: ANN401 - a scalar of the library
        odd = _ODD_INDENT.match(self._text, node.start_mark.index - node.start_mark.column)
        if odd and not node.style and odd.start(1) == node.start_mark.index:
            self._problem(node.start_mark.line + 1, path, _is_odd(odd[1]))

    def _problem(self, line: int, path: TreePath, message: str) -> None:
        self.tree.problems.append((line, path, message))


def _lost_to_a_comment(value: Any, text: str) -> str:  # noqa: ANN401 - a node or an event of the library
    """Say what a value without quotes lost to a comment right behind it, or nothing."""
    lost = "" if value.style else lost_behind(text, value.end_mark.index)
    return _is_a_comment(lost) if lost else ""


def _is_a_comment(lost: str) -> str:
    return f"{quoted(lost)} is a comment and no part of the value; put the value in quotes, or a space behind the #"


def _is_odd(space: str) -> str:
    return f"a no-break or invisible space (U+{ord(space):04X}) in front; YAML is indented with plain spaces only"


def _joined(text: str) -> str:
    """Join the two halves that JSON writes for letters such as emoji."""
    if text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _syntax(error: Any, text: str, name: str) -> str:  # noqa: ANN401 - three kinds of YAMLError
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        position = getattr(error, "position", None)
        before = text[:position] if isinstance(position, int) else ""
        line = before.count("\n") + 1
        return f"{name}:{line}: holds a character that is not allowed in YAML"
    problem = str(getattr(error, "problem", None) or "cannot be read")
    where = f"{name}:{mark.line + 1}:"
    for at in filter(None, (mark, getattr(error, "context_mark", None))):
        if odd := _ODD_INDENT.match(text, at.index - at.column):
            return f"{name}:{at.line + 1}: {_is_odd(odd[1])}"
    if _TAB in problem:
        return f"{where} a tab; YAML is indented with spaces only"
    if "found another document" in problem:
        return f"{where} a second document ('---'); one file is one document"
    return f"{where} is not YAML: {problem} (column {mark.column + 1})"
