"""``Query``: which studies are asked for. One value for Python, the command line and the address of
a page, which chooses the studies, says itself in words, and writes its own code.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np

from evidence.arguments import did_you_mean, is_number, one_of, whole
from evidence.errors import UsageError
from evidence.model.columns import asked_column
from evidence.model.dictionary import ALLOWED, Dictionary, Field, lower_first
from evidence.model.evidence import Evidence
from evidence.model.selection import OVERLAPS, ColumnCondition, chosen
from evidence.quoting import python

Value = str | bool | int | float
Years = tuple[int | None, int | None]

ANY_VALUE, NOT = "*", "not:"  # any value at all; every cell but those with the value
NO_VALUE = NOT + ANY_VALUE  # an empty cell
# What the address of a page holds beside the query: how the studies are shown.
SHOWN_BY_ADDRESS = ("lens", "by", "search", "order", "picked", "pool", "beside")
# Conditions beside those on columns, and the option of a command that states each.
NAMED = {
    "min_sample_size": "--min-sample-size",
    "years": "--from-year or --to-year",
    "one_per_cohort": "--one-per-cohort",
    "overlap": "--overlap",
    "cited_by_article": "--cited-by-article",
    "counted": "--counted or --set-aside",
    "retracted": "--retracted or --leave-out-retracted",
}
LONGEST_NAME = 60
MOST_PARTS = 24  # of a data set that are kept for who asks again


@dataclass(frozen=True)
class Query:
    """Conditions that studies meet; see :meth:`evidence.Evidence.select` for what they mean.

    Attributes
    ----------
    columns : tuple of (str, tuple of values)
        Columns and their wanted values.
    years : (int or None, int or None)
        First and last year.
    min_sample_size : int or None
    overlap : {"", "possible", "certain"}
        Which overlaps leave one report of a cohort; empty: each report stays.
    cited_by_article : bool
    counted, retracted : bool or None

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> query = Query.of(
    ...     ev, population="human", design=["cohort", "case_control"], years=(2000, None)
    ... )
    >>> "; ".join(query.said(ev.dictionary))
    'people; design: cohort study or case-control study; from 2000'
    >>> query.name
    'human-cohort-case-control-from-2000'
    >>> query == Query.parse(
    ...     ev, ["population=human", "design=cohort,case_control"], years=(2000, None)
    ... )
    True
    >>> query.address
    'population=human&design=cohort,case_control&from=2000'
    """

    columns: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    years: Years = (None, None)
    min_sample_size: int | None = None
    overlap: str = ""
    cited_by_article: bool = False
    counted: bool | None = None
    retracted: bool | None = None

    # --- from keywords, the command line, an address ---

    @classmethod
    def of(
        cls,
        ev: Evidence,
        *,
        min_sample_size: Any = None,
        years: Any = None,
        one_per_cohort: bool = False,
        overlap: str = "possible",
        cited_by_article: bool = False,
        counted: Any = None,
        retracted: bool | None = None,
        **columns: Any,
    ) -> Self:
        """From keywords, as :meth:`evidence.Evidence.select` takes them.

        Raises
        ------
        UsageError
            For an unknown column, or a value that it never has.
        """
        one_of("overlap", overlap, OVERLAPS)
        one_per_cohort = _flag("one_per_cohort", one_per_cohort)
        cited_by_article = _flag("cited_by_article", cited_by_article)
        if cited_by_article:
            asked_column(ev.dictionary, "article_reference")
        if min_sample_size is not None:
            min_sample_size = whole("min_sample_size", min_sample_size)
        if not one_per_cohort:
            overlap = ""
        return cls(
            columns=tuple((name, _values(ev, name, value)) for name, value in columns.items()),
            years=_years(years),
            min_sample_size=min_sample_size,
            overlap=overlap,
            cited_by_article=cited_by_article,
            counted=None if counted is None else _counted(ev, counted),
            retracted=None if retracted is None else _flag("retracted", retracted),
        )

    @classmethod
    def parse(cls, ev: Evidence, conditions: Iterable[str] = (), **named: Any) -> Self:
        """From conditions in the form ``column=value`` or ``column=value,value``; the same column
        again adds a value. What is not a condition on a column is given by name.

        Raises
        ------
        UsageError
            For another form, an unknown column, or a value that it never has.
        """
        pairs = []
        for condition in conditions:
            column, mark, text = condition.partition("=")
            if not (mark and column and text):
                raise UsageError(f"condition {condition!r} does not have the form COLUMN=VALUE")
            pairs.append((column.strip(), text))
        columns = _gathered(ev, pairs)
        given = {name: value for name, value in named.items() if value is not None}
        twice = [name for name in columns if name in given]
        if twice:
            raise UsageError(f"{twice[0]} is given twice")
        return cls.of(ev, **columns, **given)

    @classmethod
    def from_address(cls, ev: Evidence, address: str) -> Self:
        """From the address of the page to explore, or its part after ``#``.

        The page shows counted studies alone, so ``counted`` is True. How they are shown (lens,
        rows, words searched for) is not part of a query and is passed over.

        Raises
        ------
        UsageError
            For a column that the data set does not have, a value that it never has, a year, number
            or way to count cohorts that stands there twice, and a condition on ``counted``.
        """
        text = urlsplit(address).fragment if "#" in address else address.split("?")[-1]
        short: dict[str, str] = {}
        pairs = []
        for name, value in parse_qsl(text, keep_blank_values=True):
            if name == "counted":
                raise UsageError("the page shows counted studies; leave counted out of the address")
            if short.get(name, value) != value:
                both = f"{short[name]!r} and {value!r}"
                raise UsageError(f"{name} is in the address more than once, as {both}")
            if name in ADDRESS_NAMES:
                short[name] = value
            elif value and name not in SHOWN_BY_ADDRESS:
                pairs.append((name, value))
        short = {name: value for name, value in short.items() if value}
        first, last, size = (_whole_or_none(name, short) for name in ("from", "to", "n"))
        return cls.of(
            ev,
            **_gathered(ev, pairs),
            years=(first, last),
            min_sample_size=size,
            one_per_cohort="cohorts" in short,
            overlap=short.get("cohorts", "possible"),
            cited_by_article=short.get("cited") == "1",
            retracted={"0": False, "1": True}.get(short.get("retracted", "")),
            counted=True,
        )

    # --- what it does ---

    def part(self, ev: Evidence) -> Evidence:
        """The part of a data set that meets the conditions; the data set itself when there are
        none.
        """
        if self == Query():
            return ev
        parts: dict[Query, Evidence] = ev.known.setdefault("parts", {})
        part = parts.get(self)
        if part is None:
            parts[self] = part = self._part(ev)
            # several threads may ask at once, as clicks in a notebook do
            for oldest in list(parts)[:-MOST_PARTS]:
                parts.pop(oldest, None)
        return part

    def _part(self, ev: Evidence) -> Evidence:
        return chosen(
            ev,
            [self._condition(ev.dictionary, name, values) for name, values in self.columns],
            years=self.years,
            min_sample_size=self.min_sample_size,
            overlap=self.overlap,
            cited_by_article=self.cited_by_article,
            counted=self.counted,
            retracted=self.retracted,
        )

    def wanted(self, column: str) -> tuple[str, ...]:
        """Wanted values of a column as text; empty when there is no condition on it."""
        return tuple(map(_text, dict(self.columns).get(column, ())))

    # --- how it says itself ---

    def said(self, dictionary: Dictionary) -> list[str]:
        """The conditions in words, one each, such as "design: randomised trial or cohort study".

        That only counted studies are meant, as nearly always, is not said.
        """
        said = [_said(dictionary, name, values) for name, values in self.columns]
        said += ["set aside"] * (self.counted is False)
        said += {True: ["retracted"], False: ["not retracted"], None: []}[self.retracted]
        first, last = self.years
        if first is not None and last is not None:
            said.append(f"{first} to {last}")
        elif first is not None:
            said.append(f"from {first}")
        elif last is not None:
            said.append(f"to {last}")
        if self.min_sample_size is not None:
            said.append(f"at least {self.min_sample_size:,} took part")
        said += ["sources of the article"] * self.cited_by_article
        if self.overlap:
            said.append(f"one report per cohort, {OVERLAPS[self.overlap]}")
        return said

    @property
    def name(self) -> str:
        """Name of a file for what is chosen: lower-case letters, digits and hyphens."""
        first, last = self.years
        parts = [
            _text(value).replace(ANY_VALUE, "any") for _, values in self.columns for value in values
        ]
        parts += ["set-aside"] * (self.counted is False)
        parts += {True: ["retracted"], False: ["not-retracted"], None: []}[self.retracted]
        parts += [f"from-{first}"] * (first is not None) + [f"to-{last}"] * (last is not None)
        parts += [f"at-least-{self.min_sample_size}"] * (self.min_sample_size is not None)
        parts += ["article-sources"] * self.cited_by_article
        parts += [f"one-per-cohort-{self.overlap}"] * bool(self.overlap)
        return slug("-".join(parts or ["all"]), repr(self))

    @property
    def keywords(self) -> dict[str, Any]:
        """The query as arguments of :meth:`evidence.Evidence.select`."""
        given: dict[str, Any] = {
            name: values[0] if len(values) == 1 else list(values) for name, values in self.columns
        }
        if self.years != (None, None):
            given["years"] = self.years
        if self.min_sample_size is not None:
            given["min_sample_size"] = self.min_sample_size
        if self.cited_by_article:
            given["cited_by_article"] = True
        if self.overlap:
            given |= {"one_per_cohort": True, "overlap": self.overlap}
        if self.retracted is not None:
            given["retracted"] = self.retracted
        return given if self.counted is None else given | {"counted": self.counted}

    @property
    def code(self) -> str:
        """The line of Python that chooses the same studies of ``ev``."""
        given = ", ".join(f"{name}={python(value)}" for name, value in self.keywords.items())
        return f"ev.select({given})" if given else "ev"

    @property
    def options(self) -> str:
        """The query as options of a command."""
        first, last = self.years
        words = [
            part
            for name, values in self.columns
            for value in values
            for part in ("--where", f"{name}={_text(value)}")
        ]
        if first is not None:
            words += ["--from-year", str(first)]
        if last is not None:
            words += ["--to-year", str(last)]
        if self.min_sample_size is not None:
            words += ["--min-sample-size", str(self.min_sample_size)]
        words += ["--cited-by-article"] * self.cited_by_article
        if self.overlap:
            words += ["--one-per-cohort", "--overlap", self.overlap]
        words += {True: ["--counted"], False: ["--set-aside"], None: []}[self.counted]
        words += {True: ["--retracted"], False: ["--leave-out-retracted"], None: []}[self.retracted]
        return shlex.join(words)

    @property
    def address(self) -> str:
        """The query as the part after ``#`` of the address of the page to explore.

        Values stand with commas between; one that holds a comma has the name of its column again.
        """
        first, last = self.years
        pairs: list[tuple[str, Any]] = []
        for name, values in self.columns:
            texts = [_text(value) for value in values]
            plain = [text for text in texts if "," not in text]
            if plain:
                pairs.append((name, ",".join(plain)))
            pairs += [(name, text) for text in texts if "," in text]
        numbers = (("from", first), ("to", last), ("n", self.min_sample_size))
        pairs += [(name, number) for name, number in numbers if number is not None]
        pairs += [("cited", 1)] * self.cited_by_article
        if self.overlap:
            pairs.append(("cohorts", self.overlap))
        if self.retracted is not None:
            pairs.append(("retracted", int(self.retracted)))
        return urlencode(pairs, safe=",~*:")

    def _condition(
        self, dictionary: Dictionary, name: str, values: tuple[Value, ...]
    ) -> ColumnCondition:
        asked = asked_column(dictionary, name)
        texts = [value for value in values if isinstance(value, str)]
        without = [value.removeprefix(NOT) for value in texts if _is_not(value)]
        plain = [value for value in values if value != ANY_VALUE and not _starts_not(value)]
        return ColumnCondition(
            _said(dictionary, name, values),
            asked,
            wanted=plain,
            without=[_typed(asked.field, value) for value in without],
            filled=ANY_VALUE in values,
            empty=NO_VALUE in values,
        )


ADDRESS_NAMES = ("from", "to", "n", "cited", "cohorts", "retracted")


def slug(text: str, whole_text: str = "") -> str:
    """A safe name of a file; a long one ends in a code of the whole text.

    >>> slug("Line (not named), from 2000")
    'line-not-named-from-2000'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if len(plain) <= LONGEST_NAME:
        return plain or "none"
    code = hashlib.sha256((whole_text or text).encode()).hexdigest()[:8]
    return f"{plain[:LONGEST_NAME].rstrip('-')}-{code}"


def _said(dictionary: Dictionary, name: str, values: Sequence[Value]) -> str:
    field = asked_column(dictionary, name).field
    texts = list(map(_text, values))
    plain = [_label(field, text) for text in texts if not _is_not(text)]
    without = [_label(field, text.removeprefix(NOT)) for text in texts if _is_not(text)]
    parts = [" or ".join(plain)] if plain else []
    if without:
        parts.append(f"other than {' or '.join(without)}")
    labels = ", ".join(parts)
    if name in dictionary.kept_apart and not {ANY_VALUE, NO_VALUE} & set(texts):
        return labels
    return f"{lower_first(field.title)}: {labels}"


def _label(field: Field, text: str) -> str:
    if text in (ANY_VALUE, NO_VALUE):
        return "stated" if text == ANY_VALUE else "not stated"
    if text in field.labels:
        return lower_first(field.labels[text])
    return text


def _gathered(ev: Evidence, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Texts by column, each taken apart at its commas unless it is a value as a whole."""
    columns: dict[str, list[str]] = {}
    for name, text in pairs:
        asked = asked_column(ev.dictionary, name, NAMED)
        is_value = True
        if "," in text:
            is_value = text.removeprefix(NOT) in asked.values(ev)
        parts = [text] if is_value else [part.strip() for part in text.split(",") if part.strip()]
        columns.setdefault(name, []).extend(parts)
    return columns


def _values(ev: Evidence, name: str, value: Any) -> tuple[Value, ...]:
    """The wanted values of a column, each as the column holds it and none twice."""
    asked = asked_column(ev.dictionary, name, NAMED)
    field = asked.field
    several = isinstance(value, Iterable) and not isinstance(value, (str, bytes))
    items = list(value) if several else [value]
    if not items:
        raise UsageError(f"{name} is given no value; leave it out, or name a value")
    known = field.labels
    # A misspelled value of free text would silently find nothing; part of a data set may lack one.
    if not known and not ev.steps and field.type in ("string", "list"):
        known = asked.values(ev)
    wanted = []
    for item in items:
        plain = item.removeprefix(NOT) if isinstance(item, str) else item
        if item in (ANY_VALUE, NO_VALUE):
            wanted.append(item)
            continue
        typed = _typed(field, plain)
        if known and typed not in known:
            raise UsageError(_never(field, plain, known))
        wanted.append(item if _is_not(item) else typed)
    return tuple(dict.fromkeys(wanted))


def _never(field: Field, value: Any, known: Mapping[str, str]) -> str:
    """The message about a value that a column never has."""
    labelled = {label.casefold(): one for one, label in known.items()}
    meant = labelled.get(str(value).casefold())
    hint = f"did you mean {meant!r}?" if meant else did_you_mean(value, known)
    said = f"{field.name} is never {value!r}"
    if hint:
        said += f" ({hint})"
    if field.values:
        said += f"; allowed: {', '.join(known)}"
    return said


def _is_not(item: Any) -> bool:
    """Whether it rules out one value."""
    return _starts_not(item) and item != NO_VALUE


def _starts_not(item: Any) -> bool:
    return isinstance(item, str) and item.startswith(NOT)


def _typed(field: Field, item: Any) -> Value:
    """A value as the column holds it; it may have been typed as text."""
    value = _read(field, item)
    if value is None:
        raise UsageError(f"{field.name} is {item!r}; allowed: {ALLOWED[field.type]}")
    return value


def _read(field: Field, item: Any) -> Value | None:
    if field.type in ("string", "list"):
        return item if isinstance(item, str) else None
    if field.type == "boolean":
        known = {"true": True, "false": False}
        return known.get(item) if isinstance(item, str) else _as_bool(item)
    if isinstance(item, str) and not item.isascii():
        return None
    try:
        number = _number(item) if isinstance(item, str) else item
    except ValueError:
        return None
    if not is_number(number):
        return None
    if number == int(number):
        return int(number)
    return float(number)


def _number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)


def _flag(name: str, value: Any) -> bool:
    known = _as_bool(value)
    if known is None:
        raise UsageError(f"{name} is {value!r}; allowed: {ALLOWED['boolean']}")
    return known


def _as_bool(item: Any) -> bool | None:
    return bool(item) if isinstance(item, (bool, np.bool_)) else None


def _text(value: Value) -> str:
    """A value as a file, an address and a command hold it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _counted(ev: Evidence, value: Any) -> bool | None:
    """Whether counted studies are wanted; None when both are."""
    both = set(_values(ev, "counted", value))
    return bool(both.pop()) if len(both) == 1 else None


def _years(years: Any) -> Years:
    if years is None:
        return (None, None)
    if not isinstance(years, (tuple, list)) or len(years) != 2:
        raise UsageError(f"years is {years!r}; allowed: first and last year, such as (2000, None)")
    first, last = (None if year is None else whole("years", year) for year in years)
    if first is not None and last is not None and first > last:
        raise UsageError(f"the first year ({first}) is after the last ({last}): turn them round")
    return first, last


def _whole_or_none(name: str, given: Mapping[str, str]) -> int | None:
    if name not in given:
        return None
    text = given[name]
    return whole(name, int(text) if re.fullmatch("[0-9]{1,9}", text) else text)
