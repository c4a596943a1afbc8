"""Every flow by the name a job file uses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bcflow.models.jobs import FLOWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.flows.run import Conclusion


def flow_function(name: str) -> Callable[..., Conclusion]:
    """Return the function that runs the flow called `name`: the one its file is named after."""
    if name not in FLOWS:
        raise KeyError(name)
    function = name.replace("-", "_")
    found: Any = getattr(import_module(f"bcflow.flows.{function}"), function)
    return found  # type: ignore[no-any-return]
