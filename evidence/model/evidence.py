"""``Evidence``: the tables of one data set, and its bibliography."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from evidence.arguments import not_there
from evidence.errors import NoTable
from evidence.frames import is_true
from evidence.model.core_tables import lacks
from evidence.model.dictionary import Dictionary
from evidence.model.methods import Method
from evidence.model.schema import known_tables

COUNTED = "counted"  # what the step says that keeps the counted studies


@dataclass(frozen=True)
class Step:
    """One step of a selection: how many studies it kept, removed, and removed for lack of the
    value.

    Attributes
    ----------
    what : str
        The condition in words.
    kept, removed : int
        Studies after and lost by the step.
    unknown : int
        Those of the removed whose cell is empty: not shown in what was read, so they may well
        belong here.
    column : str
        The column of the findings that the condition is on; empty for all other conditions.
    """

    what: str
    kept: int
    removed: int
    unknown: int = 0
    column: str = ""


@dataclass(frozen=True)
class Evidence:
    """The tables of one data set.

    Tables are attributes: ``ev.studies``, ``ev.findings``, ``ev.reviews`` and every other table
    that the dictionary names. Each is a pandas DataFrame with real types; changing one that you
    were given changes nothing here.

    What is asked every day is a method: ``balance``, ``votes``, ``lenses``, ``outcomes``,
    ``pool`` (of the name of a pool), ``multiverse``, ``judge_claims``, ``study_flow``, ``find``,
    ``explore`` and ``export`` take what the functions of the same names take after the data set.

    Attributes
    ----------
    dictionary : Dictionary
        What the columns mean.
    tables : mapping of str to DataFrame
        The tables by name.
    steps : tuple of Step
        How a selection was made; empty for the whole data set.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> ev.select(population="human", question="treatment", design="rct").studies[
    ...     "sample_size"
    ... ].dtype
    Int64Dtype()
    >>> chart = ev.balance(by="design", lens="direction").chart()
    >>> ev.pool("or_activity").k >= 3
    True
    """

    dictionary: Dictionary
    tables: Mapping[str, pd.DataFrame]
    steps: tuple[Step, ...] = ()

    balance = Method("balance")
    votes = Method("votes")
    lenses = Method("lenses")
    outcomes = Method("outcomes")
    pool = Method("size_pool")
    multiverse = Method("multiverse")
    judge_claims = Method("judge_claims")
    study_flow = Method("study_flow")
    find = Method("find")
    explore = Method("explore")
    export = Method("export")

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables: Mapping[str, pd.DataFrame] = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name].copy(deep=False)
        if name.startswith("_"):  # what notebooks look for in everything they show
            raise NoTable(f"no attribute {name!r}")
        if name in known_tables():
            raise NoTable(f"{lacks(name)}; its tables: {', '.join(tables)}")
        raise NoTable(not_there("table", name, tables, public_names()))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __len__(self) -> int:
        return len(self.tables["studies"])

    def __repr__(self) -> str:
        studies = self.tables["studies"]
        counted = int(studies["counted"].sum())
        lines = [
            f"{self.dictionary.title}, version {self.dictionary.version}",
            f"{len(studies)} studies ({counted} counted), {len(self.tables['findings'])} findings",
        ]
        return "\n".join(lines + [f"  {step.what}: {step.kept} kept" for step in self.steps])

    @cached_property
    def known(self) -> dict[Any, Any]:
        """What was computed from these tables and may be asked for again, by what it was asked
        with. Who takes frames from here hands on copies.
        """
        return {}

    @property
    def counted_studies(self) -> pd.DataFrame:
        """The studies that are counted."""
        studies = self.tables["studies"]
        return studies[is_true(studies["counted"])]

    @cached_property
    def bibliography(self) -> pd.DataFrame:
        """The entries of the bibliography, one row each, with names and titles in plain Unicode."""
        return self.dictionary.entries.copy()

    @cached_property
    def names(self) -> pd.Series:
        """Name of each entry of the bibliography, in the form "Author et al. 2001", and of each
        study without an author there; index: key or id.

        A study whose entry names no author, or that has none, is called as the column says that the
        setting ``study_names`` names, else by its id. A retracted one says so.
        """
        from evidence.bibliography.entries import short_names
        from evidence.model.source_notices import marked

        studies = self.tables["studies"].drop_duplicates("study_id")
        authored = self.bibliography["author"].notna() | ~self.bibliography["key"].isin(
            studies["study_id"]
        )
        names = short_names(self.bibliography[authored])
        bare = studies[~studies["study_id"].isin(names.index)]
        column = self.dictionary.settings.get("study_names", "study_id")
        called = bare[column] if column in bare else bare["study_id"]
        own = (
            called.fillna(bare["study_id"])
            .astype("str")
            .set_axis(pd.Index(bare["study_id"], name="key"))
        )
        return marked(pd.concat([names, own]) if len(own) else names, self.retracted)

    @cached_property
    def retracted(self) -> list[str]:
        """Ids of the studies and reviews that a service calls retracted, as ``source_status`` has
        it.
        """
        from evidence.model.source_notices import retracted_ids

        return retracted_ids(self.dictionary, self.tables)

    @cached_property
    def links(self) -> pd.Series:
        """Web address of each entry of the bibliography, and of each study without one there: of
        its DOI where there is one; the index is key or id, and what has none is missing.
        """
        from evidence.bibliography.addresses import links

        entries = links(self.bibliography)
        studies = self.tables["studies"].drop_duplicates("study_id")
        own = links(studies.rename(columns={"study_id": "key"}))
        found: pd.Series = pd.concat([entries, own[~own.index.isin(entries.index)]])
        return found

    @cached_property
    def reference_keys(self) -> list[str]:
        """Keys of the bibliography that belong here: of the studies, and in a whole data set of the
        other tables with entries, such as reviews.
        """
        if not self.steps:
            named = self.dictionary.settings.get("bibliography_tables", ["studies"])
        else:
            named = ["studies"]
        return list(
            dict.fromkeys(
                key
                for name in named
                if name in self.tables
                for key in self.tables[name][self.dictionary.tables[name].key]
            )
        )

    @property
    def selection(self) -> pd.DataFrame:
        """The steps of the selection: condition, studies kept, removed, and removed because the
        cell is empty.
        """
        return pd.DataFrame(
            [vars(step) for step in self.steps], columns=["what", "kept", "removed", "unknown"]
        )

    @property
    def chosen(self) -> str:
        """The conditions of the selection in words; empty for the whole data set.

        That only counted studies were chosen is not said: a balance is always of them.
        """
        said = dict.fromkeys(step.what for step in self.steps if step.what != COUNTED)
        return "; ".join(said)

    @property
    def columns_of_findings(self) -> list[str]:
        """Columns of the findings by which the selection was made: it may lack main findings."""
        return [step.column for step in self.steps if step.column]

    def labels(self, column: str) -> dict[str, str]:
        """Labels of the allowed values of a column, in their order."""
        field = self.dictionary.field(column, "studies", "findings")
        return dict(field.labels) if field else {}

    def select(
        self,
        *,
        min_sample_size: int | None = None,
        years: tuple[int | None, int | None] | None = None,
        one_per_cohort: bool = False,
        overlap: str = "possible",
        cited_by_article: bool = False,
        counted: bool | None = None,
        retracted: bool | None = None,
        **columns: Any,
    ) -> Evidence:
        """The part of the data set that meets all conditions.

        Parameters
        ----------
        min_sample_size : int, optional
            Smallest sample size. Studies whose size is not known leave, and ``selection`` says how
            many.
        years : (int or None, int or None), optional
            First and last year of publication.
        one_per_cohort : bool, default False
            Keep one report of each group of reports that share people or animals: the
            representative of the cohort, else the one with the largest known sample, else the
            latest.
        overlap : {"possible", "certain"}
            Which overlaps ``one_per_cohort`` acts on: possible ones too, or certain ones alone.
        cited_by_article : bool, default False
            True keeps the sources of the consumer article alone.
        counted : bool, optional
            True keeps the studies that enter a balance, False those set aside; by default both
            stay.
        retracted : bool, optional
            False leaves out retracted studies, and retracted reviews with what they say; True keeps
            retracted studies alone.
        **columns
            Any column of the studies or findings with a value or a list of values, such as
            ``question="risk"``, ``design=["cohort", "rct"]``, ``outcome_domain="function"``. A
            cell with a list meets a condition when one of its values does. ``"*"`` stands for any
            value, ``"not:*"`` for none, ``"not:VALUE"`` for every cell without that value. Where
            the dictionary has ``contrasts``, ``contrast`` is that of the main finding, and of the
            findings those stay that compare so.

        Returns
        -------
        Evidence
            Studies, the findings that meet the conditions on findings, and the rows of other tables
            that belong to them.

        Raises
        ------
        UsageError
            For an unknown column, or a value that it never has; the message names what may have
            been meant.

        Examples
        --------
        >>> import evidence
        >>> ev = evidence.load()
        >>> risk = ev.select(question="risk", design=["cohort"], min_sample_size=50, counted=True)
        >>> sorted(set(risk.studies["design"]))
        ['cohort']
        """
        from evidence.model.query import Query

        return Query.of(
            self,
            min_sample_size=min_sample_size,
            years=years,
            one_per_cohort=one_per_cohort,
            overlap=overlap,
            cited_by_article=cited_by_article,
            counted=counted,
            retracted=retracted,
            **columns,
        ).part(self)

    def with_tables(
        self, tables: Mapping[str, pd.DataFrame], steps: Sequence[Step] = ()
    ) -> Evidence:
        """The same data set with other rows."""
        return Evidence(self.dictionary, tables, (*self.steps, *steps))


def public_names() -> list[str]:
    """What a data set has beside its tables."""
    return [
        *Evidence.__dataclass_fields__,
        *(name for name in vars(Evidence) if not name.startswith("_")),
    ]
