"""A small IMAP server on 127.0.0.1: a handful of commands, and a note of every one it got."""

from __future__ import annotations

import base64
import re
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Self

USER, PASSWORD = "ops@agency.example", "p/l@nted: wörd"


@dataclass
class Stored:
    raw: bytes
    arrived: datetime


@dataclass
class Box:
    """What the server keeps and what it was asked; `after` mails come in one by one, each with a NOOP."""

    mails: list[Stored] = field(default_factory=list)
    after: list[Stored] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    refuses: str = ""
    drops: int = 0
    plain: bool = True


def make_mail(
    text: str = "Your verification code is 123456.",
    *,
    html: str = "",
    subject: str = "Hello",
    sender: str = "TikTok for Business <no-reply@mail.tiktok.com>",
    to: str = "ops@agency.example",
    arrived: datetime | None = None,
) -> Stored:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return Stored(message.as_bytes(), arrived or datetime.now(UTC))


class ImapServer(ThreadingTCPServer):
    """Serves one `box`; with a TLS `context` as imaps."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.box = Box()
        self.context = context

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves in the middle is no error here."""


class Conversation(StreamRequestHandler):
    server: ImapServer

    def setup(self) -> None:
        if self.server.context is not None:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        box = self.server.box
        self._say("* OK ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            box.commands.append(command)
            if box.drops:
                box.drops -= 1
                return
            name = command.upper().split(" ")[0]
            rest = command[len(name) + 1 :]
            answer = getattr(self, f"do_{name.lower()}", self._unknown)(rest)
            self._say(f"{tag} {answer}")
            if name == "LOGOUT":
                return

    def do_capability(self, _: str) -> str:
        self._say(f"* CAPABILITY IMAP4rev1{' AUTH=PLAIN' if self.server.box.plain else ''}")
        return "OK done"

    def do_authenticate(self, _: str) -> str:
        self._say("+ ")
        _, user, password = base64.b64decode(self.rfile.readline()).decode().split("\0")
        return self._judged(user, password)

    def do_login(self, rest: str) -> str:
        user, _, password = rest.partition(" ")
        return self._judged(user, password.strip('"'))

    def do_examine(self, rest: str) -> str:
        if rest not in {"INBOX", '"Codes from shops"'}:
            return "NO no such folder"
        self._say(f"* {len(self.server.box.mails)} EXISTS")
        return "OK [READ-ONLY] done"

    def do_noop(self, _: str) -> str:
        box = self.server.box
        if box.after:
            box.mails.append(box.after.pop(0))
        return "OK done"

    def do_uid(self, rest: str) -> str:
        mails = self.server.box.mails
        if rest.startswith("SEARCH"):
            sender = re.findall(r'FROM "(.*)"', rest)[0].encode().lower()
            uids = [str(n) for n, mail in enumerate(mails, start=1) if sender in mail.raw.lower()]
            self._say(f"* SEARCH {' '.join(uids)}".rstrip())
            return "OK done"
        _, uids_wanted, what = rest.split(" ", 2)
        for uid in uids_wanted.split(","):
            mail = mails[int(uid) - 1]
            if "INTERNALDATE" in what:
                self._say(f'* {uid} FETCH (UID {uid} INTERNALDATE "{mail.arrived:%d-%b-%Y %H:%M:%S %z}")')
            else:
                self._say(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(mail.raw)}}}")
                self.wfile.write(mail.raw)
                self._say(")")
        return "OK done"

    def do_logout(self, _: str) -> str:
        self._say("* BYE")
        return "OK done"

    def _judged(self, user: str, password: str) -> str:
        box = self.server.box
        box.commands[-1] = box.commands[-1].split(" ")[0]
        if box.refuses:
            return box.refuses
        return "OK in" if (user, password) == (USER, PASSWORD) else f"NO {user} {password} is wrong"

    def _unknown(self, _: str) -> str:
        return "BAD unknown"

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
