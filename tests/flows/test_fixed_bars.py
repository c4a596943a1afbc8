"""Forms whose own buttons stand in a bar at the lower edge of the window, over what is scrolled under it."""

import pytest

from tests.support.flow_desk import Desk
from tests.support.flow_jobs import make
from tests.support.nightly import nightly_except

LOW = {"width": 1440, "height": 460}


@pytest.mark.parametrize(
    ("flow", "ends", "more"),
    nightly_except(
        [
            ("create-business-center", "done", {"kind": "agency"}),
            ("invite-member", "waiting", {}),
            ("create-ad-account", "waiting", {}),
            ("add-ad-account", "waiting", {}),
            ("share-with-partner", "waiting", {}),
        ],
        # The middle of its last control never comes out from under the bar.
        "share-with-partner",
    ),
)
@pytest.mark.standin(axes={"bars": "fixed", "surface": "page", "registration": "old"})
def test_a_flow_works_in_a_window_that_a_bar_covers_in_part(
    desk: Desk, flow: str, ends: str, more: dict[str, str]
) -> None:
    desk.page.set_viewport_size(LOW)  # type: ignore[arg-type]
    ran = desk.run(make(flow, **more))
    assert ran.first.outcome == ends, ran.said
    assert len(desk.writes()) == 1
