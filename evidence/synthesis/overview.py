"""Who was studied: the table itself, in short."""

from __future__ import annotations

import pandas as pd

from evidence.errors import UsageError
from evidence.model.evidence import Evidence

SHORT = ["study", "year", "question", "population", "design", "sample_size", "direction", "counted"]
OF_ARTICLE = [
    *("article_reference", "source", "title", "design", "kind", "population", "exposure"),
    *("sample_size", "counted", "direction"),
]
# Types of the columns of the sources of an article; the others are text.
TYPES = {
    **dict.fromkeys(("article_reference", "sample_size"), "Int64"),
    **dict.fromkeys(("tested", "counted"), "boolean"),
}


def study_table(ev: Evidence, columns: list[str] | None = None) -> pd.DataFrame:
    """One line per study: name, year, who, how, how many, which way.

    Parameters
    ----------
    ev : Evidence
    columns : list of str, optional
        Columns of the studies, ``study`` for the name in the form "Author et al. 2001" (a retracted
        one says so), and ``source_status`` for what services said about the source (see
        :func:`evidence.source_checks`).

    Returns
    -------
    DataFrame
        In the order of the table.

    Raises
    ------
    UsageError
        For an unknown column.

    Examples
    --------
    >>> import evidence
    >>> evidence.study_table(evidence.load(), ["study", "year"]).columns.to_list()
    ['study', 'year']
    """
    wanted = columns or SHORT
    table = ev.studies.assign(study=ev.names.reindex(ev.studies["study_id"]).to_numpy())
    if "source_status" in wanted:
        from evidence.synthesis.sources import source_checks

        table["source_status"] = (
            table["study_id"]
            .map(source_checks(ev).drop_duplicates("id").set_index("id")["status"])
            .astype("str")
        )
    unknown = [column for column in wanted if column not in table]
    if unknown:
        raise UsageError(
            f"no column {unknown[0]!r} in studies; columns: {', '.join(table.columns)}"
        )
    return table[wanted]


def describe(ev: Evidence, by: str = "design") -> pd.DataFrame:
    """How many studies, how large, from which years.

    Parameters
    ----------
    ev : Evidence
        Only counted studies enter.
    by : str, default "design"
        Column of the studies that makes the rows, within what is kept apart.

    Returns
    -------
    DataFrame
        The columns kept apart, ``by``, ``studies``, ``median_size``, ``smallest``, ``largest``,
        ``size_unknown``, ``first_year``, ``last_year``.

    Raises
    ------
    UsageError
        For an unknown column.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.describe(evidence.load(), by="design")
    >>> bool((table["smallest"] <= table["largest"]).dropna().all())
    True
    """
    studies = ev.counted_studies
    if by not in studies:
        raise UsageError(f"no column {by!r} in studies; columns: {', '.join(studies.columns)}")
    groups = studies.groupby(
        list(dict.fromkeys([*ev.dictionary.kept_apart, by])), observed=True, dropna=False
    )
    sizes, years = groups["sample_size"], groups["year"]
    return pd.DataFrame(
        {
            "studies": groups.size(),
            "median_size": sizes.median().astype("Float64"),
            "smallest": sizes.min(),
            "largest": sizes.max(),
            "size_unknown": groups.size() - sizes.count(),
            "first_year": years.min(),
            "last_year": years.max(),
        }
    ).reset_index()


def article_sources(ev: Evidence) -> pd.DataFrame:
    """The sources of the article that started the data set, in its own numbering: studies and
    reviews under each other.

    Parameters
    ----------
    ev : Evidence
        Studies or reviews have the column ``article_reference``.

    Returns
    -------
    DataFrame
        Columns ``article_reference, source, title, design, kind, population, exposure, sample_size,
        counted, direction``; what does not apply to a review is missing.

    Raises
    ------
    UsageError
        When no table has the column ``article_reference``.

    Examples
    --------
    >>> import evidence
    >>> evidence.article_sources(evidence.load())["article_reference"].to_list()
    [1, 2, 3, 4, 5]
    """
    return cited_by_article(ev, OF_ARTICLE)


def cited_by_article(ev: Evidence, columns: list[str]) -> pd.DataFrame:
    """The studies and reviews that the article cites, in its numbering; of the columns ``id``,
    ``source`` and ``what`` are made here, and what a table lacks is missing.
    """
    types = {column: TYPES.get(column, "str") for column in columns}
    parts = []
    for name, what in (("studies", "study"), ("reviews", "review")):
        table = ev.tables.get(name, pd.DataFrame())
        if ev.dictionary.field("article_reference", name) and "article_reference" in table:
            cited = table[table["article_reference"].notna()]
            key = cited[ev.dictionary.tables[name].key]
            source = ev.names.reindex(key).to_numpy()
            cited = cited.assign(id=key, source=source, what=what)
            parts.append(cited.reindex(columns=columns).astype(types))
    if not parts:
        raise UsageError(
            "This data set has no column 'article_reference' in studies or reviews: no article"
            " started it"
        )
    return pd.concat(parts, ignore_index=True).sort_values(
        "article_reference", kind="stable", ignore_index=True
    )
