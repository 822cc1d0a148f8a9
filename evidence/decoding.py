"""Files that others wrote: whatever stands where a file should be, one message says where, what is
wrong and how to fix it.
"""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from pathlib import Path

from evidence.errors import DataError, Fault, UsageError
from evidence.files import UnreadableFile, decode, read_bytes, shown_path

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
}
WINDOWS, MAC = "Windows-1252", "Mac Roman"
# Letters of European words, as they stand within and at the beginning of a word.
COMMON = frozenset("äöüßéèêëàâáåæãçîíïìñóòôõøúùûýÿœšžÄÖÜÉÅØÆÁÓÇŠŽ’‘“–")
START = 4096  # bytes or characters by which a file is judged
CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f]")


def composed(text: str) -> str:
    """A text whose letters hold their accents, in the Unicode form NFC, as all tables have it.

    >>> composed("e\u0301") == "\xe9"
    True
    """
    return unicodedata.normalize("NFC", text)


def bytes_of(path: str | os.PathLike[str]) -> bytes:
    """All bytes of a file; a DataError that names it when it cannot be read, as
    :func:`evidence.files.read_bytes` says.
    """
    try:
        return read_bytes(path)
    except UnreadableFile as error:
        raise unusable(path, error) from None


def text_of(path: str | os.PathLike[str]) -> str:
    """Text of a file in UTF-8, line ends as they are; a DataError that names it when it cannot be
    read or is none.

    >>> text_of("/nowhere/search.toml")
    Traceback (most recent call last):
        ...
    evidence.errors.DataError: A file cannot be used:
    /nowhere/search.toml: cannot be read: No such file or directory; allowed: a plain file that this
    user may read
    """
    try:
        return decode(read_bytes(path))
    except UnreadableFile as error:
        raise unusable(path, error) from None


def unusable(path: str | os.PathLike[str], error: UnreadableFile) -> DataError:
    """What is wrong with a file, with its place."""
    return DataError(
        "A file cannot be used:",
        [Fault(shown_path(Path(path)), error.line, "", error.what, error.allowed)],
    )


def decoded(content: bytes, encoding: str = "") -> tuple[str, str]:
    """The text of a file in an unknown encoding, and the name of that encoding.

    A byte order mark decides; without one, zeros at every other byte mean UTF-16; what is not UTF-8
    is Windows-1252, in which the few bytes without a meaning become control characters, or Mac
    Roman where that gives words with likelier letters.

    >>> decoded("é".encode("utf-16")), decoded("é".encode("cp1252"))
    (('é', 'UTF-16'), ('é', 'Windows-1252'))
    """
    known = (
        encoding
        or next((name for mark, name in MARKS if content.startswith(mark)), "")
        or _with_zeros(content)
    )
    try:
        text = content.decode(known or "utf-8")
    except UnicodeDecodeError as error:
        if known:
            line = content[: error.start].count(b"\n") + 1
            raise UnreadableFile(
                f"is not {NAMES.get(known, known)} (byte {error.start})",
                "one encoding from beginning to end; best UTF-8",
                line,
            ) from None
        windows, mac = content.decode("cp1252", "evidence_letter"), content.decode("mac_roman")
        named = (mac, MAC) if _likely(mac) > _likely(windows) else (windows, WINDOWS)
        return _is_text(named[0]), named[1]
    except (
        LookupError,
        ValueError,
    ):  # an unknown one, one that gives no text, a name with a null character
        raise UsageError(
            f"encoding is {encoding!r}, which Python does not know; such as utf-8, utf-16, cp1252"
        ) from None
    return _is_text(text.removeprefix("\ufeff")), NAMES.get(known or "utf-8", known)


def _with_zeros(content: bytes) -> str:
    start = content[:START]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) <= len(start) // 8 or min(even, odd) * 4 > max(even, odd):
        return ""
    if odd > even:
        return "utf-16-le"
    return "utf-16-be"


def _is_text(text: str) -> str:
    """The text, if it is one: a picture or a program's file is full of control characters."""
    start = text[:START]
    if len(CONTROL.findall(start)) * 20 > len(start) or start.count("\0") * 4 > len(start):
        raise UnreadableFile(
            "is not text but something else, such as a picture or a document",
            "a text file, or XLSX for a spreadsheet",
        )
    return text


def _likely(text: str) -> int:
    """How much the letters beyond ASCII look like those of words: small ones beside small ones."""
    inside = re.findall(r"(?<=[a-z])[^\x00-\x7f]|[^\x00-\x7f](?=[a-z]{2})", text)
    likely = sum(letter in COMMON for letter in inside)
    return 2 * likely - len(inside)


def _letter(error: UnicodeError) -> tuple[str, int]:
    """A byte that Windows-1252 leaves without a meaning, as the control character of its number."""
    assert isinstance(error, UnicodeDecodeError)
    return chr(error.object[error.start]), error.start + 1


codecs.register_error("evidence_letter", _letter)
