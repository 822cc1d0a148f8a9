"""The claims board: what is claimed, and how many studies speak for and against it."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from evidence.charts.axis import whole_numbers
from evidence.charts.balance import bars, beside
from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, table_chart, text_column
from evidence.charts.style import DEFAULT_SIZE, INK, MAIN, Look, styled
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.nouns import share_of
from evidence.synthesis.claims import Claims

VERDICTS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "undecided": "Undecided",
    "no study for it": "No study for it",
    "cannot be shown by these studies": "Cannot be shown by these studies",
    "too little to say": "Too little to say",
    "not addressed by any study in the table": "Not addressed",
}
AGAINST = Look("#c58a3a", "//", "o", "#b5b5b5")
NEITHER = Look("#cfd4da", "..", "o", "#e8e8e8")


@draws(Claims, made_by="evidence.judge_claims(ev)")
def claims_board(
    claims: Claims, words: Words, *, title: str = "", size: str = DEFAULT_SIZE
) -> Chart:
    """Draw the claims board.

    Bars to the right are studies whose authors conclude what the claim says, bars to the left those
    that conclude the opposite. Claims that no direction can judge (such as on the size of studies)
    have a verdict and no bar. Claims that no study addresses stand last.

    Parameters
    ----------
    claims : Claims
    title : str, optional
        Default: how many claims are supported.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` has the columns ``for_claim`` and ``against_claim`` beside those of the claims.

    Raises
    ------
    UsageError
        When there is nothing to draw, or a verdict is not one of the seven.
    """
    if claims.empty:
        raise UsageError("nothing to draw: no claim")
    table = _lines(claims)
    wrong = [verdict for verdict in table["verdict"] if str(verdict) not in VERDICTS]
    if wrong:
        raise UsageError(f"verdict is {wrong[0]!r}; allowed: {', '.join(VERDICTS)}")
    lines = table.to_dict("records")
    frame = Frame(
        title or _title(claims.frame),
        words.said(
            "Studies that bear on each claim, as their authors conclude: against and for it"
        ),
        (
            "Each study that bears on a claim counts once in its row. Neither: mixed or no clear"
            " difference.",
        ),
        words,
        "No bar: a claim that no direction of an effect can judge.",
    )
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            [Row(str(line["label"]), part=bool(line["strand"])) for line in lines],
            [
                text_column("Verdict", [VERDICTS[str(line["verdict"])] for line in lines], 8),
                Column("", draw=_bars(lines), share=0.7, axis=" "),
                Column("Neither", draw=_neither(lines), share=0.3, axis=" "),
                text_column("Studies", [_studies(line) for line in lines], align="right"),
            ],
            key=[(AGAINST, "against the claim"), (MAIN, "for the claim"), (NEITHER, "neither")],
            label_share=0.36,
            rules=True,
            least=1.9,
        )
    return Chart.of(figures, frame, _alt(lines), table, "claims_board")


def _lines(claims: Claims) -> pd.DataFrame:
    """The claims by verdict, those with several strands followed by a line for each, with how
    many studies speak for and against; none where a rule knows no side.
    """
    rank = {verdict: place for place, verdict in enumerate(VERDICTS)}
    order = claims.frame["verdict"].astype("str").map(rank).sort_values(kind="stable").index
    parts = []
    for line in claims.frame.loc[order].to_dict("records"):
        strands = claims.strands[claims.strands["claim_id"] == line["claim_id"]]
        parts.append(line | {"label": line["claim"], "strand": ""})
        if len(strands) > 1:
            parts += [
                line | strand | {"label": f"– {strand['strand']}"}
                for strand in strands.to_dict("records")
            ]
    table = pd.DataFrame(parts)
    return table.assign(
        for_claim=table["for"].astype("Int64"), against_claim=table["against"].astype("Int64")
    )


def _most(lines: list[dict]) -> int:
    return max(
        [
            1,
            *(
                int(n)
                for line in lines
                for n in (line["for_claim"], line["against_claim"])
                if pd.notna(n)
            ),
        ]
    )


def _bars(lines: list[dict]) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        half = _most(lines) * part.width / 2 / max(part.width / 2 - 1.8, 1)
        axes.set_xlim(-half, half)
        whole_numbers(axes, 5)
        axes.axvline(0, color=INK, linewidth=0.9, gid="furniture")
        rows = [(y, line) for y, line in part.items(lines) if pd.notna(line["for_claim"])]
        for name, look, sign in (("for_claim", MAIN, 1), ("against_claim", AGAINST, -1)):
            spans = [(y, 0, sign * int(line[name])) for y, line in rows]
            label = "for the claim" if sign > 0 else "against the claim"
            bars(axes, spans, label, look, part.size)
            for y, _, value in spans:
                if value:
                    beside(axes, value, y, f"{abs(value)}", part, sign)

    return draw


def _neither(lines: list[dict]) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        rows = [(y, line) for y, line in part.items(lines) if pd.notna(line["for_claim"])]
        values = [
            int(line["studies"]) - int(line["for_claim"]) - int(line["against_claim"])
            for _, line in rows
        ]
        every = [
            int(line["studies"]) - int(line["for_claim"]) - int(line["against_claim"])
            for line in lines
            if pd.notna(line["for_claim"])
        ]
        axes.set_xlim(0, max([1, *every]) * part.width / max(part.width - 2.2, 1))
        whole_numbers(axes, 2)
        spans = [(y, 0, n) for (y, _), n in zip(rows, values, strict=True)]
        bars(axes, spans, "neither", NEITHER, part.size)
        for y, _, n in spans:
            if n:
                beside(axes, n, y, f"{n}", part, 1)

    return draw


def _studies(line: dict) -> str:
    return "–" if pd.isna(line["studies"]) else f"{line['studies']:,.0f}"


def _title(table: pd.DataFrame) -> str:
    counts = table["verdict"].astype("str").value_counts()
    said = [
        f"{counts[verdict]} {VERDICTS[verdict].lower()}"
        for verdict in VERDICTS
        if counts.get(verdict)
    ]
    return f"Of {counted(len(table), 'claim', 'claims')}: {', '.join(said)}"


def _alt(lines: list[dict]) -> str:
    parts = []
    for line in lines:
        name = line["strand"] or f"“{line['claim']}”"
        said = f"{name}: {VERDICTS[str(line['verdict'])].lower()}"
        if pd.notna(line["for_claim"]):
            said += (
                f" ({share_of(int(line['for_claim']), int(line['studies']), 'study', 'studies')}"
                f" for it, {int(line['against_claim'])} against)"
            )
        parts.append(said)
    claims = counted(sum(not line["strand"] for line in lines), "claim", "claims")
    return f"Board of {claims}. {'; '.join(parts)}."
