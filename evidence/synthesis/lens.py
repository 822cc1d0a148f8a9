"""The two lenses that put a result into a word: as concluded, and direction of effect.

*As concluded* takes the authors' conclusion, which leans on significance. *Direction* takes the
sign of the observed difference, whatever its p-value. A lens is never mixed with the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evidence.arguments import one_of


@dataclass(frozen=True)
class Lens:
    """How a result is put into a word, and several results into one.

    Attributes
    ----------
    name, title : str
        Name in code, and in words.
    column : str
        Column of the findings that holds the word.
    placed : tuple of str
        Words that enter the balance, from good to bad.
    agreement : tuple of int
        Which share of several results must agree, as a fraction of whole numbers.
    silent_count : bool
        Whether results without a word count among those several.
    meaning : str
        What the lens can and cannot say.
    unplaced : str
        What is said about a result without a word.
    """

    name: str
    title: str
    column: str
    placed: tuple[str, ...]
    agreement: tuple[int, int]
    silent_count: bool
    meaning: str
    unplaced: str


CONCLUDED = Lens(
    "concluded",
    "as concluded",
    "conclusion",
    ("benefit", "no_clear_difference", "mixed", "harm"),
    (1, 1),
    False,
    "What the authors conclude. It leans on significance: a small study that could not have shown a"
    " difference counts as no clear difference.",
    "No conclusion",
)
DIRECTION = Lens(
    "direction",
    "direction of effect",
    "observed_direction",
    ("benefit", "mixed", "harm"),
    (7, 10),
    True,
    "Which way the observed difference points, whatever its p-value. Results whose direction was"
    " not printed are counted separately: the test leaves them out, and its worst case has them all"
    " point the other way.",
    "Direction not reported",
)
LENSES = {lens.name: lens for lens in (CONCLUDED, DIRECTION)}


def get_lens(name: str) -> Lens:
    """The lens of that name."""
    return LENSES[one_of("lens", name, LENSES)]


def words_of(words: pd.Series, lens: Lens) -> pd.Categorical[Any]:
    """Words as a category; those that do not vote are missing."""
    placed = list(lens.placed)
    if isinstance(words.dtype, pd.CategoricalDtype):
        return pd.Categorical(words.cat.set_categories(placed))
    text = words.astype("str")
    return pd.Categorical(text.where(text.isin(placed), None), categories=placed)


def one_word(groups: pd.Series, words: pd.Series, lens: Lens) -> pd.DataFrame:
    """One word for each group of results.

    Directions: the word of at least 70 % of all results of the group, those without a printed
    direction among them (after Boon and Thomson 2021, *Research Synthesis Methods* 12:29-33, doi
    10.1002/jrsm.1458). Where the printed ones alone do not agree so far, the group is mixed; where
    they do, but too many are not printed, it has no word. Conclusions: the one word that all share,
    else mixed.

    Parameters
    ----------
    groups : Series
        Group of each result.
    words : Series
        Word of each result; words outside ``lens.placed`` say nothing.
    lens : Lens

    Returns
    -------
    DataFrame
        Index: group. Columns ``vote`` (missing when the group has no word), ``results`` (how many
        have a word) and ``silent`` (how many do not).

    Examples
    --------
    >>> words = pd.Series(["benefit"] * 7 + ["harm"] * 3)
    >>> one_word(pd.Series(["one"] * 10), words, DIRECTION)["vote"].to_list()
    ['benefit']
    >>> one_word(pd.Series(["one"] * 10), words, CONCLUDED)["vote"].to_list()
    ['mixed']
    """
    codes, names = pd.factorize(groups)
    size = len(lens.placed)
    word = words_of(words, lens).codes
    voting = word >= 0
    counts = np.bincount(codes[voting] * size + word[voting], minlength=len(names) * size)
    vote = agreed_word(
        counts.reshape(len(names), size), np.bincount(codes[~voting], minlength=len(names)), lens
    )
    total = np.bincount(codes[voting], minlength=len(names))
    return pd.DataFrame(
        {
            "vote": pd.Categorical.from_codes(vote, categories=pd.Index(lens.placed)),
            "results": total,
            "silent": np.bincount(codes[~voting], minlength=len(names)),
        },
        index=pd.Index(names, name="group"),
    )


def agreed_word(counts: np.ndarray, silent: np.ndarray, lens: Lens) -> np.ndarray:
    """Place in ``lens.placed`` of the word that results agree on; -1 for none.

    Parameters
    ----------
    counts : array (..., words)
        How many results have each word of the lens.
    silent : array (...)
        How many have none.
    """
    part, whole = lens.agreement
    total, most = counts.sum(axis=-1), counts.max(axis=-1, initial=0)
    every = total + silent * lens.silent_count
    agreed = most * whole >= every * part
    disagree = most * whole < total * part
    mixed = lens.placed.index("mixed")
    word = np.where(agreed, counts.argmax(axis=-1), np.where(disagree, mixed, -1))
    return np.where(total > 0, word, -1)
