"""Dates and pages, in the one form that the tables have for them."""

from __future__ import annotations

import re

from evidence.bibliography.bibtex.values import MONTHS

PAGE = r"([^\s,\u2013-]*\d[^\s,\u2013-]*|[ivxlcdm]+)"
YEARS = re.compile(r"\d{4}\s*[-\u2013/]{1,3}\s*\d{4}")
PAGE_RANGE = re.compile(rf"{PAGE}\s*(?:-{{1,3}}|\u2013)\s*{PAGE}")


def pages(text: str) -> str:
    """Pages with an en dash between the first and the last.

    >>> pages("1251--1254"), pages("S12-S15, 18"), pages("e0123"), pages("A-1--A-5")
    ('1251–1254', 'S12–S15, 18', 'e0123', 'A-1–A-5')
    """
    first, _, last = text.partition("--")
    if text.isalnum() or (first.isalnum() and last.isalnum()):
        return f"{first}\u2013{last}" if last else text
    if "," in text:
        return ", ".join(pages(part) for part in text.split(",") if part.strip())
    found = PAGE_RANGE.fullmatch(text.strip())
    if found:
        return f"{found[1]}\u2013{found[2]}"
    return re.sub(r"\s*-{2,3}\s*", "\u2013", text.strip())


def whole_pages(text: str) -> str:
    """Pages in full: databases leave out the digits that the last page shares with the first.

    >>> whole_pages("133-7"), whole_pages("S12-5"), whole_pages("e01"), whole_pages("98-102")
    ('133–137', 'S12–S15', 'e01', '98–102')
    """
    found = re.fullmatch(r"([A-Za-z]*)(\d+)-(\d+)", text)
    if found and len(found[3]) < len(found[2]):
        return f"{found[1]}{found[2]}\u2013{found[1]}{found[2][: -len(found[3])]}{found[3]}"
    return pages(text)


def page_range(first: str, last: str, other: str = "") -> str:
    """Pages from first to last; else the one that is stated, or another number.

    >>> page_range("7", "11"), page_range("7", "7"), page_range("", "", "e12")
    ('7–11', '7', 'e12')
    """
    if first and last and first != last:
        return f"{first}\u2013{last}"
    return pages(first or other)


def year_of(text: str) -> str:
    """The year of a date; a range of years, and what holds no year, as it stands.

    >>> year_of("2020 May 3"), year_of("2001-2002"), year_of("in press")
    ('2020', '2001-2002', 'in press')
    """
    if YEARS.fullmatch(text):
        return text
    return iso_date(text)[:4] or text


def beyond_year(date: str) -> str:
    """A date that says more than its year, else nothing.

    >>> beyond_year("2020-05"), beyond_year("2020")
    ('2020-05', '')
    """
    return date if len(date) > 4 else ""


def iso_date(text: str) -> str:
    """A date as year, year and month, or all three; months by number or English name. Empty when no
    year is in it.

    >>> (
    ...     iso_date("2020 May 3"),
    ...     iso_date("2020-mar"),
    ...     iso_date("12/2019"),
    ...     iso_date("2021/05/12/"),
    ...     iso_date("in press"),
    ... )
    ('2020-05-03', '2020-03', '2019-12', '2021-05-12', '')
    """
    year = re.search(r"(?<!\d)\d{4}(?!\d)", text)
    if not year:
        return ""
    before, after = text[: year.start()], text[year.end() :]
    words = re.findall(r"[^\W\d_]+|\d+", after if re.search(r"\w", after) else before)
    named = [MONTHS.index(word[:3].lower()) + 1 for word in words if word[:3].lower() in MONTHS]
    numbers = [int(word) for word in words if word.isdecimal()]
    month, *days = [*named[:1], *numbers, 0]
    parts = [year[0]]
    if 1 <= month <= 12:
        parts.append(f"{month:02}")
    if len(parts) == 2 and days and 1 <= days[0] <= 31:
        parts.append(f"{days[0]:02}")
    return "-".join(parts)
