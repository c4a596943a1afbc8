"""A form's button in unknown words: whether it leads on or sends is asked in the order that its word suggests."""

import pytest

from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.widgets.surface import page_surface
from bcflow.pages.kit.writing.doubts import leading


@pytest.mark.usefixtures("on_an_empty_page")
@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize(("says", "is_it"), [("Send my request", "confirm"), ("Continue to the next one", "next")])
def test_what_a_buttons_word_comes_near_to_is_asked_about_first(
    site: Site, says: str, is_it: str, *, is_full: bool
) -> None:
    site.page.set_content(f'<form><input><button style="background:#06c;color:#fff">{says}</button></form>')
    words = leading(page_surface(site), ("confirm", "submit"), is_full=is_full)
    assert words[0].concept == is_it
    assert len(words) == 2
