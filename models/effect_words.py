"""What the operator reads about an effect or a job: plain words, the thing named, who must act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bcflow.models.identity import quoted

if TYPE_CHECKING:
    from bcflow.models.looks import Effect, Seen

SCREEN_CHANGED: Final = "nothing was clicked; the site looks different: see the picture, then bcflow check-ui"
UNKNOWN_WORDS: Final = "look at the site; if these words mean that all is well, add them to the labels and run it again"

_TITLES: Final = ("email", "aadvid", "partner_id", "name")
_NOUNS: Final = {
    "business-center": "Business Center '{0}'",
    "ad-account": "ad account '{0}'",
    "ad-account-access": "access to ad account {0}",
    "member": "member {0}",
    "partner": "partner {0}",
    "share": "ad account {2} for partner {1}",
}
_WAITING: Final = {
    "invitee": "the invited person must open the mail and accept",
    "owner": "the ad account's owner must approve the request in Ads Manager",
    "partner": "the partner must accept the request under Partners, Requests",
    "tiktok review": "TikTok reviews it; look again in a day",
    "client's phone": "the client must scan the code in the app",
}
_PERSON: Final = {
    "code": "have the code source ready, then run it again",
    "captcha": "run `bcflow login --headed`, solve the captcha there, then run it again",
    "consent": "run `bcflow login --headed`, decide on the consent screen, then run it again",
    "sign-in": "run `bcflow login --headed`, then run it again",
}


def subject(effect: Effect) -> str:
    """Return the thing an effect is about."""
    partner, _, aadvid = effect.identity.partition(":")
    return _NOUNS[effect.kind].format(effect.identity, partner, aadvid)


def stands(effect: Effect, outcome: str, found: Seen) -> str:
    """Say that the effect was seen, and how."""
    name = subject(effect)
    if found.id is not None and found.id not in name:
        name = f"{name} ({found.id})"
    status = found.have.get("status")
    seen = f": {status}" if isinstance(status, str) else ""
    if outcome == "already":
        return f"{name} was there already{seen}; nothing was written"
    return f"{name} was written and seen{seen}"


def not_understood(effect: Effect, found: Seen, *, ours: bool) -> str:
    """Say that it is there in a state whose words are not known, and quote them."""
    done = "was written and seen" if ours else "is there"
    return f"{subject(effect)} {done}, but the site says {quoted(found.words, 255)} of it, and that is not known"


def planned(effect: Effect) -> str:
    """Say what a run would write."""
    wanted = ", ".join(
        f"{name.replace('_', ' ')} {value}"
        for name, value in effect.want.items()
        if value and not isinstance(value, dict)
    )
    return f"would write {subject(effect)}" + (f" ({wanted})" if wanted else "")


def screen_changed(concept: str) -> str:
    """Say what to do about a screen that is another one; `concept` is what was not found, if it is known by a word."""
    if not concept:
        return SCREEN_CHANGED
    taught = f'bcflow labels add "{concept}" "its word"'
    return f"nothing was clicked; if the picture shows it under another word: {taught}; else bcflow check-ui says more"


def waiting(effect: Effect, who: str | None) -> str:
    """Say who must act next and how; nothing when nobody must."""
    if who is None:
        return ""
    return _WAITING.get(who, f"{who} must act for {subject(effect)}")


def person(kind: str) -> str:
    """Say what a person must do for this kind of help."""
    return _PERSON.get(kind, "a person must help, then run it again")


def job_title(flow: str, inputs: dict[str, Any]) -> str:
    """Return a job in a few words: its flow and what it is about."""
    about = next((str(inputs[name]) for name in _TITLES if inputs.get(name)), "")
    return f"{flow} {about}".rstrip()
