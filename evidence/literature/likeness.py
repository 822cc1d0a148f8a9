"""How much texts are like others: cosine of TF-IDF vectors, so that what resembles the studies in
the table is read first.

The weights are those of scikit-learn's ``TfidfVectorizer`` at its defaults (a test compares):
counts of words of two letters or more, times ln((1 + texts) / (1 + texts with the word)) + 1, each
text scaled to length 1. A likeness orders a list; it is not a measure of relevance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evidence.literature.record import normal

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NEAREST = 3  # of the models, whose mean likeness is taken: one chance likeness does not suffice


def likeness(texts: Sequence[str], models: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Likeness of each text to the models that it is most like.

    Returned are the mean cosine with the three most similar models, 0 (no word in common) to 1,
    and the place of the most similar one; -1 when a text has no word in common with any.

    >>> scores, nearest = likeness(
    ...     ["walking of birds", "a bridge"], ["birds that walk", "walking birds", "swimming"]
    ... )
    >>> bool(scores[0] > scores[1]), nearest.tolist()
    (True, [1, -1])
    """
    if not len(texts) or not len(models):
        return np.zeros(len(texts)), np.full(len(texts), -1)
    vectors = weights([*texts, *models])
    cosines = (vectors[: len(texts)] @ vectors[len(texts) :].T).toarray()
    best = np.sort(cosines, axis=1)[:, -NEAREST:]
    return best.mean(axis=1), np.where(cosines.max(axis=1) > 0, cosines.argmax(axis=1), -1)


def weights(texts: Sequence[str]) -> csr_matrix:
    """TF-IDF vectors of texts, one row each, of length 1 (0 where a text has no word)."""
    from scipy.sparse import csr_matrix, diags

    words = pd.Series([normal(text).split() for text in texts]).explode()
    words = words[words.str.len().ge(2).fillna(False)]
    codes, vocabulary = pd.factorize(words)
    counts = csr_matrix(
        (np.ones(len(codes)), (words.index.to_numpy(), codes)),
        shape=(len(texts), max(1, len(vocabulary))),
    )
    counts.sum_duplicates()
    found_in = np.bincount(counts.indices, minlength=counts.shape[1])
    weighted = counts @ diags(np.log((1 + len(texts)) / (1 + found_in)) + 1)
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return csr_matrix(diags(1 / np.where(length > 0, length, 1)) @ weighted)
