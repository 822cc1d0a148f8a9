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
WINDOWS, MAC, CENTRAL = "Windows-1252", "Mac Roman", "Windows-1250"
# What a text in Windows-1250, of the languages of central Europe, looks like in Windows-1252: signs
# within words, as in "Wa³êsa" and "£ódŸ", and letters that no western language has in one word.
SIGNS_IN_WORDS = re.compile(
    r"(?<=[A-Za-z])[³¹¿](?=[^\W\d_])|(?<=[^\W\d_])[³¹¿](?=[A-Za-z])"
    r"|(?<![^\W_])[£¯¥](?=[^\W\d_]?[a-z])"
    r"|[ìùèÈ][a-z]{1,15}[áíýšž]|[áíýšžŠŽ][a-z]{1,15}[ìùè]"
)
# Letters of Iceland that are Turkish in Windows-1254, and pairs that are likelier in Windows-1250.
NORTHERN = re.compile(r"\w{0,20}(?:[þÞðÐ][a-z]|[a-z][þð]|[A-Za-z]ý[a-z])\w{0,20}")
CENTRAL_PAIRS = re.compile(r"\w{0,20}(?:[øØ][a-z]?[áíý]|[A-Za-z]õ(?!e)[a-z]|[a-z]º[a-z])\w{0,20}")
# Letters of European words, as they stand within and at the beginning of a word.
COMMON = frozenset("äöüßéèêëàâáåæãçîíïìñóòôõøúùûýÿœšžÄÖÜÉÅØÆÁÓÇŠŽ’‘“–")
OF_CENTRAL = frozenset("ąćęłńóśźżĄĆŁŚŹŻáéíýěščřžůúťďňÁČŘŠŽőűöüÖÜßä’‘“–")
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
    Roman where that gives words with likelier letters, or Windows-1250 where signs stand in words.

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
        if SIGNS_IN_WORDS.search(windows):
            central = content.decode("cp1250", "evidence_letter")
            if _likely(central, OF_CENTRAL) > _likely(named[0]):
                named = central, CENTRAL
        return _is_text(named[0]), named[1]
    except (
        LookupError,
        ValueError,
    ):  # an unknown one, one that gives no text, a name with a null character
        raise UsageError(
            f"encoding is {encoding!r}, which Python does not know; such as utf-8, utf-16, cp1252"
        ) from None
    return _is_text(text.removeprefix("\ufeff")), NAMES.get(known or "utf-8", known)


def doubts(text: str, name: str) -> list[str]:
    """What may be wrong with letters of a text whose encoding was guessed.

    >>> doubts("Þahin 2010", WINDOWS)[0][:70]
    "'Þahin' has letters of Iceland: --encoding cp1254 reads them as Turkis"
    """
    if name in (MAC, CENTRAL):
        return [f"look at the characters with accents, as {name} is a guess"]
    if name != WINDOWS:
        return []
    if found := CENTRAL_PAIRS.search(text):
        return [f"{found[0]!r} has unusual letters: --encoding names another, such as cp1250"]
    if found := NORTHERN.search(text):
        return [f"{found[0]!r} has letters of Iceland: --encoding cp1254 reads them as Turkish"]
    return []


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


def _likely(text: str, common: frozenset[str] = COMMON) -> int:
    """How much the letters beyond ASCII look like those of words: small ones beside small ones."""
    inside = re.findall(r"(?<=[a-z])[^\x00-\x7f]|[^\x00-\x7f](?=[a-z]{2})", text)
    likely = sum(letter in common for letter in inside)
    return 2 * likely - len(inside)


def _letter(error: UnicodeError) -> tuple[str, int]:
    """A byte that Windows-1252 leaves without a meaning, as the control character of its number."""
    assert isinstance(error, UnicodeDecodeError)
    return chr(error.object[error.start]), error.start + 1


codecs.register_error("evidence_letter", _letter)
