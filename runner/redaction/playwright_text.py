"""What Playwright says, said again with only the parts that can hold no typed value.

The call log of a failed `fill` holds the text that was being typed, an element is printed with its
`value`, and an accessible tree shows what every field contains (Playwright 1.65, tried). Taking known
secrets out of such text is not enough, so both are rebuilt from an allow-list: what is not recognised is
left out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_HEAD = re.compile(r"(?P<call>[A-Za-z]+\.[a-z_]+): (?:Error: )?(?P<said>.*)")
_SAID = (
    re.compile(r"Timeout \d+ms exceeded\.?"),
    re.compile(r"Target page, context or browser has been closed"),
    re.compile(r"strict mode violation: .+ resolved to \d+ elements"),
    re.compile(r"net::[A-Z_]+ at \S+"),
    re.compile(r"(?:Page|Frame|Target|Browser) (?:crashed|closed|was detached|has been closed)!?"),
    re.compile(r"Frame was detached"),
    re.compile(r"Element is (?:not attached to the DOM|outside of the viewport|not visible)"),
    re.compile(r"Navigation (?:failed|interrupted|to \S+ is interrupted).*"),
)
_LOG_LINE = re.compile(
    r"(?:\d+ \u00d7 )?(?:"
    r"waiting for (?:get_by_|locator\().*"
    r"|waiting for element to be [a-z, ]+"
    r"|waiting for .{0,20}navigation.{0,20}"
    r"|navigat(?:ing|ed) to \"?\S+"
    r"|(?:attempting|retrying) [a-z ]+ action(?:, attempt #\d+)?"
    r"|element (?:is|was) (?:not )?[a-z ,]+"
    r"|scrolling into view if needed|done scrolling|performing [a-z ]+ action|[a-z ]+ action done"
    r")"
)
_ELEMENT = re.compile(r"<([a-z][\w-]*)[\s/>]")
_TAGGED = (
    (
        re.compile(r"(?:\d+ \u00d7 )?locator resolved to (?:visible |hidden )?<.*"),
        "locator resolved to <{tag}>",
    ),
    (
        re.compile(r"(?:\d+ \u00d7 )?<.*intercepts pointer events"),
        "<{tag}> lies over it and gets the pointer events",
    ),
    (re.compile(r"\d+\) <.*"), "<{tag}>"),
)

_VALUE_ROLES = {"textbox", "searchbox", "spinbutton", "combobox", "slider"}
_CHOICES = {"option", "group", "optgroup"}
_NODE = re.compile(
    r"(?P<role>[a-z]+)"
    r"(?: (?P<name>\"(?:[^\"\\]|\\.)*\"|/(?:[^/\\]|\\.)+/))?"
    r"(?P<marks>(?: \[[a-z]+(?:=[\w-]+)?\])*)"
)
_CODE = re.compile(r"(?<![\d.,:/-])(?!(?:19|20)\d\d(?!\d))(?:\d{4,8}|\d{3}[ -]\d{3})(?![\d:/-]|[.,]\d)")
_SHORT = 4  # a value shorter than this is taken out of names only where it stands alone
_TREE_LINES = 20_000  # more than any screen has; a tree without end is cut here


def playwright_error(text: str) -> str:
    """Return the parts of a Playwright error's `text` that can hold nothing typed or read.

    The call, the kind of failure, the locators our own pages made and the waiting lines stay; values,
    attributes and unknown words go.
    """
    first, *rest = text.strip().splitlines() or [""]
    head = _HEAD.fullmatch(first.strip().rstrip(":"))
    if head is None:
        return _known(first) or "the browser reported an error whose words are not kept"
    said = _known(head["said"]) or "an error whose words are not kept"
    lines = [line for raw in rest if (line := _log_line(raw))]
    return "\n".join([f"{head['call']}: {said}", *dict.fromkeys(lines)])  # each line once, in order


def _known(said: str) -> str:
    said = said.strip().rstrip(":")
    return said if any(known.fullmatch(said) for known in _SAID) else ""


def _log_line(raw: str) -> str:
    line = raw.strip().removeprefix("- ").strip()
    if _LOG_LINE.fullmatch(line):
        return f"  {line}"
    for pattern, said in _TAGGED:
        element = _ELEMENT.search(line) if pattern.fullmatch(line) else None
        if element:
            return "  " + said.format(tag=element[1])
    return ""


@dataclass
class _Node:
    depth: int
    role: str
    name: str
    marks: str
    text: str


def rebuild_tree(aria: str, *, spelled: bool = False) -> str:
    """Return an `aria_snapshot()` with roles, names and structure, and without what fields contain.

    Field values go, also where they are part of another element's name, and so do digits that may be a
    code. With `spelled` so do single letters and digits. A line that is not understood is left out.
    """
    nodes = [node for line in aria.splitlines()[:_TREE_LINES] if (node := _parse(line))]
    values = _field_values(nodes, spelled=spelled)
    kept: list[str] = []
    inside: list[_Node] = []
    for node in nodes:
        while inside and inside[-1].depth >= node.depth:
            inside.pop()
        field = next((n for n in inside if n.role in _VALUE_ROLES), None)
        inside.append(node)
        if field is None or (field.role == "combobox" and node.role in _CHOICES):
            kept.append(_line(node, values, in_field=field is not None))
    return "\n".join(kept) + ("\n" if kept else "")


def _parse(line: str) -> _Node | None:
    bare = line.lstrip(" ")
    if not bare.startswith("- "):
        return None
    depth, item = len(line) - len(bare), bare[2:].strip()
    if item.startswith("'"):
        end = re.match(r"'((?:[^']|'')*)'", item)
        if end is None:
            return None
        key, rest = end[1].replace("''", "'"), item[end.end() :]
    else:
        found = _NODE.match(item)
        key = found[0] if found else item.partition(":")[0]
        rest = item[len(key) :]
    node = _NODE.fullmatch(key)
    if (rest and not rest.startswith(":")) or (node is None and key not in ("/url", "/placeholder")):
        return None
    text = _scalar(rest[1:].strip())
    if node is None:
        return _Node(depth, key, "", "", text)
    return _Node(depth, node["role"], _scalar(node["name"] or ""), node["marks"], text)


def _scalar(text: str) -> str:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        try:
            return str(json.loads(re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", text)))
        except ValueError:
            return ""
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    return text


def _field_values(nodes: list[_Node], *, spelled: bool) -> re.Pattern[str] | None:
    """Match every field's value, longest first; a short one only where it stands alone."""
    found: set[str] = set()
    field: _Node | None = None
    for node in nodes:
        if field is not None and node.depth <= field.depth:
            field = None
        if field is None and node.role in _VALUE_ROLES:
            field = node
            found.add(node.text)
        elif field is not None and node.role not in {*_CHOICES, "/placeholder", "/url"}:
            found |= {node.text, node.name}
    ordered = sorted((v for v in found if v.strip()), key=len, reverse=True)
    patterns = [_alone(v) if len(v) < _SHORT else re.escape(v) for v in ordered] + [r"(?<!\w)\w(?!\w)"] * spelled
    return re.compile("|".join(patterns)) if patterns else None


def _alone(value: str) -> str:
    return rf"(?<!\w){re.escape(value)}(?!\w)"


def _line(node: _Node, values: re.Pattern[str] | None, *, in_field: bool) -> str:
    indent = " " * node.depth + "- "
    if node.role.startswith("/"):
        path, query, _ = node.text.partition("?" if node.role == "/url" else "\0")
        return f"{indent}{node.role}: {json.dumps(_clean(path, values) + query, ensure_ascii=False)}"
    name = f" {json.dumps(_clean(node.name, values), ensure_ascii=False)}" if node.name else ""
    marks = "" if in_field else node.marks
    shown = "" if node.role in _VALUE_ROLES or in_field else _clean(node.text, values)
    text = f": {json.dumps(shown, ensure_ascii=False)}" if shown else ""
    return f"{indent}{node.role}{name}{marks}{text}"


def _clean(text: str, values: re.Pattern[str] | None) -> str:
    without = values.sub("…", text) if values else text
    return _CODE.sub("[digits]", without)
