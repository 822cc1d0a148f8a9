"""How an entry is laid out: its indent, its equals signs, its commas and line ends; and new text in
the same manner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evidence.bibliography.bibtex.blocks import Place, Span, Splice
from evidence.bibliography.bibtex.rows import rank


@dataclass(frozen=True)
class Layout:
    """The manner of an entry.

    Attributes
    ----------
    before : str
        What stands before the name of a field: a line end and an indent, or a space.
    width : int
        Columns from the beginning of a name to its equals sign; 0 when the signs are not in line.
    sign : str
        The equals sign with the spaces around it.
    last_comma : bool
        Whether the last field has a comma.
    newline : str
        The line end.
    """

    before: str = "\n  "
    width: int = 10
    sign: str = " = "
    last_comma: bool = True
    newline: str = "\n"

    def field(self, name: str, value: str) -> str:
        """A field, with what stands before it.

        >>> (
        ...     Layout().field("doi", "10.1/x"),
        ...     Layout(before=" ", width=0, sign="=").field("doi", "10.1/x"),
        ... )
        ('\\n  doi       = {10.1/x}', ' doi={10.1/x}')
        """
        lead, _, rest = self.sign.partition("=")
        padded = name.ljust(self.width) if len(name) < self.width else name + lead
        return f"{self.before}{padded}={rest}{{{value}}}"

    def entry(self, kind: str, key: str, fields: Mapping[str, str]) -> str:
        """A whole entry."""
        body = ",".join(["", *(self.field(name, value) for name, value in fields.items())]) or ","
        comma = ""
        if fields and self.last_comma:
            comma = ","
        return (
            "@"
            + kind
            + "{"
            + key
            + body
            + comma
            + (self.newline if "\n" in self.before else "")
            + "}"
        )

    def insertions(
        self, place: Place, new: Mapping[str, str], kept: Sequence[Span]
    ) -> list[Splice]:
        """New fields of an entry, each after the last of those that usually come before it."""
        groups: dict[int, str] = {}
        splices = []
        for name in sorted(new, key=rank):
            before = [
                number for number, span in enumerate(kept, start=1) if rank(span.name) <= rank(name)
            ]
            number = max(before, default=0)
            groups[number] = groups.get(number, "") + self.field(name, new[name]) + ","
        for number, written in groups.items():
            if number:
                span = kept[number - 1]
                if span.end <= span.value_end:  # no comma after it yet
                    written = "," + written[:-1]
                splices.append(Splice(span.end, span.end, written))
            else:
                comma = place.text.find(",", place.begin, place.end) + 1
                at = comma or place.end - 1
                if not comma:
                    written = "," + written
                if not kept and "\n" in self.before and not place.text[at : place.end - 1]:
                    written += self.newline
                splices.append(Splice(at, at, written))
        return splices


def enclosed(value: str, old: str) -> str:
    """A value in quotes where the old one was, or bare where both are numbers; else in braces."""
    if old[:1] == '"' and '"' not in value:
        return f'"{value}"'
    if old.isdigit() and value.isdigit():
        return value
    return "{" + value + "}"


def newline_of(text: str) -> str:
    """The line end that most lines of a text have."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def layout_of(place: Place, newline: str) -> Layout:
    """The manner of an entry, taken from its fields; ``newline`` is that of the file."""
    text, spans = place.text, place.fields
    if not spans:
        return Layout(before=newline + "  ", newline=newline)
    before = text[spans[-1].begin : spans[-1].name_begin]
    signs = Counter(span.equals - text.rfind("\n", 0, span.equals) for span in spans)
    column, often = signs.most_common(1)[0]
    width = next(
        span.equals - span.name_begin
        for span in spans
        if span.equals - text.rfind("\n", 0, span.equals) == column
    )
    gaps = [text[span.name_begin + len(span.name) : span.value_begin] for span in spans]
    if often < 2 or len({len(span.name) for span in spans}) < 2:
        width = 0
    if "\n" in before:
        before = before[before.rfind("\n") :].replace("\n", newline)
    return Layout(
        before=before or " ",
        width=width,
        sign=min(gaps, key=len),
        last_comma=spans[-1].end > spans[-1].value_end,
        newline=newline,
    )
