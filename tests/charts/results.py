"""Hand-made results: frames with the meaning that charts ask for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.synthesis.balance import Balance
from evidence.synthesis.claims import Claims
from evidence.synthesis.lenses import Lenses
from evidence.synthesis.outcomes import Outcomes
from evidence.synthesis.study_flow import StudyFlow
from evidence.synthesis.votes import Votes

WORDS = ["harm", "mixed", "no_clear_difference", "benefit"]


def wrapped(kind, ev, frame, **more):
    """A frame as a result of a kind."""
    return kind(ev, frame, **more)


def votes_of(ev, frame, **more):
    """Votes whose names, designs and tiers are those of the frame."""
    found = Votes(ev, frame, **more)
    found.__dict__["named"] = frame
    return found


def balance_of(ev, n, lens="concluded", names=None):
    """A balance of so many outcomes in one question."""
    i = np.arange(n)
    frame = pd.DataFrame({"question": "treatment", "population": "human"}, index=i)
    frame["outcome_domain"] = names or [f"outcome number {k}" for k in i]
    frame["benefit"], frame["harm"], frame["mixed"] = i % 9, (i + 3) % 7, i % 2
    if lens == "concluded":
        frame["no_clear_difference"] = i % 4
    frame["not_placed"] = i % 3
    words = [w for w in [*WORDS, "not_placed"] if w in frame]
    frame["units"] = frame[words].sum(axis=1)
    frame["placed"] = frame["units"] - frame["not_placed"]
    frame["studies"], frame["participants"], frame["size_unknown"] = frame["units"], i * 13, i % 2
    return Balance(ev, frame, lens=lens, by="outcome_domain")


def lenses_of(ev, n, names=None):
    """Three lenses of so many groups."""
    i = np.arange(n)
    groups = pd.DataFrame({"question": names or [f"q{k}" for k in i], "population": "human"})
    concluded = groups.assign(lens="concluded", **{w: (i + j) % 5 for j, w in enumerate(WORDS)})
    direction = groups.assign(
        lens="direction", benefit=i % 5 + 1, harm=i % 7, mixed=1, not_placed=i % 3,
        share_low=0.1, share_high=0.9, p_value=[0.0001 if k % 2 else 0.2 for k in i],
    )  # fmt: skip
    size = groups.assign(
        lens="size", measure="OR", estimate=[np.nan if k % 3 == 0 else 1 + k / n for k in i],
        ci_low=0.5, ci_high=2.3, k=4, verdict="too few studies of one measure to pool",
    )  # fmt: skip
    return Lenses(ev, pd.concat([concluded, direction, size], ignore_index=True))


def claims_of(ev, n):
    """So many claims, two of each verdict in turn; those of the data set first."""
    verdicts = ["supported", "contradicted", "undecided", "too little to say"]
    i = np.arange(n)
    known = ev.tables["claims"]["claim_id"].tolist()
    frame = pd.DataFrame(
        {
            "claim_id": [known[k] if k < len(known) else f"c{k}" for k in i],
            "claim": [f"Claim number {k} about something that is disputed" for k in i],
            "verdict": [verdicts[k % 4] for k in i],
            "for": i % 4, "against": i % 3, "mixed": 1, "no_clear_difference": 2,
            "studies": i % 4 + i % 3 + 3,
        }
    )  # fmt: skip
    return Claims(ev, frame, strands=pd.DataFrame({"claim_id": []}))


def outcomes_of(ev, n):
    """Outcomes as ``evidence.outcomes`` gives them."""
    i = np.arange(n)
    frame = pd.DataFrame(
        {
            "question": "treatment", "population": "human",
            "outcome_domain": [f"outcome number {k}" for k in i],
            "contrast": ["against_none" if k % 2 else "before_after" for k in i],
            "randomised": [bool(k % 2) for k in i],
            "concluded_benefit": i % 6, "concluded_no_clear_difference": i % 4,
            "concluded_mixed": i % 2, "concluded_harm": i % 3, "concluded_not_placed": 0,
        }
    )  # fmt: skip
    frame["studies"] = frame.filter(like="concluded_").sum(axis=1)
    frame["direction_harm"] = frame["concluded_harm"]
    frame["direction_mixed"], frame["direction_benefit"] = 0, frame["concluded_benefit"]
    frame["direction_unreadable"] = (
        frame["studies"] - frame["concluded_harm"] - frame["concluded_benefit"]
    )
    frame["estimate"], frame["ci_low"], frame["ci_high"] = np.nan, np.nan, np.nan
    return Outcomes(ev, frame[frame["studies"] > 0].reset_index(drop=True))


def votes_by_domain(ev, n, domains=6):
    """Votes of so many studies, each in half of the domains."""
    rows = [
        (f"s{k:05}", f"Study {k:05}", f"outcome number {d}")
        for k in range(n)
        for d in range(domains)
        if (k + d) % 2
    ]
    frame = pd.DataFrame(rows, columns=["study_id", "label", "outcome_domain"])
    i = np.arange(len(frame))
    frame["vote"] = [["benefit", "harm", "mixed", "not_placed"][k % 4] for k in i]
    frame["results"] = pd.array(1 + i % 3, dtype="Int64")
    size = frame["study_id"].str[1:].astype(int) * 3 % 700
    frame["sample_size"] = size.astype("Int64").where(size > 3)
    frame["design"] = ["rct" if k % 2 else "cohort" for k in frame["study_id"].str[1:].astype(int)]
    frame["question"], frame["population"], frame["tier"] = "treatment", "human", 1 + i % 3
    return votes_of(ev, frame, lens="direction", by="outcome_domain")


def flow_of(ev, n):
    """A flow of so many steps."""
    left, rows = 1000, []
    for i in range(n):
        left -= i % 3 + 1 if i else 0
        out = [("too small", i % 3), ("too old", 1)] if i else []
        rows.append({"what": f"Step {i}", "n": left, "left_out": out})
    return StudyFlow(ev, pd.DataFrame(rows))
