"""The contrasts of the model (:mod:`evidence.model.contrasts`), where the numbers look for them."""

from evidence.model.contrasts import (
    ANY,
    OTHER,
    answers,
    contrast_names,
    contrasts,
    group_contrasts,
    voting_contrasts,
)

__all__ = [
    "ANY",
    "OTHER",
    "answers",
    "contrast_names",
    "contrasts",
    "group_contrasts",
    "voting_contrasts",
]
