"""What a cell says: numbers in either notation, intervals, p-values, years, truth. A cell that
cannot be read comes back with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evidence.bibliography.addresses import plain_doi, plain_pmid
from evidence.decoding import composed

MINUS = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2010\u2011", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
        **dict.fromkeys("\u00b7\u2219", "."),  # decimals as The Lancet prints them
    }
)
DASH_BEFORE = re.compile(r"(?<![\d.,%)])(?<![\d.,%)]\s)[\u2013\u2014](?=\s?[.,]?\d)")
NUMBER = r"[+-]?(?:\d[\d.,' ]*\d|\d|[.,]\d+)(?:[eE][+-]?\d+)?"
USUAL_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")  # which stays as it is
BETWEEN = r"\s*(?:\bto\b|\bbis\b|\bà\b|\ba\b|;|\.\.\.?|\u2013|\u2014|,(?=\s)|-)\s*"
CI = r"(?i:CI|KI|IC|CrI|confidence interval)"
LEVEL = rf"(?:{CI}\s*)?(?:(?P<level>\d\d)\s*%\s*{CI}?\s*[:,=]?\s*)?(?:{CI})?\s*[:,=]?\s*"
INTERVAL = re.compile(
    rf"[(\[]?\s*{LEVEL}[(\[]?\s*(?P<low>{NUMBER}?){BETWEEN}(?P<high>{NUMBER})\s*[)\]]*"
)
WITH_INTERVAL = re.compile(rf"(?P<estimate>{NUMBER})\s*[(\[;,]\s*(?P<rest>.+?)\s*[)\]]?")
P_VALUE = re.compile(
    rf"(?:p\s*)?(?P<operator><=|>=|=|<|>|\u2264|\u2265)?\s*(?P<value>{NUMBER})", re.I
)
NOT_SIGNIFICANT = re.compile(
    r"(?:p\s?[:=]?\s?)?(?:n\.?\s?s\.?|no[nt][ -]?(?:statistically )?significant"
    r"|nicht signifikant|non significatif|no significativo)",
    re.I,
)
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
YEAR_LETTER = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d\s?[-/]?\s?([a-z])[)\]]?", re.I)
SIZE = re.compile(r"(?:n\s*=\s*)?(?P<n>\d[\d.,' ]*)", re.I)
THREE_DIGITS = re.compile(r"(?:n\s*=\s*)?[1-9]\d{0,2}[.,]\d{3}", re.I)
WITH_DECIMALS = re.compile(r"(?<![\d.,])(\d+)([.,])(\d+)(?![\d.,]*\d)")
MEASURE_BEFORE = re.compile(
    r"(?P<measure>[A-Za-z][\w' ]{0,40}?)\s{0,3}[=:]?\s{0,3}(?=[+-]?[.,]?\d)"
)
EVENTS = re.compile(
    r"(?P<events>\d+)\s*(?:/|\bof\b)\s*(?P<n>\d+)(?:\s*[(\[,;]?\s*[\d.,]+\s*%?[)\]]?)?"
)
MEAN_SD = re.compile(
    rf"(?P<mean>{NUMBER})\s*(?:\((?:S(?:D|EM?)\s*=?\s*)?|±|\+/-|\+-)\s*(?P<sd>[\d.,]+)\s*\)?"
)
# Marks that lead to a note under a table: signs; raised or bracketed ones; letters after a number.
SIGNS = "*†‡§¶‖"
# Few of them at a time, so that no cell takes long.
RAISED = rf"[{SIGNS}#]{{1,4}}|\[(?:\d{{1,3}}|[a-z])\]|[⁰¹²³⁴-⁹ᵃ-ᵛ]{{1,4}}"
AFTER_NAME = re.compile(rf"(?:\s{{0,3}}(?:{RAISED}|\^(?:\d{{1,3}}|[a-z]))){{1,4}}$")
# A paper without a year yet, after the name of its authors.
TO_COME = "in press|forthcoming|submitted|under review|unpublished(?: data)?|im druck|sous presse"
NOT_OUT = re.compile(
    rf"(?<=\S)[\s,]{{0,3}}(?:[(\[](?:{TO_COME}|n\.? ?d\.?)[)\]]|\b(?:{TO_COME}))$", re.I
)
ENDS = frozenset(f"{SIGNS}#]⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ")
AFTER_NUMBER = re.compile(
    rf"(?:\s{{0,3}}(?:{RAISED})|(?<=[\d)\]])(?:\^?[a-h]|\s[a-c])(?![\w.])){{1,4}}(?=$|\s{{0,3}}(?:$|[(\[]))"
)
SMALL_DOI = re.compile(r"(?:10\.[0-9]{4,9}/[!-@\[-~]*[!-,\-/-@\[-~]\n)*+")
OPERATORS = {"\u2264": "<=", "\u2265": ">="}


@dataclass(frozen=True)
class Read:
    """What a cell says: a text for each column that it fills; or why nothing of it fits."""

    texts: tuple[str, ...] = ()
    why: str = ""
    marked: bool = False  # read without a mark that leads to a note

    @property
    def text(self) -> str:
        """The text of a cell that fills one column."""
        return self.texts[0] if self.texts else ""


def even(cell: str) -> str:
    """A cell with one kind of minus, of space and of decimal point.

    >>> even("−0·35"), even("–0.4 – 0.2"), even("(–1.2; 0.3)")
    ('-0.35', '-0.4 – 0.2', '(-1.2; 0.3)')
    """
    text = cell.translate(MINUS)
    if "\u2013" in text or "\u2014" in text:
        text = DASH_BEFORE.sub("-", text)
    return text.strip()


def unmarked(cell: str) -> str:
    """A number without the marks that lead to a note under the table.

    >>> unmarked("1.39* (1.11-1.74)a"), unmarked("0.004**"), unmarked("12 [b]")
    ('1.39 (1.11-1.74)', '0.004', '12')
    >>> unmarked("1.2 b"), unmarked("12 g")
    ('1.2', '12 g')
    """
    return AFTER_NUMBER.sub("", cell).strip()


def bare_name(cell: str) -> str:
    """The name of a study without any mark after it.

    >>> bare_name("Diaz 2014²"), bare_name("Clark 2013 [12]"), bare_name("Jones et al.^3")
    ('Diaz 2014', 'Clark 2013', 'Jones et al.')
    """
    return AFTER_NAME.sub("", cell) if cell[-1:] in ENDS or "^" in cell[-4:] else cell


def without_year_to_come(name: str) -> str:
    """The name of a study without the words for a paper that has no year yet.

    >>> without_year_to_come("Smith & Berg (in press)"), without_year_to_come("Smith 2010")
    ('Smith & Berg', 'Smith 2010')
    """
    return name if name[-1:].isdigit() else NOT_OUT.sub("", name)


def told_marks(cells: Sequence[str]) -> tuple[int, int]:
    """How many numbers show that a point, and that a comma, parts their decimals.

    >>> told_marks(["0.5", "1,234", "0,851", "12"])
    (1, 1)
    """
    whole = "\n".join(cells).translate(MINUS)
    found = WITH_DECIMALS.findall(whole) if "." in whole or "," in whole else []
    told = [mark for before, mark, after in found if len(after) != 3 or not 0 < int(before) < 1000]
    return told.count("."), told.count(",")


def number(cell: str, decimal: str = "") -> Read:
    """A number with a decimal point, its digits as they stand in the cell.

    >>> number("1.234,5").text, number("−0,35").text, number("1,234.50").text, number("1e-3").text
    ('1234.5', '-0.35', '1234.50', '0.001')
    >>> number("1,234").why
    "'1,234' can be a thousand or a decimal number"
    """
    if decimal != "," and USUAL_NUMBER.fullmatch(cell):
        return Read((cell,))
    text = even(cell)
    if not re.fullmatch(NUMBER, text):
        return Read(why=f"{cell!r} is not a number")
    text = re.sub(r"(?<=\d)[' ](?=\d{3}(?!\d))", "", text)
    if " " in text or "'" in text:
        return Read(why=f"{cell!r} is not one number")
    mantissa, mark, exponent = re.match(r"([+-]?[\d.,]+)([eE]?)(.*)", text).groups()  # type: ignore[union-attr]
    sign, digits = ("-" if mantissa[0] == "-" else ""), mantissa.lstrip("+-")
    whole, part = digits, ""
    marks = [sign_ for sign_ in digits if sign_ in ".,"]
    if len(set(marks)) == 2:  # the last one parts the decimals
        whole, part = digits.rsplit(marks[-1], 1)
        groups, thousands = whole.split(marks[0]), True
        if marks.count(marks[-1]) > 1 or any(len(group) != 3 for group in groups[1:]):
            return Read(why=f"{cell!r} mixes points and commas")
        whole = "".join(groups)
    elif len(marks) > 1:
        groups = digits.split(marks[0])
        if any(len(group) != 3 for group in groups[1:]):
            return Read(why=f"{cell!r} has several decimal marks")
        whole = "".join(groups)
    elif marks:
        before, after = digits.split(marks[0])
        thousands = (
            len(after) == 3 and len(before) <= 3 and before not in ("", "0") and marks[0] != decimal
        )
        if thousands and not decimal and marks[0] == ",":
            return Read(why=f"{cell!r} can be a thousand or a decimal number")
        if thousands and not decimal:
            thousands = False  # a single point is a decimal point unless the file says otherwise
        whole, part = (before + after, "") if thousands else (before or "0", after)
    text = f"{sign}{whole}.{part}" if part else f"{sign}{whole}"
    if not mark:
        return Read((text,))
    if len(exponent.lstrip("+-0")) > 3:
        return Read(why=f"{cell!r} is a number too large or too small for a table")
    return Read((f"{Decimal(f'{text}e{exponent}'):f}",))


def whole(cell: str, decimal: str = "") -> Read:
    """A whole number, such as a sample size; a group of three digits is a thousand unless the
    decimal mark is known to be before it.

    >>> whole("1,234").text, whole("n = 45").text, whole("45.0").text, whole("45/47").why
    ('1234', '45', '45', "'45/47' is not a whole number")
    >>> whole("45.000").text, whole("45.000", ".").text
    ('45000', '45')
    """
    if cell.isascii() and cell.isdecimal():
        return Read((cell,))
    found = SIZE.fullmatch(even(cell))
    text = found["n"].strip() if found else ""
    if not decimal and can_be_thousands(text):
        decimal = "," if "." in text else "."
    read = number(text, decimal).text
    before, _, after = read.partition(".")
    if not before or after.strip("0"):
        return Read(why=f"{cell!r} is not a whole number")
    return Read((before,))


def can_be_thousands(cell: str) -> bool:
    """Whether a number could have a group of three digits or three decimals.

    >>> can_be_thousands("45.000"), can_be_thousands("45.0")
    (True, False)
    """
    return bool(THREE_DIGITS.fullmatch(even(cell)))


def year(cell: str, decimal: str = "") -> Read:
    """The one year in a cell.

    >>> year("2010a").text, year("2010-05-01").text, year("2010/2011").why
    ('2010', '2010', "'2010/2011' names several years")
    """
    found = sorted(set(YEAR.findall(cell)))
    if len(found) == 1:
        return Read((found[0],))
    return Read(why=f"{cell!r} names {'several years' if found else 'no year'}")


def letter_of_year(cell: str) -> str:
    """The letter that tells two papers of one year apart.

    >>> letter_of_year("2010a"), letter_of_year("(2010 B)"), letter_of_year("2010-05-01")
    ('a', 'b', '')
    """
    found = YEAR_LETTER.search(cell) if len(cell) > 4 else None
    return found[1].lower() if found and found.end() == len(cell.rstrip()) else ""


def interval(cell: str, decimal: str = "") -> Read:
    """An interval: its lower and upper end, and its level where the cell names it.

    >>> (
    ...     interval("0.3 to 0.8").texts,
    ...     interval("95% CI: -0,5; 0,1").texts,
    ...     interval("[-1.2--0.4]").texts,
    ... )
    (('0.3', '0.8', ''), ('-0.5', '0.1', '95'), ('-1.2', '-0.4', ''))
    """
    found = INTERVAL.fullmatch(even(cell))
    if not found:
        return Read(why=f"{cell!r} is not an interval, such as 0.3 to 0.8")
    ends = [number(found[name], decimal) for name in ("low", "high")]
    wrong = next((end.why for end in ends if end.why), "")
    if wrong:
        return Read(why=wrong)
    return Read((ends[0].text, ends[1].text, found["level"] or ""))


def with_interval(cell: str, decimal: str = "") -> Read:
    """An estimate with its interval: estimate, lower end, upper end, level; its measure
    where the cell begins with one.

    >>> (
    ...     with_interval("0.51 (0.30-0.87)").texts,
    ...     with_interval("OR = 0,51 [95% KI 0,3; 0,87]").texts,
    ... )
    (('0.51', '0.30', '0.87', ''), ('0.51', '0.3', '0.87', '95', 'OR'))
    """
    text, code = _after_measure(even(cell))
    found = WITH_INTERVAL.fullmatch(text)
    if not found:
        alone = number(cell, decimal)
        return alone if alone.why else Read((alone.text, "", "", ""))
    estimate, ends = number(found["estimate"], decimal), interval(found["rest"], decimal)
    if estimate.why or ends.why:
        return Read(why=f"{cell!r} is not an estimate with its interval, such as 0.5 (0.3 to 0.8)")
    return Read((estimate.text, *ends.texts, *filter(None, [code])))


def _after_measure(text: str) -> tuple[str, str]:
    """A text after the measure that it begins with, and the code of the measure."""
    from evidence.importing.words import known_measure

    found = MEASURE_BEFORE.match(text)
    code = known_measure(found["measure"]) if found else ""
    if found and code:
        return text[found.end() :], code
    return text, ""


def counted(cell: str, decimal: str = "") -> Read:
    """Events among people: the number of each.

    >>> counted("12/24 (50%)").texts, counted("12 of 24").texts, counted("30/24").why
    (('12', '24'), ('12', '24'), "'30/24' is not a number of events among people, such as 12/24")
    """
    found = EVENTS.fullmatch(even(cell))
    if found and int(found["events"]) <= int(found["n"]):
        return Read((found["events"], found["n"]))
    return Read(why=f"{cell!r} is not a number of events among people, such as 12/24")


def with_spread(cell: str, decimal: str = "") -> Read:
    """A mean with its standard deviation.

    >>> with_spread("3.1 (1.2)").texts, with_spread("3,1 ± 1,2").texts
    (('3.1', '1.2'), ('3.1', '1.2'))
    """
    found = MEAN_SD.fullmatch(even(cell))
    if found:
        both = [number(found[part], decimal) for part in ("mean", "sd")]
        if not any(one.why for one in both):
            return Read((both[0].text, both[1].text))
    return Read(why=f"{cell!r} is not a mean with its standard deviation, such as 3.1 (1.2)")


def p_value(cell: str, decimal: str = "") -> Read:
    """A p-value: its operator, and its value or bound; of words for one that is not significant,
    nothing but this, as the third text. A p-value of 0.000 is below the last digit.

    >>> p_value("p < 0,001").texts, p_value("0.04").texts, p_value("≤0.05").texts
    (('<', '0.001'), ('=', '0.04'), ('<=', '0.05'))
    >>> p_value("n.s.").texts, p_value("0.000").texts
    (('', '', 'false'), ('<', '0.001'))
    """
    if NOT_SIGNIFICANT.fullmatch(cell.strip()):
        return Read(("", "", "false"))
    found = P_VALUE.fullmatch(even(cell))
    refused = Read(why=f"{cell!r} is not a p-value, such as 0.04 or < 0.001")
    if not found:
        return refused
    if not decimal and re.fullmatch(r"[01]?,\d+", found["value"]):
        decimal = ","
    value = number(found["value"], decimal)
    if value.why:
        return refused
    operator = found["operator"] or "="
    if operator == "=" and not value.text.strip("0."):
        decimals = len(value.text.partition(".")[2])
        return Read(("<", f"0.{'1':0>{decimals}}")) if decimals > 1 else refused
    return Read((OPERATORS.get(operator, operator), value.text))


def doi(cell: str, decimal: str = "") -> Read:
    """A DOI in lower case, without the address before it.

    >>> doi("https://doi.org/10.1000/ABC.1").text
    '10.1000/abc.1'
    """
    if text := plain_doi(cell):
        return Read((text,))
    return Read(why=f"{cell!r} is not a DOI")


def pmid(cell: str, decimal: str = "") -> Read:
    """A PubMed number."""
    if text := plain_pmid(cell):
        return Read((text,))
    return Read(why=f"{cell!r} is not a PubMed number")


def pmcid(cell: str, decimal: str = "") -> Read:
    """A PubMed Central number."""
    text = cell.strip().upper().removeprefix("PMCID:").strip()
    if text.isdigit():
        text = f"PMC{text}"
    if re.fullmatch(r"PMC[1-9][0-9]{0,8}", text):
        return Read((text,))
    return Read(why=f"{cell!r} is not a PubMed Central number")


def plain(cell: str, decimal: str = "") -> Read:
    """A text as it stands, in one Unicode form."""
    return Read((composed(cell),))


def title(cell: str, decimal: str = "") -> Read:
    """A title as plain text: services write it with tags and entities.

    >>> title("<i>Spartina</i> &amp; tea").text
    'Spartina & tea'
    """
    from evidence.bibliography.markup import plain_text

    return Read((plain_text(cell) or cell,))


def all_plain(cells: Sequence[str]) -> bool:
    """Whether :func:`plain` leaves all cells as they are."""
    import unicodedata

    return unicodedata.is_normalized("NFC", "\n".join(cells))


def all_titles(cells: Sequence[str]) -> bool:
    """Whether one look shows that :func:`title` leaves all cells as they are."""
    whole = f"|{'|'.join(cells)}|"
    marks = ("<", "&", "  ", "| ", " |")
    return whole.isprintable() and all_plain(cells) and not any(mark in whole for mark in marks)


def all_doi(cells: Sequence[str]) -> bool:
    """Whether :func:`doi` leaves all cells as they are."""
    lines = "\n".join([*cells, ""])
    return bool(SMALL_DOI.fullmatch(lines)) and lines.count("\n") == len(cells)
