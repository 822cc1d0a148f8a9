"""Claims: each statement, its verdict, and the studies that bear on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pandas as pd

from evidence.display.html_table import HtmlTable
from evidence.errors import UsageError
from evidence.frames import whole_or_none
from evidence.model.evidence import Evidence
from evidence.site.direction_styles import looks
from evidence.site.html_tables import html_table
from evidence.site.pages import Rendered, Site
from evidence.synthesis.claim_rules import VERDICTS
from evidence.synthesis.claims import article_support, judge_claims


def ready(site: Site) -> bool:
    """Whether the data set has claims and says which rows bear on them."""
    return all(
        name in site.ev.tables and len(site.ev.tables[name])
        for name in ("claims", "claim_criteria")
    )


def render(site: Site) -> list[Rendered]:
    """The board of claims."""
    ev = site.ev
    claims = judge_claims(ev)
    order = list(VERDICTS)
    listed = sorted(claims.to_dict("records"), key=lambda claim: order.index(claim["verdict"]))
    studies = ev.findings.set_index("finding_id")["study_id"]
    context = {
        "claims": [_claim(ev, claim, studies, claims.strands) for claim in listed],
        "tally": [
            (verdict, int((claims["verdict"] == verdict).sum()))
            for verdict in order
            if (claims["verdict"] == verdict).any()
        ],
        "article": claims.article,
        "sources": sources(ev),
        "picture": site.pictures.get("claims"),
        "looks": looks(site.words),
    }
    return [Rendered("claims.html", "claims.html", "Claims", context)]


def _claim(
    ev: Evidence, claim: dict[str, Any], studies: pd.Series, strands: pd.DataFrame
) -> dict[str, Any]:
    rows = [row for row in str(claim["rows"]).split("; ") if row in studies.index]
    keys = list(dict.fromkeys(studies[row] for row in rows))
    return {
        "id": claim["claim_id"],
        "claim": claim["claim"],
        "topic": ev.dictionary.label("topic", claim["topic"]),
        "verdict": claim["verdict"],
        "certainty": claim["certainty"],
        "reason": claim["reason"],
        "strands": strands[strands["claim_id"] == claim["claim_id"]].to_dict("records"),
        "studies": [(key, ev.names.get(key, key)) for key in keys],
        "participants": whole_or_none(claim["participants"]),
        "size_unknown": int(claim["size_unknown"]),
    }


def sources(ev: Evidence) -> HtmlTable | None:
    """What the sources of the claims are; None when the data set does not name them."""
    try:
        table = article_support(ev)
    except UsageError:
        return None
    shown = table[
        [
            "article_reference",
            "source",
            "title",
            "what",
            "population",
            "exposure",
            "tested",
            "counted",
            "note",
        ]
    ]
    links = {
        "source": (
            ("studies/" + table["id"].map(quote, na_action="ignore") + ".html").where(
                table["what"] == "study"
            )
        )
    }
    if len(table):
        return html_table(ev, shown, "The sources that the claims name", links)
    return None
