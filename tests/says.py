"""Whether a text says more of a sign test than it may."""

from __future__ import annotations

import re
from html import unescape

CLEAR = "unlikely to be chance alone"
# "22 of 23 point to better (…); 10 more have no printed direction; exact sign test p < 0.001, in
# the worst case p = 0.08: …"
# Sentences that name what else is there, or what the words mean.
ELSEWHERE = re.compile(
    r"whatever the other|Of the \d+ results with a direction|Whether the lean|asks only whether"
)
VERDICT = re.compile(
    r"\d+ of (?P<n>\d+) points? to [^(;]+\([^)]*\)(?:; (?P<silent>\d+) more ha(?:s|ve) no printed"
    r" direction)?; exact sign test p (?P<mark>[=<]) (?P<p>[\d.]+)(?:, in the worst case p"
    r" (?P<worst_mark>[=<]) (?P<worst>[\d.]+))?: (?P<says>[^.;|<\n]*)"
)


def text_of(html: str) -> str:
    """Words of a page or an output, in one line."""
    html = re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))


def wrong(text: str) -> list[str]:
    """Verdicts of a text that say more than they may."""
    found: list[str] = []
    if CLEAR not in text and "exact sign test p" not in text:  # then nothing below can be there
        return found
    for one in VERDICT.finditer(text):
        worst = one["worst"]
        if one["silent"] and float(one["p"]) < 0.05 and worst is None:
            found.append(f"no worst case: {one[0]}")
        elif CLEAR in one["says"] and worst is not None and float(worst) >= 0.05:
            found.append(f"clear, though it hangs on what was not printed: {one[0]}")
        elif CLEAR in one["says"] and one["silent"] and worst is None:
            found.append(f"clear without a look at the unreadable: {one[0]}")
    # Whoever says it otherwise says it beside the words of the answers, which name the others too.
    if CLEAR not in text:
        return found
    for one in re.finditer(rf"[^.]*{CLEAR}[^.]*", VERDICT.sub(" ", text)):
        if not ELSEWHERE.search(one[0]):
            found.append(f"clear, with nothing beside it: {one[0][-200:]}")
    return found
