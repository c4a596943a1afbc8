"""What is installed is what is on disk, and what it needs is written down."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, TOOL = PYPROJECT["project"], PYPROJECT["tool"]
ROOMS: dict[str, str] = TOOL["setuptools"]["package-dir"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def ours(pattern: str) -> list[Path]:
    """Return the files of our packages whose name fits the pattern."""
    found = [path for folder in ROOMS.values() for path in (ROOT / folder).rglob(pattern)]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def installed_with(requirements: list[str]) -> set[str]:
    """Return the names of all distributions that these requirements bring, extras left out."""
    wanted = [Requirement(text) for text in requirements]
    brought: set[str] = set()
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        if name in brought or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        brought.add(name)
        wanted += [Requirement(text) for text in requires(name) or []]
    return brought


def test_packages_in_pyproject_are_the_folders_on_disk() -> None:
    names = {
        ".".join([name, *path.parent.relative_to(ROOT / folder).parts])
        for name, folder in ROOMS.items()
        for path in ours("*.py")
        if path.is_relative_to(ROOT / folder)
    }
    assert set(TOOL["setuptools"]["packages"]) == names
    assert {path.parent for path in ours("*.py")} == {path.parent for path in ours("__init__.py")}


def test_layers_speak_of_every_package() -> None:
    assert sorted(TOOL["importlinter"]["root_packages"]) == sorted(ROOMS)


def make_wheel(folder: Path) -> Path:
    """Build a wheel of what is on disk, in `folder`."""
    source = folder / "source"
    for room in ROOMS.values():
        copytree(ROOT / room, source / room, ignore=ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", folder, source], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_wheel_holds_every_file_of_ours_and_nothing_outside_bcflow(tmp_path: Path) -> None:
    inside = {name for name in ZipFile(make_wheel(tmp_path)).namelist() if ".dist-info/" not in name}
    assert inside == {f"bcflow/{path.relative_to(ROOT).as_posix()}" for path in ours("*")}


def test_everything_that_is_imported_comes_with_the_declared_dependencies() -> None:
    known, brought = packages_distributions(), installed_with(PROJECT["dependencies"])
    # Loaded by pytest, and by nothing else.
    plugins = {module.rpartition(".")[2] for module in PROJECT["entry-points"]["pytest11"].values()}
    missing = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in ours("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in [getattr(node, "module", None) or node.names[0].name]
        if not (module == "pytest" and path.stem in plugins)
        if (top := module.split(".")[0]) not in sys.stdlib_module_names and top != "bcflow"
        if not brought & {canonicalize_name(name) for name in known.get(top, [])}
    }
    assert missing == set()


def test_lock_pins_what_pyproject_asks_for_with_hashes_and_without_addresses() -> None:
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+) \\$", LOCK, flags=re.MULTILINE))
    extras = [text for extra in PROJECT["optional-dependencies"].values() for text in extra]
    for requirement in map(Requirement, [*PROJECT["dependencies"], *extras]):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])
    assert all(block.count("--hash=sha256:") for block in LOCK.split("# via")[:-1])
    assert re.findall(r"://|--(?:extra-)?index|--find-links|--trusted", LOCK) == []
