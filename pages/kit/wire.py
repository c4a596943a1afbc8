"""The wire under the name by which programs outside this repository know it; ours import it from `writing`."""

from bcflow.pages.kit.writing.wire import Wire

__all__ = ["Wire"]
