"""Link the top-level folders under `.venv/links/bcflow`, named as they are imported.

At run time the editable install maps `bcflow.flows` to `flows`. mypy and import-linter read files instead,
and need a folder `bcflow` that really holds the others. Links show a new file at once.
"""

import shutil
import tomllib
from pathlib import Path


def link_rooms(root: Path) -> None:
    """Make one link for each folder that `[tool.setuptools.package-dir]` of `root/pyproject.toml` names."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    links = root / ".venv" / "links"
    shutil.rmtree(links, ignore_errors=True)
    for name, folder in project["tool"]["setuptools"]["package-dir"].items():
        link = links.joinpath(*name.split("."))
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(root / folder, target_is_directory=True)


if __name__ == "__main__":
    link_rooms(Path(__file__).resolve().parent.parent)
