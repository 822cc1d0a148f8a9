"""Lists of names that stand in one field: separated by semicolons, by "and", or by commas alone.

Commas both separate names and occur within them. What decides is the form of the pieces: initials
belong to the family name before them; "Smith J, Jones K" are two; pieces of one word each are
family names. A list whose pieces tell nothing stays one name, and is named as a problem.
"""

from __future__ import annotations

import re

# A run of spaces is looked at once, from its beginning.
AND = re.compile(r"(?<!\s)\s*(?:&|\band\b|\bund\b)\s*", re.I)
# "And" in other languages, which can also stand within a family name.
AND_ELSEWHERE = re.compile(r"(?<!\s)\s+(?:y|e|et|i|en|och|og|und|u\.)\s+")
# Whatever else may separate names, or stand beside them, so that it is looked for at all.
ODD = re.compile(r"[/|；、…]|\.\.\.|\(\d|[A-Z]\d|\s(?:y|e|et|i|en|och|og|und|u\.)\s")
WIDE = re.compile(r"\s*[；、|]\s*")
SLASH = re.compile(r"(?<!\s)\s*/\s*")
LEFT_OUT = re.compile(r"(?<![,\s])[,\s]*(?:\.\.\.|…)\s*(?:&\s*|and\s+)?")
# Numbers of affiliations: "Smith J (1), Jones K (2)", "Smith J1, Jones K2".
NUMBERED = re.compile(r"(?:(?<=[A-Z])\d{1,2}|\s?\(\d{1,2}\))(?=\s*(?:[,;&]|and\b|\Z))")
# What one person's name does not hold.
DOUBT = re.compile(
    r"[^\W\d_]{2,}[.,]?\s*[;；、|/]\s*[^\W\d_]{3,}|[^\W\d_] [A-Z]{1,3}(?:\d| \(\d{1,2}\)),"
    r"|, .{0,80} (?:und|u\.|y|et|&) [^\W\d_]{3,}"
    r"|[^\W\d_]{2} [A-Z]{1,3};"
)
# Names of two words and more, or with a comma, that only these marks part.
PEOPLE = re.compile(
    "N(?:\\s*[;/|]\\s*N)+".replace("N", r"[^\W\d_][\w'’.-]+,?(?: [\w'’.-]+){1,3}")
    + r"|[^\W\d_]+(?:[/|][^\W\d_]+)+"
    + r"|[^\W\d_]{2}[\w'’-]* [A-Z]{1,3}(?:\s*[;/]\s*[\w'’ -]+)+"
    + r"|[^,;]+, [^,;]*[^\W\d_]{2} [A-Z]{1,3};"  # what BibTeX makes of "Smith A; Jones"
    + "|N(?:, N)+".replace("N", r"[^\W\d_][\w'’-]+ [A-Z]{1,3}(?:\d| \(\d{1,2}\))")
    + "|N(?:, N)* (?:u\\.|und|et|y) N".replace("N", r"[^\W\d_]+(?:, [^\W\d_]+)?")
)
BARE_AND = re.compile(r"(?<!\s)\s+and\s+")
APART = re.compile(r"(?<!\s)\s+(?:&|and)\s+")
JOINED = re.compile(r"&|\b(?:and|und)\b| (?-i:u)\. ", re.I)
# One word, a comma, and whatever holds no other: one name, unless an "and" stands in it.
USUAL = re.compile(r"[\w'’-]+, [^\s,&](?:[^,&]*[^\s,&])?")
# Nothing but such names, with semicolons between them.
USUAL_LIST = re.compile("N(?:; N)*".replace("N", r"[\w'’-]+, [^\s,&;{}]+(?: [^\s,&;{}]+)*"))
PARTICLES = frozenset(
    "|".join(
        (
            "af|al|av|da|dal|das|de|degli|dei|del|della|dem|den|der|des|di|do|dos|du|el|het|ibn",
            "bin|la|las|le|lo|los|mac|mc|san|santa|st|ten|ter|van|vande|vander|von|vom|zu|zum|zur",
        )
    ).split("|")
)
# "VAN DAM" and "van DAM": three capitals and more, one of them a vowel, after a particle are
# the family name. "LE TTH" and "Le HAN" have initials.
EITHER = "|".join(sorted({*PARTICLES, *map(str.upper, PARTICLES)}))
ANY = f"(?i:{'|'.join(sorted(PARTICLES))})"
CAPITALS = "A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŚŞŠŹŻŽ"
CAPITAL = f"[{CAPITALS}]"
WITH_VOWEL = rf"(?={CAPITAL}*[AEIOUYÀ-ÆÈ-ÏÒ-ÖØ-Ýİ]){CAPITAL}"
IN_CAPITALS = (
    rf"(?:(?:(?:{EITHER}) |(?:{ANY} ){{2}})(?:{ANY} )*{WITH_VOWEL}{{3,}}|{ANY} {WITH_VOWEL}{{4,}})"
)
FAMILY_IN_CAPITALS = re.compile(IN_CAPITALS)
# Particles are only looked for where the last word has three capitals.
NOT_IN_CAPITALS = rf"(?!(?=.* {CAPITAL}{{3,}}\Z)(?:[\w'’.-]+ )*{IN_CAPITALS}\Z)"
# One family name of one word with initials after it, that is no "and".
ONE_PERSON = re.compile(
    r"(?![aA][nN][dD] |[uU][nN][dD] )"
    rf"(?!(?=\S+ [A-Z]{{3}}\Z){IN_CAPITALS})[^\W\d_]{{2}}[\w'’-]* [A-Z]{{1,3}}"
)
LONE_INITIALS = re.compile(rf"(?:{CAPITAL}\.?[\s-]*){{1,4}}")  # "J.", "J. K.", "JK"
WITH_INITIALS = re.compile(  # "Smith JA", "O'Neil P. J."
    rf"{NOT_IN_CAPITALS}(?:[\w'’.-]+ )*[^\W\d_]['’]?[^\W\d_][\w'’-]*"
    rf" (?:{CAPITAL}[{CAPITALS}.-]{{0,4}}|(?![JS]r\.)(?:[^\W\d_]{{1,2}}\.-?)+)"
)
LOWER = "|".join(sorted(PARTICLES))
INITIALS_FIRST = re.compile(  # "J. A. Smith", "JA van Dam"
    rf"(?:(?:{CAPITAL}\.[ -]?)+ ?|{CAPITAL}{{1,3}} (?=(?:{LOWER}) ))"
    r"[^\W\d_][\w'’-]+(?: [\w'’-]+)*"
)
# What is given, with an initial in it, before a family name that begins with a particle.
BEFORE_PARTICLE = re.compile(
    rf"(?P<given>(?:[^\W\d_][\w'’-]+ )?(?:{CAPITAL}\.[ -]?)+|{CAPITAL}{{1,3}}(?= (?:{LOWER}) ))"
    rf" ?(?P<family>{ANY} [^,]+)"
)
MIDDLE_INITIAL = re.compile(
    rf"(?!(?:[\w'’-]+ )?{IN_CAPITALS}(?: |\Z))"
    r"(?:[^\W\d_][\w'’-]+ (?:[A-Z]\.? ?){1,6} [\w'’ -]+|[\w'’-]+ [A-Z]\. .+)"
)
ONE_FAMILY = re.compile(rf"{CAPITAL}[\w'’-]*[a-zß-ÿ][\w'’-]*")  # "Müller"
ET_AL = re.compile(r"et\.? ?al\.?|and others", re.I)
# A name of one word and whatever is given, as "Smith, John" and "Smith, J. A."
ONE_WORD = re.compile(r"[\w'’-]+, [\w'’.-]+(?: [\w'’.-]+){0,2}")
SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
# As they are written: "Md" is a name.
DEGREES = frozenset(
    ("PhD", "PHD", "MD", "DPhil", "DSc", "MSc", "BSc", "MPH", "EdD", "DVM", "PharmD", "MBBS")
)


def listed(text: str, tables: bool = False) -> list[str]:
    """The names in one field; one name where nothing says that there are several.

    Parameters
    ----------
    text : str
    tables : bool, default False
        Whether it stands in a table, where pieces of one word are family names; in the fields of
        reference managers two commas part a suffix.

    Examples
    --------
    >>> listed("Smith, Ann; Berg, Bo"), listed("Smith J, Berg L"), listed("Smith, J., Berg, L.")
    (['Smith, Ann', 'Berg, Bo'], ['Smith J', 'Berg L'], ['Smith, J.', 'Berg, L.'])
    >>> listed("Smith, J. and Berg, L."), listed("Smith, Jr, Ann"), listed("Oak, Ash and Co")
    (['Smith, J.', 'Berg, L.'], ['Smith, Jr, Ann'], ['Oak, Ash and Co'])
    >>> listed("Smith, Jones & Berg", tables=True), listed("['Smith, A', 'Berg, B']")
    (['Smith', 'Jones', 'Berg'], ['Smith, A', 'Berg, B'])
    """
    text = text.strip()
    if ONE_PERSON.fullmatch(text):
        return [text]
    if "{" not in text and not ONE_WORD.fullmatch(text) and ODD.search(text):
        if names := _oddly_listed(text, tables):
            return names
        text = and_in_english(text)
    if text.startswith("[") and text.endswith("]"):
        quoted = re.findall(r"'((?:[^']|(?<=\w)'(?=\w))*)'|\"([^\"]*)\"", text[1:-1])
        names = [(one or other).strip() for one, other in quoted]
        return [name for name in names if name] or listed(text[1:-1], tables)
    if ";" in text and "{" not in text:
        parts = [part for piece in text.split(";") if (part := piece.strip(" ,"))]
        if tables or all(map(_tells, parts)):
            usual = None if _is_joined(text) else USUAL
            return [
                name
                for part in parts
                for name in ([part] if usual and usual.fullmatch(part) else listed(part, tables))
            ]
    return _by_and(text, tables)


def _oddly_listed(text: str, tables: bool) -> list[str]:
    """The names of a list with marks of another script, bars, slashes, dots for names that are left
    out, or numbers of affiliations; none where there are none of these.
    """
    if len(NUMBERED.findall(text)) > 1:
        return listed(NUMBERED.sub("", text), tables)
    if LEFT_OUT.search(text) and "," in text:
        return [*listed(LEFT_OUT.sub(", ", text).strip(" ,"), tables), "et al."]
    parts = [part for part in WIDE.split(text) if part]
    if len(parts) > 1 and ("," not in text or all(map(_is_whole, parts))):
        return [name for part in parts for name in listed(part, tables)]
    parts = SLASH.split(text)
    families = tables and all(map(ONE_FAMILY.fullmatch, parts))
    if len(parts) > 1 and (families or all(map(_is_whole, parts))):
        return [name for part in parts for name in listed(part, tables)]
    return []


def _is_whole(part: str) -> bool:
    """Whether what stands between two marks is surely a name of its own."""
    return len(part) > 3 and part[0].isalpha() and part[-1] != "," and _tells(part)


def and_in_english(text: str) -> str:
    """A list of names with initials with "and" for what other languages write between them.

    >>> and_in_english("Jones K. y López M."), and_in_english("Ortega y Gasset J")
    ('Jones K. and López M.', 'Ortega y Gasset J')
    """
    parts = AND_ELSEWHERE.split(text)
    if len(parts) > 1 and all(map(_ends_with_initials, parts)):
        return " and ".join(parts)
    return text


def _ends_with_initials(part: str) -> bool:
    """Whether the last name of a part ends with initials, as "López M." and "López, M." do."""
    before, _, last = part.rpartition(",")
    name = last.strip()
    return bool(WITH_INITIALS.fullmatch(name) or (before and LONE_INITIALS.fullmatch(name)))


def are_sure(names: list[str]) -> bool:
    """Whether several names are surely those of people: each has initials.

    >>> are_sure(["Smith, J.", "K. Jones"]), are_sure(["Oak", "Ash and Co"])
    (True, False)
    """
    return len(names) > 1 and all(
        is_others(name) or _has_initials(name) or _ends_with_initials(name) for name in names
    )


def is_others(name: str) -> bool:
    """Whether what stands in the place of a name says that there are more."""
    return bool(ET_AL.fullmatch(name.strip()))


def comma_problem(text: str) -> str:
    """What is wrong with a name that has more commas than one name can have.

    >>> comma_problem("A, B, C, D"), comma_problem("A, Jr, B")
    ("'A, B, C, D' has 3 commas, and was read as one name", '')
    """
    if text.count(",") < 3 or USUAL_LIST.fullmatch(text):
        return ""
    if not _is_usual(text) and any(name.count(",") > 2 for name in listed(text)):
        return f"{text[:60]!r} has {text.count(',')} commas, and was read as one name"
    return ""


def doubtful(authors: str) -> str:
    """The name among authors, in the form of a table, that may be those of several people.

    >>> doubtful("Lee, Bo and Smith, John / Jones, Kim"), doubtful("{Oak & Ash} and Lee, Bo")
    ('Smith, John / Jones, Kim', '')
    """
    if not DOUBT.search(authors):
        return ""
    if "{" not in authors:
        return next((name for name in authors.split(" and ") if DOUBT.search(name)), "")
    bare = authors.replace("{", "").replace("}", "")
    return next((name for name in bare.split(" and ") if PEOPLE.fullmatch(name)), "")


def is_suffix(piece: str) -> bool:
    """Whether what follows a name is a suffix or a degree.

    >>> is_suffix("Jr."), is_suffix("Ph.D."), is_suffix("Md")
    (True, True, False)
    """
    return piece.casefold().strip(".") in SUFFIXES or _is_degree(piece)


def _is_degree(piece: str) -> bool:
    words = piece.replace(".", "").split()
    return "".join(words) in DEGREES or (bool(words) and DEGREES.issuperset(words))


def is_family(name: str) -> bool:
    """Whether a name of several words begins with a particle, and so is a family name.

    >>> is_family("van Essen"), is_family("Dos Santos"), is_family("Anna Berg")
    (True, True, False)
    """
    first = name.split()[0] if name.split() else ""
    return first.islower() or first.casefold().rstrip(".") in PARTICLES


def in_capitals(name: str) -> bool:
    """Whether a name is a family name in capitals that begins with a particle.

    >>> (
    ...     in_capitals("VAN DAM"),
    ...     in_capitals("VAN DAM R"),
    ...     in_capitals("LE T"),
    ...     in_capitals("DE Lee"),
    ... )
    (True, False, False, False)
    """
    return bool(FAMILY_IN_CAPITALS.fullmatch(name))


def turned(name: str) -> str:
    """A name whose initials stand before a particle as "Family, Given"; empty for any other.

    >>> turned("P. van Essen"), turned("Peter A. van der Berg"), turned("P. Berg")
    ('van Essen, P.', 'van der Berg, Peter A.', '')
    """
    found = BEFORE_PARTICLE.fullmatch(name)
    return f"{found['family']}, {found['given'].strip()}" if found else ""


def with_comma(name: str) -> str:
    """A name with initials after it, with a comma between; any other as it is.

    >>> with_comma("van Essen P"), with_comma("van Essen")
    ('van Essen, P', 'van Essen')
    """
    family, _, given = name.rpartition(" ")
    if "," not in name and WITH_INITIALS.fullmatch(name):
        return f"{family}, {given}"
    return name


def is_usual_list(text: str) -> bool:
    """Whether a text is nothing but names of one comma each, with semicolons between them.

    >>> is_usual_list("Smith, Ann; Berg, Bo L."), is_usual_list("Smith, Ann and Berg, Bo")
    (True, False)
    """
    return bool(USUAL_LIST.fullmatch(text)) and not _is_joined(text)


def _is_usual(text: str) -> bool:
    """Whether semicolons separate names of one or two commas each."""
    if ";" not in text or "{" in text or "[" in text:
        return False
    parts = [part for piece in text.split(";") if (part := piece.strip(" ,"))]
    return all(0 < part.count(",") < 3 for part in parts)


def _is_joined(text: str) -> bool:
    """Whether an "and" in some form may stand between two names."""
    small = text.casefold()
    near = "&" in small or "and" in small or "und" in small or " u. " in small
    return near and bool(JOINED.search(text))


def _tells(name: str) -> bool:
    """Whether a piece between semicolons is surely a name, or says that there are more."""
    return "," in name or _has_initials(name) or is_others(name)


def _has_initials(name: str) -> bool:
    return bool(WITH_INITIALS.fullmatch(name) or INITIALS_FIRST.fullmatch(name))


def _by_and(text: str, tables: bool) -> list[str]:
    parts = _around(AND if tables else BARE_AND, text)
    if not tables and "&" in text:
        finer = [name for part in _around(APART, text) for name in _by_commas(part, False, False)]
        if len(finer) > 1 and all(ONE_WORD.fullmatch(n) or _has_initials(n) for n in finer):
            return finer
    if len(parts) < 2:
        return _by_commas(text.strip(" ") if not tables else text.strip(" ,"), tables, False)
    commas = ["," in part for part in parts]
    if all(commas):
        return [name for part in parts for name in _by_commas(part, tables, False)]
    if all(_has_initials(piece) for part in parts for piece in _pieces(part)):
        return [piece for part in parts for piece in _pieces(part)]
    names = [name for part in parts for name in _by_commas(part, tables, tables)]
    return names if tables or are_sure(names) else [text]


def _around(mark: re.Pattern[str], text: str) -> list[str]:
    """The parts of a text around each mark; braces hold one name together."""
    if "{" in text:
        return [text]
    return [part for piece in mark.split(text) if (part := piece.strip(" ,"))]


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in text.split(",") if piece.strip()]


def _by_commas(text: str, tables: bool, others: bool) -> list[str]:
    """Names of a text; ``others`` says that names without a comma stand beside it."""
    pieces = _pieces(text)
    if len(pieces) < 2 or any(piece.casefold().strip(".") in SUFFIXES for piece in pieces):
        return [text]
    bare = [piece for piece in pieces if not _is_degree(piece)]
    if len(pieces) > len(bare) == 2 and not all(map(_has_initials, bare)):
        return [text]
    if all(map(_has_initials, [piece for piece in pieces if not is_others(piece)])):
        return pieces
    initials = [bool(LONE_INITIALS.fullmatch(piece)) for piece in pieces]
    if any(initials):
        return [text] if initials[0] else _paired(pieces, initials)
    words = [len(piece.split()) - is_family(piece) for piece in pieces]
    if len(pieces) == 2:
        several = MIDDLE_INITIAL.fullmatch(pieces[0]) and words[1] > 1
        if several or (tables and others and max(words) == 1):
            return pieces
        return [text]
    if max(words) == 1 or min(words) > 1:
        if tables or min(words) > 1:
            return pieces
        return [text]
    return [text]


def _paired(pieces: list[str], initials: list[bool]) -> list[str]:
    names: list[str] = []
    for piece, lone in zip(pieces, initials, strict=True):
        if (lone and "," not in names[-1]) or (names and "," in names[-1] and _is_degree(piece)):
            names[-1] += f", {piece}"
        else:
            names.append(piece)
    return names
