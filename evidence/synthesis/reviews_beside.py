"""Published reviews beside our own rows, for each outcome domain. Nothing is added up across the
two: reviews are made of such studies.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from evidence.frames import frame_rows, is_true
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.balance import balance
from evidence.synthesis.inclusions import inclusion_lists, review_union
from evidence.synthesis.lens import CONCLUDED, DIRECTION
from evidence.synthesis.sign_test import sign_tests

DOMAIN = "outcome_domain"


def beside_reviews(ev: Evidence) -> pd.DataFrame:
    """What our rows give and what published reviews say, side by side for each outcome domain.

    Parameters
    ----------
    ev : Evidence
        Needs the tables ``reviews`` and ``review_conclusions``; ``pooled_estimates`` and
        ``review_inclusions`` are used where they exist.

    Returns
    -------
    DataFrame
        One row for each outcome domain within what is kept apart. Ours: ``studies``;
        ``direction_WORD`` and ``direction_not_placed``, ``share, share_low, share_high, too_few``
        of the results with a direction; ``concluded_WORD``. Theirs: ``reviews``, ``first_year,
        last_year``, ``reviews_WORD`` (conclusions, of which one review may have several),
        ``reviews_not_placed``, ``pooled`` (pooled estimates that they print) and ``pooled_results``
        (those in words, separated by a semicolon). ``why_they_can_differ`` says so in words. What
        reviews do not record (such as the population) cannot separate them: the same reviews then
        stand beside each of our rows of that question and domain, and ``repeated`` is true, so
        their columns must not be added up. Where only reviews have a domain, our columns are 0 or
        missing.

    Raises
    ------
    UsageError
        When the data set has no reviews or no conclusions of them.

    Examples
    --------
    >>> import evidence
    >>> table = beside_reviews(evidence.load())
    >>> bool(table["why_they_can_differ"].ne("").all())
    True
    """
    for name in ("reviews", "review_conclusions"):
        needed(ev, name, "there is nothing to compare with our rows")
    apart = ev.dictionary.kept_apart
    on = [*[column for column in apart if column in ev.reviews], DOMAIN]
    ours, theirs = _ours(ev, apart), _theirs(ev, on)
    table = ours.merge(theirs, on=on, how="outer")
    for column in [*apart, DOMAIN]:
        of = ev.studies if column in ev.studies else ev.findings
        table[column] = table[column].astype(of[column].dtype)
    names = [str(column) for column in table]
    counted = ("direction_", "concluded_", "reviews_")
    counts = [name for name in names if name.startswith(counted)] + ["studies", "reviews", "pooled"]
    table[counts] = table[counts].fillna(0).astype("int64")
    table["too_few"] = table["too_few"].astype("boolean")
    table["pooled_results"] = table["pooled_results"].astype("str").fillna("")
    table = table.sort_values([*apart, DOMAIN], kind="stable", ignore_index=True)
    table["repeated"] = table.duplicated(on, keep=False) & (table["reviews"] + table["pooled"] > 0)
    newer, rows = _newer(ev, table, apart), frame_rows(table)
    questions = [row.get("question") if "question" in on else None for row in rows]
    union = {question: _known_of_reviews(ev, question) for question in dict.fromkeys(questions)}
    table["why_they_can_differ"] = [
        _why(row, after, union[question])
        for row, after, question in zip(rows, newer, questions, strict=True)
    ]
    return table


def _ours(ev: Evidence, apart: list[str]) -> pd.DataFrame:
    keys = [*apart, DOMAIN]
    seen, said = (balance(ev, DOMAIN, lens.name).set_index(keys) for lens in (DIRECTION, CONCLUDED))
    test = sign_tests(seen[["benefit", "harm"]])[["share", "share_low", "share_high", "too_few"]]
    directions = seen[[*DIRECTION.placed, "not_placed"]].add_prefix("direction_")
    conclusions = said[[*CONCLUDED.placed, "not_placed"]].add_prefix("concluded_")
    table = pd.concat([seen["studies"], directions, test, conclusions], axis=1).reset_index()
    named: pd.DataFrame = table.astype(dict.fromkeys(keys, "str"))
    return named


def _theirs(ev: Evidence, on: list[str]) -> pd.DataFrame:
    columns = [column for column in on if column != DOMAIN]
    rows = ev.review_conclusions.merge(
        ev.reviews[["review_id", "year", *columns]], on="review_id"
    ).astype(dict.fromkeys(on, "str"))
    words = {f"reviews_{word}": rows["direction"] == word for word in CONCLUDED.placed}
    words["reviews_not_placed"] = ~rows["direction"].isin(CONCLUDED.placed)
    groups = rows.groupby(on)
    table = pd.DataFrame(words).groupby([rows[key] for key in on]).sum()
    table.insert(0, "reviews", groups["review_id"].nunique())
    table.insert(1, "first_year", groups["year"].min())
    table.insert(2, "last_year", groups["year"].max())
    return table.join(_pooled(ev, on, columns), how="outer").reset_index()


def _pooled(ev: Evidence, on: list[str], columns: list[str]) -> pd.DataFrame:
    """Pooled estimates of the reviews: how many, and in words; index: on."""
    if "pooled_estimates" not in ev.tables:
        return pd.DataFrame(
            columns=["pooled", "pooled_results"],
            index=pd.MultiIndex.from_arrays([[]] * len(on), names=on),
        )
    rows = ev.pooled_estimates.merge(
        ev.reviews[["review_id", "year", *columns]], on="review_id"
    ).astype(dict.fromkeys(on, "str"))
    rows = rows[rows["estimate"].notna()].sort_values(["year", "pooled_id"], kind="stable")
    interval = (" (" + _printed(rows["ci_low"]) + " to " + _printed(rows["ci_high"]) + ")").fillna(
        " (no interval printed)"
    )
    measure = rows["measure"].map(lambda value: ev.dictionary.label("measure", value)).astype("str")
    what = rows["outcome"] + (", " + rows["subgroup"].astype("str")).fillna("")
    said = (
        pd.Series(ev.names.reindex(rows["review_id"]).to_numpy(), index=rows.index)
        + ": "
        + measure
        + " "
        + _printed(rows["estimate"])
        + interval
    )
    groups = (said + ", " + what).groupby([rows[key] for key in on])
    return pd.DataFrame({"pooled": groups.size(), "pooled_results": groups.agg("; ".join)})


def _newer(ev: Evidence, table: pd.DataFrame, apart: list[str]) -> list[int]:
    """How many of our studies of a row are newer than the newest of its reviews."""
    keys = [*apart, DOMAIN]
    studies = ev.counted_studies
    rows = (
        ev.findings[["study_id", DOMAIN]]
        .drop_duplicates()
        .merge(studies[["study_id", "year", *apart]], on="study_id")
        .astype(dict.fromkeys(keys, "str"))
    )
    last = table[[*keys, "last_year"]].astype(dict.fromkeys(keys, "str"))
    joined = rows.merge(last, on=keys)
    newer = is_true(joined["year"] > joined["last_year"])
    counts = newer.groupby([joined[key] for key in keys]).sum()
    return (
        pd.MultiIndex.from_frame(last[keys])
        .map(counts.to_dict())
        .fillna(0)
        .astype("int64")
        .to_list()
    )


def _known_of_reviews(ev: Evidence, question: str | None) -> str:
    """What is known of the studies that the reviews of a question include, in words."""
    if "review_inclusions" not in ev.tables or (
        question is not None and not (ev.reviews["question"] == question).any()
    ):
        return "which studies the reviews include is not known"
    reviews, union = inclusion_lists(ev, question).reviews, review_union(ev, question)
    every, readable, lacks = (
        len(reviews),
        int((reviews["known"] > 0).sum()),
        int((~union["in_table"]).sum()),
    )
    whose = f"{every} reviews" + ("" if question is None else " of this question")
    shown = f"of the {whose}, {readable} showed which studies they include, in whole or in part"
    return f"{shown}; of the {len(union)} studies named there our table lacks {lacks}"


def _printed(cells: pd.Series) -> pd.Series:
    return cells.map("{:g}".format, na_action="ignore").astype("str")


def _why(row: dict[str, Any], newer: int, union: str) -> str:
    """Why two columns of numbers can differ, in words that hold for any subject."""
    if not row["reviews"] and not row["pooled"]:
        return "no review in the table concludes on this domain"
    if not row["studies"]:
        return (
            "no counted study of ours reports on this domain; reviews may count other conditions,"
            " treatments or outcomes"
        )
    said = ["a conclusion leans on significance, a direction does not"]
    if row["reviews"] > 1:
        said.append(
            "several reviews may rest on the same studies, so that their conclusions are not so"
            " many independent ones"
        )
    if newer:
        said.append(
            f"{newer} of our {row['studies']} studies {'is' if newer == 1 else 'are'} newer than"
            " the newest of these reviews"
        )
    if row["direction_not_placed"]:
        said.append(
            f"{row['direction_not_placed']} of our {row['studies']} studies could not be placed by"
            " direction"
        )
    if row["pooled"]:
        said.append(
            "a pool weighs studies by precision and leaves out those without a usable estimate, a"
            " count does neither"
        )
    said.append("reviews may take in other populations, outcomes or exposures than ours")
    return "; ".join([*said, union])
