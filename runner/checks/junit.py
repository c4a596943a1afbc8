"""Findings as JUnit XML: what CI servers show. A suite is a screen, a case an element or what a skeleton says.

What blocks, and words to accept, are failures. Other changes break no flow: their cases pass and say what changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from bcflow.runner.checks.table import bare, place_named, words_of
from bcflow.runner.redaction.printable import printable

if TYPE_CHECKING:
    from bcflow.models.ui_check import ElementSeen, UiCheck
    from bcflow.runner.checks.findings import Finding, Findings, Severity

_FAILS: Final[tuple[Severity, ...]] = ("blocking", "label")
_NOT_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHOLE_CHECK: Final = "the whole check"


def junit(findings: Findings, check: UiCheck, min_coverage: float | None = None) -> str:
    """Return the XML document; `check` is the one that the findings are of, and has the elements that are fine."""
    root = ET.Element("testsuites", name="bcflow check-ui", time=f"{check.seconds:.3f}")
    for screen in sorted({one.screen for one in check.elements} | {item.screen for item in findings.items}):
        suite = ET.SubElement(root, "testsuite", name=_xml(screen or _WHOLE_CHECK), timestamp=_xml(check.at))
        elements = [one for one in check.elements if one.screen == screen]
        for element in elements:
            _add_element(suite, element, _item_of(element, findings))
        for item in findings.items:
            if item.screen == screen and not any(item.is_of(element) for element in elements):
                _add_result(_case(suite, place_named(item), item.what), item)
    _add_shortfalls(root, findings.shortfalls(min_coverage))
    for counted in (*root, root):
        _count(counted)
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add_element(suite: ET.Element, element: ElementSeen, item: Finding | None) -> None:
    name = f"{element.kind} {element.concept or element.text}"
    case = _case(suite, f"{element.screen}, {element.state}", name)
    if element.standing == "not reached":
        ET.SubElement(case, "skipped", message=_xml(element.why or "not reached"))
    elif item:
        _add_result(case, item)


def _item_of(element: ElementSeen, findings: Findings) -> Finding | None:
    """Return what was found of an element; of one that a flow needs on a screen that is gone, that it is."""
    for item in findings.items:
        if item.is_of(element):
            return item
    lost = element.needed and element.standing == "missing"
    gone = (item for item in findings.items if item.change == "screen gone" and item.place == element.key[:2])
    return next(gone, None) if lost else None


def _add_result(case: ET.Element, item: Finding) -> None:
    facts = [words_of(item), f"stops: {', '.join(item.flows)}" if item.flows else "", item.why, item.command]
    lines = [item.what, *(line for line in facts if line)]
    lines += [*(f"- {bare(line)}" for line in item.removed), *(f"+ {bare(line)}" for line in item.added)]
    if item.severity in _FAILS:
        ET.SubElement(case, "failure", type=item.severity, message=_xml(item.what)).text = _xml("\n".join(lines))
    else:
        ET.SubElement(case, "system-out").text = _xml("\n".join([f"{item.severity}:", *lines]))


def _add_shortfalls(root: ET.Element, lines: list[str]) -> None:
    if not lines:
        return
    suite = ET.SubElement(root, "testsuite", name=_WHOLE_CHECK)
    for line in lines:
        case = _case(suite, _WHOLE_CHECK, line)
        ET.SubElement(case, "error", type="could not check", message=_xml(line))


def _case(suite: ET.Element, group: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=_xml(group), name=_xml(name))


def _count(element: ET.Element) -> None:
    """Write how many cases there are below, and how they ended."""
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(1 for _ in element.iter(tag))))


def _xml(text: str) -> str:
    """Return `text` without the characters that no XML can hold: they are spelled out."""
    return _NOT_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", printable(text))
