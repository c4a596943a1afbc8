"""The site under the name by which programs outside this repository know it; ours import it from `screen`."""

from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.site import Site

__all__ = ["Addresses", "Site"]
