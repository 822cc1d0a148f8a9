"""What the services say about the sources: which are retracted, and the most serious notice about
each.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evidence.model.dictionary import Dictionary

TABLE = "source_status"
RETRACTION = "retraction"
MARK = " (retracted)"


def paper_keys(dictionary: Dictionary) -> dict[str, str]:
    """Key column of each table whose rows have an entry in the bibliography."""
    names = dictionary.settings.get("bibliography_tables", ["studies"])
    return {name: dictionary.tables[name].key for name in names if name in dictionary.tables}


def retracted_ids(dictionary: Dictionary, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Ids of the papers in the tables about which a retraction was published, in the order of their
    tables.
    """
    if TABLE not in tables:
        return []
    status = tables[TABLE]
    told = status.loc[status["notice"].eq(RETRACTION), ["table", "id"]]
    found: list[str] = []
    for name, key in paper_keys(dictionary).items():
        ids = tables[name][key]
        found += ids[ids.isin(told.loc[told["table"].eq(name), "id"])].to_list()
    return list(dict.fromkeys(found))


def marked(names: pd.Series, retracted: list[str]) -> pd.Series:
    """Names with a mark after those of retracted papers.

    >>> marked(pd.Series({"a": "Abe 2001", "b": "Bo 2002"}), ["b"])["b"]
    'Bo 2002 (retracted)'
    """
    if retracted:
        return names.where(~names.index.isin(retracted), names + MARK)
    return names


def worst(dictionary: Dictionary, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The most serious result and notice of each paper that was checked, over all services, and the
    latest day.

    Index: id. Columns ``result`` and ``notice`` (in the order of the dictionary, most serious
    last), ``checked``, ``services`` (separated by "; ").
    """
    columns = ["result", "notice", "checked", "services"]
    if TABLE not in tables or tables[TABLE].empty:
        return pd.DataFrame(columns=columns, index=pd.Index([], name="id"), dtype="str")
    status, table = tables[TABLE], dictionary.tables[TABLE]
    order = {
        name: {value: rank for rank, value in enumerate(table.by_name[name].values)}
        for name in ("result", "notice")
    }
    ranked = status.assign(**{name: status[name].astype("str").map(order[name]) for name in order})
    grouped = ranked.groupby("id", sort=False)
    found = grouped[["result", "notice", "checked"]].max()
    for name in order:
        codes = found[name].to_numpy(dtype=int)
        found[name] = pd.Categorical.from_codes(codes, pd.Index(table.by_name[name].values))
    found["services"] = grouped["service"].agg(
        lambda services: "; ".join(dict.fromkeys(services.astype("str")))
    )
    return found[columns]
