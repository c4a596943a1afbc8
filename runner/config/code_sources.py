"""Whether the places that codes come from can be used, as far as that shows without asking for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.runner.codes.mailbox import mailbox_problem
from bcflow.runner.codes.programs import program_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcflow.runner.config.settings import Settings


def code_sources(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield each login's settings for codes: its name, the setting's, and why it cannot be used, or an empty text.

    A command's programs are looked for, a mailbox is opened; nothing is changed in it.
    """
    for login, given in settings.logins.items():
        place = "BCFLOW_" if login == "default" else f"BCFLOW_LOGIN__{login.upper()}__"
        if given.code_command is not None:
            yield login, f"{place}CODE_COMMAND", program_problem(given.code_command.get_secret_value())
        if given.code_imap is not None:
            yield login, f"{place}CODE_IMAP", mailbox_problem(given.code_imap.get_secret_value())
