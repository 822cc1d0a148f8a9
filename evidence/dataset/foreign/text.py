"""The text of a file in an unknown encoding."""

from __future__ import annotations

import codecs

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32": "UTF-32", "cp1252": "Windows-1252"}


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file with plain line ends, and the name of its encoding.

    A byte order mark decides; without one, zeros at every other byte mean UTF-16; what is no UTF-8 is Windows-1252, in which the few bytes without
    a meaning become control characters.

    >>> decoded("é\\r\\n".encode("utf-16")), decoded("é".encode("cp1252"))
    (('é\\n', 'UTF-16'), ('é', 'Windows-1252'))
    """
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "") or _guessed(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = "".join(_letter(byte) for byte in content)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), NAMES[encoding]


def _guessed(content: bytes) -> str:
    start = content[:4096]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 8 and len(content) % 2 == 0:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def _letter(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)
