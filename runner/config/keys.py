"""The key that saved sign-ins are sealed with: `BCFLOW_KEY`, else a file only its owner can read.

A sign-in on its way to another machine is sealed with a passphrase instead.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import stat
import unicodedata
from pathlib import Path

from bcflow.models.errors import BadInput
from bcflow.runner.redaction.private_files import make_private_folder, owner_problems

_FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
_SHORTEST_PHRASE = 16
_FEWEST_LETTERS = 8
# What everybody tries first: words that stand in every list, ours among them, and rows of keys or of the alphabet.
_COMMON = re.compile(
    "the same phrase on every machine, 16 characters or more|password|passwort|passwd|passphrase|secret|changeme"
    "|change|letmein|welcome|administrator|admin|login|master|monkey|dragon|iloveyou|default|example|sample|testing"
    "|test|bcflow|tiktok|business center|agency|company|encryption|key|phrase"
)
_RUN = re.compile(
    r"(.)\1{2,}|0123456789|1234567890|123456789|12345678|1234567|123456|12345|1234|123|987654321|87654321|7654321"
    "|654321|54321|4321|321|abcdefghijklmnopqrstuvwxyz|abcdefgh|abcdef|abcde|abcd|abc|asdfghjkl|asdfgh|asdf|yxcvbnm"
    "|zxcvbnm|qwertyuiop|qwertzuiop|qwerty|qwertz"
)
# A phrase is stretched so that guessing it from a copied sign-in stays slow (about 0.05 s a guess).
_STRETCH_N, _STRETCH_R, _STRETCH_P = 2**14, 8, 1

# A sealed file: mark, version, salt, Fernet token, and the SHA-256 of all before it. The checksum protects nothing;
# it tells a file that was cut on its way from a wrong passphrase.
_MARK, _VERSION = b"bcflow sealed\n", 1
_SALT_BYTES, _SUM_BYTES = 16, 32
# Such a file travels and may lie about, so a guess costs more: 64 MiB and about 0.3 s.
_PASSPHRASE_N = 2**16
_SHORTEST_PASSPHRASE = 12


def load_key(key: str | None, home: Path) -> bytes:
    """Return the Fernet key: from `key` (the value of BCFLOW_KEY) if set, else from `home`/key.

    The file is made on first use, mode 0600. A `key` is a Fernet key (44 letters, URL-safe base64)
    or any phrase of at least 16 characters that is not easily guessed. Raises BadInput for a weak one, for a key
    file that others may read or own, and for one that holds no key.
    """
    return _from_text(key) if key else _from_file(home / "key")


def key_source(key: str | None, home: Path) -> str:
    """Say in a few words where the key comes from, for `doctor`."""
    if key:
        return "BCFLOW_KEY"
    path = home / "key"
    return str(path) if path.exists() else f"{path} (made when it is first needed)"


def check_passphrase(passphrase: str) -> None:
    """Raise BadInput for a passphrase that is too short to seal anything with."""
    if len(passphrase) < _SHORTEST_PASSPHRASE:
        raise BadInput([f"the passphrase is too short; at least {_SHORTEST_PASSPHRASE} characters"])


def seal(content: bytes, passphrase: str) -> bytes:
    """Return `content` sealed with `passphrase`. Raises BadInput for one under 12 characters."""
    from cryptography.fernet import Fernet

    check_passphrase(passphrase)
    salt = os.urandom(_SALT_BYTES)
    token = base64.urlsafe_b64decode(Fernet(_stretched(passphrase, salt)).encrypt(content))
    sealed = _MARK + bytes([_VERSION]) + salt + token
    return sealed + hashlib.sha256(sealed).digest()


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """Return what was sealed. Raises BadInput for another passphrase, and for what is damaged or was never sealed."""
    from cryptography.fernet import Fernet, InvalidToken

    body, checksum = sealed[:-_SUM_BYTES], sealed[-_SUM_BYTES:]
    head = len(_MARK)
    if not sealed.startswith(_MARK):
        raise BadInput(["is no sign-in that bcflow exported"])
    if hashlib.sha256(body).digest() != checksum:
        raise BadInput(["is damaged or not whole; copy it again, or export it again"])
    if body[head] != _VERSION:
        raise BadInput([f"is in format {body[head]}; use the same version of bcflow on both machines"])
    salt, token = body[head + 1 : head + 1 + _SALT_BYTES], body[head + 1 + _SALT_BYTES :]
    try:
        return Fernet(_stretched(passphrase, salt)).decrypt(base64.urlsafe_b64encode(token))
    except InvalidToken:
        raise BadInput(["does not open with this passphrase"]) from None


def _stretched(passphrase: str, salt: bytes) -> bytes:
    """Return a Fernet key. NFC: two keyboards may write the same letter in two ways."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    stretch = Scrypt(salt=salt, length=32, n=_PASSPHRASE_N, r=_STRETCH_R, p=_STRETCH_P)
    return base64.urlsafe_b64encode(stretch.derive(unicodedata.normalize("NFC", passphrase).encode()))


def _from_text(text: str) -> bytes:
    text = text.strip()
    if why := weakness(text):
        raise BadInput([f"BCFLOW_KEY: {why}; make a good one with: openssl rand -base64 32"])
    if _FERNET_KEY.fullmatch(text):
        return text.encode()
    raw = hashlib.scrypt(text.encode(), salt=b"bcflow sign-in", n=_STRETCH_N, r=_STRETCH_R, p=_STRETCH_P, dklen=32)
    return base64.urlsafe_b64encode(raw)


def weakness(text: str) -> str:
    """Say why `text` is easily guessed, or return an empty text. Nothing of it is quoted."""
    if len(text) < _SHORTEST_PHRASE:
        return f"is too short; at least {_SHORTEST_PHRASE} characters"
    folded = text.casefold()
    if len(set(folded)) < _FEWEST_LETTERS:
        return f"has fewer than {_FEWEST_LETTERS} different characters"
    if _is_repeated(folded):
        return "is one short text again and again"
    own = _COMMON.sub("", _RUN.sub("", folded))
    if len(re.sub(r"[\W_]", "", own)) < _FEWEST_LETTERS:
        return "is made of common words and rows of characters"
    return ""


def _is_repeated(text: str) -> bool:
    """Whether `text` is a part of at most half its length, repeated; the last time may be cut off."""
    halves = range(1, len(text) // 2 + 1)
    return any((text[:size] * len(text)).startswith(text) for size in halves)


def _from_file(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    found = path.stat()
    if problems := owner_problems(path, found):
        raise BadInput(problems)
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        raise BadInput([f"{path}: others may read the key (mode {mode:04o}); run: chmod 600 '{path}'"])
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if not _FERNET_KEY.fullmatch(text):
        raise BadInput([f"{path}: does not hold a key; remove it and sign in again"])
    return text.encode()


def _make(path: Path) -> None:
    """Write a new key so that another process sees either no file or a whole one."""
    make_private_folder(path.parent)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.urlsafe_b64encode(os.urandom(32)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        # Another process made one first; its key is the one in use.
        return
    finally:
        part.unlink(missing_ok=True)
