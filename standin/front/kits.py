"""Serves the public UI kits from node_modules, with the class prefixes the site gives them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HERE = Path(__file__).parents[1]
MODULES = HERE / "node_modules"
WEB = HERE / "web"
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
PREFIXES = ("bc-okee", "okee", "byted")
REACT_FILES = (
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "react-virtualized/dist/umd/react-virtualized.js",
    "@okee-uikit/react-hooks/dist/okee-uikit-react-hooks.browser.prod.js",
    "@okee-uikit/react-utils/dist/okee-uikit-react-utils.browser.prod.js",
    "@okee-uikit/react-config/dist/okee-uikit-react-config.browser.prod.js",
    "@okee-uikit/react-locale/dist/okee-uikit-react-locale.browser.prod.js",
    "@okee-uikit/react/dist/okee-uikit-react.browser.prod.js",
)
_ALL = "all.js"
VUE_FILES = (
    "vue/dist/vue.min.js",
    "element-ui/lib/index.js",
    "element-ui/lib/umd/locale/en.js",
    "element-ui/lib/umd/locale/vi.js",
    "element-ui/lib/umd/locale/es.js",
    "element-ui/lib/umd/locale/id.js",
)


class KitsMissing(RuntimeError):
    """node_modules is not there."""


def check_kits() -> None:
    """Raise KitsMissing, saying what to run, when the kits are not installed."""
    missing = [name for name in (*REACT_FILES, *VUE_FILES) if not (MODULES / name).is_file()]
    if missing:
        message = f"the UI kits are not installed ({missing[0]} is missing): run `npm ci` in {HERE.name}/"
        raise KitsMissing(message)


def _text(name: str) -> str:
    return (MODULES / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def react_bundle() -> str:
    """Return all React-side files in one. The class prefix is set by the page, through the kit's provider."""
    return "\n;\n".join(_text(name) for name in REACT_FILES)


@lru_cache(maxsize=4)
def kit_css(prefix: str) -> str:
    """Return the React kit's style sheet with this class prefix."""
    return re.sub(r"\.byted-", f".{prefix}-", _text("@okee-uikit/react/dist/okee-uikit-react.prod.css"))


@lru_cache(maxsize=1)
def vue_bundle() -> str:
    """Vue and Element UI, its class prefix `el-` as `vi-`."""
    vue, *element = (_text(name) for name in VUE_FILES)
    renamed = (re.sub(r"(?<![A-Za-z0-9_-])el-(?=[a-z])", "vi-", text) for text in element)
    return "\n;\n".join((vue, *renamed))


@lru_cache(maxsize=1)
def vue_css() -> str:
    """Element UI's style sheet with prefix `vi-`; its icon font stays unused."""
    text = _text("element-ui/lib/theme-chalk/index.css")
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    return re.sub(r"(?<![A-Za-z0-9_-])el-(?=[a-z])", "vi-", text)


def _script(text: str) -> Response:
    return Response(text, media_type="text/javascript", headers=FOREVER)


def _style(text: str) -> Response:
    return Response(text, media_type="text/css", headers=FOREVER)


async def _kit(request: Request) -> Response:
    name = request.path_params["name"]
    stem, _, suffix = name.rpartition(".")
    if name == "react.js":
        return _script(react_bundle())
    if name == "vue.js":
        return _script(vue_bundle())
    if name == "vue.css":
        return _style(vue_css())
    if stem in PREFIXES and suffix == "css":
        return _style(kit_css(stem))
    raise HTTPException(404)


async def _web(request: Request) -> Response:
    if request.path_params["path"] == _ALL:
        return _script("\n".join(_own(name) for name in request.query_params.getlist("of")))
    text = _own(request.path_params["path"])
    return _style(text) if request.path_params["path"].endswith(".css") else _script(text)


def _own(name: str) -> str:
    path = (WEB / name).resolve()
    if not path.is_relative_to(WEB) or not path.is_file():
        raise HTTPException(404)
    return path.read_text(encoding="utf-8")


def versioned(path: Path) -> str:
    """Return the address of a file under web/, with its time so that a change is seen at once."""
    return f"/web/{path.relative_to(WEB).as_posix()}?v={path.stat().st_mtime_ns}"


def bundled(*names: str) -> str:
    """Return the address of several scripts under web/ as one, in this order, as sites serve them."""
    newest = max((WEB / name).stat().st_mtime_ns for name in names)
    return f"/web/{_ALL}?{urlencode([*(('of', name) for name in names), ('v', newest)])}"


def routes() -> list[Route]:
    """Return static files; the same on both sites."""
    return [Route("/kit/{name}", _kit), Route("/web/{path:path}", _web)]
