"""The address of a website, as people paste it."""

import pytest
from pydantic import TypeAdapter, ValidationError

from bcflow.models.fields import KEPT, Website

READ = TypeAdapter(Website)


@pytest.mark.parametrize(
    "text",
    [
        "https://acme.example",
        "http://www.acme.example:8080/a-b_c/?x=1&y=a,b#top",
        "https://b\u00fccher.example/\u00fcber",
        "https://\u0645\u062b\u0627\u0644.example/",
        "https://\u0939\u093f\u0928\u094d\u0926\u0940.example/",
        "https://\u0e44\u0e17\u0e22\u0e34.example",
        "https://en.acme.example/wiki/Acme_(company)",
        "https://acme.example/?q=what!",
        "https://192.0.2.1/shop",
    ],
)
def test_an_address_is_taken_as_it_is(text: str) -> None:
    assert READ.validate_python(f"\u200b {text}\u202c") == text


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("https://acme.example,", ","),
        ("https://acme.example\u201d", "\u201d"),
        ("https://acme.example/shop;", ";"),
        ("https://acme.example/shop\u2026", "\u2026"),
        ("https://\u201cacme.example", "\u201c"),
        ("https://acme.example>", ">"),
    ],
)
def test_a_sign_that_came_along_is_named(text: str, sign: str) -> None:
    with pytest.raises(ValidationError, match=f"has a '{sign}' that is no part of it; give the bare address"):
        READ.validate_python(text)
    assert READ.validate_python(text, context={KEPT: True}) == text
