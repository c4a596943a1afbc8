"""Rules about the code itself that no ready-made linter knows. Who may import whom is in pyproject.toml."""

import ast
import tomllib
from collections.abc import Collection, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
ROOMS: dict[str, str] = TOOL["setuptools"]["package-dir"]
OURS = [*ROOMS.values(), "tests", "scripts", "benchmarks"]
NO_NAMES = {"utils.py", "helpers.py", "common.py"}
# The only places that may read the environment: the settings; what is handed on to the browser and to the
# code command; where Playwright keeps its browsers; and how the command line itself behaves here.
READ_THE_ENVIRONMENT = (
    "runner/config/settings.py",
    "runner/browser/environment.py",
    "runner/codes/command.py",
    "runner/codes/programs.py",
    "runner/browser/choice.py",
    "runner/cli/",
)
# Where programs outside this repository find what was moved.
OLD_NAMES = {"bcflow.pages.kit.site", "bcflow.pages.kit.wire"}


def sources(*folders: str) -> list[Path]:
    """Return the Python files below the folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """Return the nodes of a file."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))))


def trees(*folders: str, holding: Collection[str] = ()) -> Iterator[tuple[Path, ast.AST]]:
    """Yield the nodes of every file below the folders, or of those that hold one of these, each with its path."""
    for path in sources(*folders):
        text = path.read_text(encoding="utf-8") if holding else ""
        for node in nodes_of(path) if not holding or any(each in text for each in holding) else ():
            yield path.relative_to(ROOT), node


def imported(node: ast.AST) -> list[str]:
    """Return the modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def imports_of(room: str) -> dict[str, set[str]]:
    """Return which modules of a room each of them imports, be it late or for its types only."""
    files = {module_of(path.relative_to(ROOT)): path for path in sources(room)}
    found: dict[str, set[str]] = {module: set() for module in files}
    for path, node in trees(room):
        if isinstance(node, ast.ImportFrom):
            # Of a package that is only passed through on the way to its module, nothing is wanted.
            full = (f"{node.module}.{alias.name}" for alias in node.names)
            named = {name if name in files else str(node.module) for name in full}
        else:
            named = set(imported(node))
        found[module_of(path)] |= named & files.keys() - {module_of(path)}
    return found


def module_of(path: Path) -> str:
    """Return the name under which a file of ours is imported."""
    parts = path.with_suffix("").parts
    return ".".join(("bcflow", *(parts[:-1] if parts[-1] == "__init__" else parts)))


def place(path: Path, node: ast.AST) -> str:
    """Return a place that an editor can open."""
    return f"{path}:{getattr(node, 'lineno', 0)}"


@pytest.mark.nightly
def test_folders_are_imported_under_their_full_name() -> None:
    short = set(ROOMS.values())
    wrong = [
        place(path, node) for path, node in trees(*OURS) for module in imported(node) if module.split(".")[0] in short
    ]
    assert wrong == []


def test_stand_in_imports_nothing_of_ours() -> None:
    paths = [path for path in sources("standin") if "node_modules" not in path.parts]
    wrong = [
        place(path, node)
        for path in paths
        for node in nodes_of(path)
        for module in imported(node)
        if module.split(".")[0] == "bcflow"
    ]
    assert wrong == []


def test_no_screen_is_imported_by_another_or_by_the_kit() -> None:
    wrong = [
        place(path, node) for path, node in trees("pages") for module in imported(node) if module.endswith("_page")
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS.values())
def test_no_module_imports_itself_by_way_of_others(room: str) -> None:
    imports = imports_of(room)
    circle: list[str] = []
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert imports
    assert circle == []


def test_the_old_names_of_the_kit_are_for_programs_outside() -> None:
    wrong = [place(path, node) for path, node in trees(*OURS) for module in imported(node) if module in OLD_NAMES]
    assert wrong == []


def test_a_room_holds_twenty_files_at_most() -> None:
    tops = ("models", "pages", "flows", "runner", "standin")
    rooms = {path.parent for path in sources(*tops) if "node_modules" not in path.parts}
    counts = {str(room.relative_to(ROOT)): len(list(room.glob("*.py"))) for room in rooms}
    assert {room: count for room, count in counts.items() if count > 20} == {}
    assert len(rooms) > 20


def test_css_classes_are_known_to_the_kit_alone() -> None:
    wrong = [
        place(path, node)
        for path, node in trees("pages")
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if "kit" not in path.parts and ("[class" in node.value or "bc-okee" in node.value)
    ]
    assert wrong == []


def test_nothing_waits_blindly_or_clicks_by_force() -> None:
    forbidden = ("wait_for_timeout", "time.sleep", "networkidle", "force=True")
    rooms = [*ROOMS.values(), "tests"]
    wrong = [
        place(path, node)
        for path, node in trees(*rooms, holding=forbidden)
        if isinstance(node, ast.Call) and any(each in ast.unparse(node) for each in forbidden)
    ]
    assert [at for at in wrong if not at.startswith("tests/project/test_architecture.py")] == []


def test_screens_never_ignore_a_second_match() -> None:
    wrong = [
        place(path, node)
        for path, node in trees("pages", "flows")
        if "kit" not in path.parts
        if (isinstance(node, ast.Attribute) and node.attr in {"first", "last"})
        or (isinstance(node, ast.Call) and ast.unparse(node).endswith(".nth(0)"))
    ]
    assert wrong == []


def test_no_error_is_swallowed() -> None:
    wrong = [
        place(path, node)
        for path, node in trees(*OURS)
        if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert wrong == []


def test_environment_is_read_in_few_places() -> None:
    wrong = [
        place(path, node)
        for path, node in trees(*ROOMS.values())
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
        if not path.as_posix().startswith(READ_THE_ENVIRONMENT)
    ]
    assert wrong == []


def test_files_and_functions_stay_readable() -> None:
    long_files = [str(path) for path in sources(*OURS) if len(path.read_text("utf-8").splitlines()) > 300]
    long_functions = [
        place(path, node)
        for path, node in trees(*OURS)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert (long_files, long_functions) == ([], [])


def test_no_message_shows_how_python_writes_a_value() -> None:
    wrong = [
        place(path, node)
        for path, node in trees(*ROOMS.values())
        if isinstance(node, ast.FormattedValue) and node.conversion == ord("r")
        if not path.as_posix().startswith("pages/labels/")
    ]
    assert wrong == []


def test_file_names_say_what_is_inside() -> None:
    assert [path for path in sources(*OURS) if path.name in NO_NAMES] == []
