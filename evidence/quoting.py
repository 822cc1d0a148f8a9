"""Text of a data set on its way into another language: one function per language, and no text
breaks out of any of them.

LaTeX for the bibliography is written by :mod:`evidence.bibliography.bibtex.latex`; names of files
from data are made by :func:`evidence.files.inside`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import keyword
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from types import SimpleNamespace
from typing import Any

# Control characters, half surrogate pairs, turns of the direction of writing and other marks that
# nobody sees, characters for private use.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
BLOCK = re.compile(r"[#>*+\-=_`~|:]|\d+[.)]")
OPENING = re.compile(r"<(?=[A-Za-z/!?])")
ASCII_SIGNS = re.compile("[-+<>%]")
# A minus ends a text or a short name, as in "HIV-", or begins a number; a hyphen may end one of
# several words, as in "short- and long-term".
AFTER_NAME = re.compile(
    r"(?<![^\W_])([^\W_]{1,12})[-−–]"
    r"(?=[/)\]]|\s+(?!(?:and|or|to|und|oder|bis|et|ou|y|o|e|vs)\b)[^\W_])"
)
SHORT_NAME = re.compile("[^\\W_]{1,2}|.*[A-Z0-9].*[A-Z0-9].*")
SPELLED = [
    (re.compile(sign), f" {spelled} ")
    for sign, spelled in (
        (r"</?[A-Za-z]{1,6}/?>|[-=]+>|<--+", ""),  # tags and arrows
        (r"(?<=\d)[^\w\s\x00-\x7f](?=\d)", ""),  # ranges and products
        (r"\+/[-−]|±", "plus minus"),
        (r"[≤⩽≦]|<=|=<", "at most"),
        (r"[≥⩾≧]|>=", "at least"),
        ("<", "below"),
        (">", "above"),
        (r"[+⁺]", "plus"),
        (r"(?<=[^\W_])[-−–]$|(?<=[^\W_]) [-−]$|⁻", "minus"),
        (r"(?:^|(?<=\())[-−](?=\s?[.,]?\d)|(?<=[^\W\d_] )[-−](?=\d)", "minus"),
        ("%", "percent"),
        ("[µμ](?=[gmlLsMAV](?![^\\W_]))", "micro"),
        ("µ", "mu"),
        ("♀", "female"),
        ("♂", "male"),
        ("↑", "up"),
        ("↓", "down"),
    )
]
FRACTION = re.compile("[¼-¾⅐-⅞]")
GREEK = re.compile("(?<![Ͱ-Ͽἀ-῿])[Α-Ωα-ωϑϕϵ](?![Ͱ-Ͽἀ-῿])")
# Letters of Latin words that do not fall into a letter and an accent.
LATIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
)
MARKS_OF_LATIN = re.compile(
    "[ʰ-˿\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f]"
)
MOST_SPELLED = 4  # letters of another alphabet in a row of which each is spelled in a code
CLOSING = re.compile(r"\](?=\s*[(:\[])")


def comma_separated(rows: Iterable[Sequence[object]], end: str = "\n") -> str:
    """Rows as CSV: commas, quotes only where they are needed.

    A lone carriage return needs them too, which the csv module of Python 3.11 and 3.12 knows only
    where lines end in one.

    >>> comma_separated([["a,b", "c"], ["d\\re", ""]])
    '"a,b",c\\n"d\\re",\\n'
    """
    rows, whole = list(rows), io.StringIO(newline="")
    csv.writer(whole, lineterminator="\r\n").writerows(rows)
    text = whole.getvalue()
    if text.count("\r") == len(rows):  # those at the ends of the lines
        return text.replace("\r\n", end)
    lines: list[str] = []
    csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n").writerows(rows)
    return "".join(line[:-2] + end for line in lines)


def json_text(value: Any) -> str:
    """A value as JSON for people to read: two blanks further in for each level, letters as they
    are.

    >>> json_text({"a": "é"})
    '{\\n  "a": "é"\\n}'
    """
    return json.dumps(value, indent=2, ensure_ascii=False)


def one_line(text: str) -> str:
    """Text without line breaks and hidden characters, one space between words.

    What parts words, such as a line break, becomes a space; marks that nobody sees are left out.

    >>> one_line(f"two{chr(10)}lines {chr(27)}[2J")
    'two lines [2J'
    """
    return " ".join(HIDDEN.sub("", CONTROL.sub(" ", text)).split())


def terminal(text: str) -> str:
    """Text for a terminal: lines and tabs stay, what could move its cursor or hide is spelled out,
    as JSON would.

    >>> terminal(f"a{chr(10)}{chr(27)}[2Jb")
    'a\\n\\\\u001b[2Jb'
    """
    return HIDDEN.sub(
        lambda found: found[0] if found[0] in "\n\t" else json.dumps(found[0])[1:-1], text
    )


def slug(text: str, mark: str = "_") -> str:
    """A text as a code, or as a part of the name of a file: lower-case letters without accents,
    digits, and ``mark`` for all else between them.

    >>> slug("Größe (mm)"), slug("Two Words", "-")
    ('grosse_mm', 'two-words')
    """
    plain = _decomposed(text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", mark, plain).strip(mark)


def code(text: str, mark: str = "_") -> str:
    """A text as :func:`slug` writes it, with the letters that it would leave out: those of other
    alphabets as the numbers of their characters, many in a row as a number made from all of them.
    Words that differ in such letters have different codes, whatever else a file holds.

    >>> code("Größe (mm)"), code("Søvn"), code("成人 65"), code("٦٥")
    ('grosse_mm', 'sovn', 'u6210u4eba_65', '65')
    """
    if text.isascii():
        return slug(text, mark)
    text = GREEK.sub(lambda found: f" {_name_of_letter(found[0])} ", text)
    parts = groupby(_composed(text.casefold()).translate(LATIN), _kind_of_letter)
    return slug("".join(_in_ascii(kind, "".join(letters)) for kind, letters in parts), mark)


def _composed(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=10_000)
def _kind_of_letter(letter: str) -> str:
    """Whether a letter is one that :func:`slug` keeps, a digit, or one that it would leave out."""
    import unicodedata

    if any(map(str.isascii, _decomposed(letter))):
        return "kept"
    if letter.isdecimal():
        return "digit"
    # Marks are parts of words where vowels are written so; those of Latin letters are accents.
    others = unicodedata.category(letter)[0] in "LNM"
    return "other" if others and not MARKS_OF_LATIN.match(letter) else "kept"


def _in_ascii(kind: str, letters: str) -> str:
    if kind == "digit":
        return "".join(str(int(letter)) for letter in letters)
    if kind == "kept":
        return letters
    if len(letters) <= MOST_SPELLED and max(letters) <= "\uffff":  # as many digits for each
        return "".join(f"u{ord(letter):04x}" for letter in letters)
    return f"x{hashlib.sha256(letters.encode()).hexdigest()[:12]}"


def with_signs(text: str) -> str:
    """A text with the signs spelled out that :func:`slug` would leave out though they tell one
    word from another; a text without them stays as it is.

    >>> slug(with_signs("ER+")), slug(with_signs("≤5 µg")), slug(with_signs("TNF-α"))
    ('er_plus', 'at_most_5_micro_g', 'tnf_alpha')
    """
    if text.isascii() and not ASCII_SIGNS.search(text):
        return text
    text = AFTER_NAME.sub(_minus, text)
    for sign, spelled in SPELLED:
        text = sign.sub(spelled, text)
    text = FRACTION.sub(lambda found: " {}/{} ".format(*_decomposed(found[0]).split("⁄")), text)
    return GREEK.sub(lambda found: f" {_name_of_letter(found[0])} ", text)


def _minus(found: re.Match[str]) -> str:
    return f"{found[1]} minus " if SHORT_NAME.fullmatch(found[1]) else found[0]


def _decomposed(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKD", text)


def _name_of_letter(letter: str) -> str:
    """The name of a Greek letter, as α is alpha."""
    import unicodedata

    name = unicodedata.name(letter).removesuffix(" SYMBOL")
    return name.rpartition(" ")[2].replace("LAMDA", "LAMBDA")


def python(value: Any) -> str:
    """A value as Python code: text in double quotes, lists, numbers, true and false.

    >>> python(['a"b', 1, None])
    '["a\\\\"b", 1, None]'
    """
    if isinstance(value, str):
        return HIDDEN.sub(_python_escape, json.dumps(value, ensure_ascii=False))
    if isinstance(value, (list, tuple)):
        inside = ", ".join(map(python, value))
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside}{',' * (len(value) == 1)})"
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    raise TypeError(f"{type(value).__name__} is not written as code")


def _python_escape(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def is_name(text: str) -> bool:
    """Whether a text is a name in Python, and no word of the language."""
    return text.isidentifier() and not keyword.iskeyword(text)


def r(text: str) -> str:
    """Text as R code, in double quotes.

    >>> r('a"b')
    '"a\\\\"b"'
    """
    return '"' + HIDDEN.sub(_r_escape, text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def _r_escape(found: re.Match[str]) -> str:
    """R allows neither a null character nor half a surrogate pair."""
    number = ord(found[0])
    if number == 0 or 0xD800 <= number < 0xE000:
        return ""
    return f"\\U{number:08x}"


def comment(text: str) -> str:
    """Text as a comment on one line of Python, R, TOML or YAML.

    >>> comment(f"a{chr(10)}system('b')")
    "# a system('b')"
    """
    return f"# {one_line(text)}"


def script(value: Any) -> str:
    """A value as JavaScript or JSON, also within a page: nothing in it ends the script or opens a
    comment.

    >>> script({"a": "</script>"})
    '{"a": "\\\\u003c/script>"}'
    """
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")


def toml(text: str) -> str:
    """Text as TOML, in double quotes.

    >>> toml('a "b"')
    '"a \\\\"b\\\\""'
    """
    return '"' + HIDDEN.sub(_toml_escape, json.dumps(text, ensure_ascii=False)[1:-1]) + '"'


def _toml_escape(found: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= found[0] <= "\udfff" else _python_escape(found)


def yaml(text: str) -> str:
    """Text as YAML, in double quotes, which is TOML's form too.

    >>> yaml("yes: no")
    '"yes: no"'
    """
    return toml(text)


def ris(text: str) -> str:
    """Text as the value of a tag of RIS, which ends with its line; all else stays."""
    return CONTROL.sub(" ", text)


def markdown(text: str) -> str:
    """Text in Markdown, in which no tag, link or formula begins; "p < 0.05", "[1, 2]" and marks
    such as ``**`` stay as they are.

    >>> markdown("<b> [x](javascript:y), p < 0.05, [1, 2]")
    '&lt;b> [x&#93;(javascript:y), p < 0.05, [1, 2]'
    """
    plain = text.replace("\\", "&#92;").replace("$", "&#36;")
    return CLOSING.sub("&#93;", OPENING.sub("&lt;", plain))


def markdown_line(text: str) -> str:
    """Text as one line of Markdown that begins no heading, list, table or block of code.

    >>> markdown_line("``" + "`python"), markdown_line("# Title")
    ('&#96;``python', '&#35; Title')
    """
    line = one_line(text)
    begins = BLOCK.match(line)
    safe = markdown(line)
    if not begins:
        return safe
    place = begins.end() - 1  # no letter before it is one that markdown() changes
    return f"{safe[:place]}&#{ord(safe[place])};{safe[place + 1 :]}"


def markdown_lines(text: str) -> str:
    """Text of several lines, each as :func:`markdown_line` writes it."""
    return "\n".join(map(markdown_line, text.split("\n")))


def markdown_code(text: str) -> str:
    """Text as code within a line of Markdown.

    >>> markdown_code("a|b"), markdown_code("a`b")
    ('`a|b`', '``a`b``')
    """
    line = one_line(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    gap = ""
    if line.startswith("`") or line.endswith("`"):
        gap = " "
    return f"{fence}{gap}{line}{gap}{fence}"


def markdown_cell(text: str) -> str:
    """Text as a cell of a table in Markdown."""
    return markdown(one_line(text)).replace("|", "&#124;")


def web_addresses(text: object) -> list[str]:
    """Those words of a cell that are addresses on the web.

    >>> web_addresses("https://example.org/a javascript:b https://example.org/c")
    ['https://example.org/a', 'https://example.org/c']
    """
    words = text.split() if isinstance(text, str) else []
    return [address for word in words if (address := web_address(word))]


def web_address(text: str) -> str:
    """The text if it is an address on the web, to which a link may lead; else nothing.

    >>> web_address("https://example.org/"), web_address("javascript:alert(1)")
    ('https://example.org/', '')
    """
    if re.fullmatch(r"https?://[^\s<>\"\\^`{|}]+", text, re.I) and not HIDDEN.search(text):
        return text
    return ""
