"""LaTeX is decoded without loss, and what is written reads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.bibliography.bibtex.latex import CODES, escaped, to_unicode


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        ("Gains of 50% in {ALS}", "Gains of 50% in ALS"),
        (r"Gains of 50\% \& more", "Gains of 50% & more"),
        (r"{\'E}tude of caf{\'e}", "Étude of café"),
        ("plain", "plain"),
        (r"50% of \'etudes & more", "50% of études & more"),
        (r"{\"O}zt{\"u}rk \v{S}imon {\o}re \ss{}", "Öztürk Šimon øre ß"),
        ("pages 1--2 and --- then", "pages 1–2 and — then"),
        ("``quoted'' and `single'", "“quoted” and `single'"),
        ("A~tie and\n   a line", "A tie and a line"),
        (r"$\alpha$-synuclein, 5$\pm$2", "α-synuclein, 5±2"),
        ("CO$_2$ per m$^2$ and m$^{-3}$ at 5$^\\circ$", "CO2 per m2 and m-3 at 5∘"),
        ("costs 5$ here", "costs 5$ here"),
        (r"costs \$5 to \$6", "costs $5 to $6"),
        (r"p \textless{} 0.05, \textbraceleft x\textbraceright", "p < 0.05, {x}"),
        (r"\emph{in vivo} in {SOD1\textsuperscript{G93A}}", "in vivo in SOD1G93A"),
        ("<i>in vitro</i>", "<i>in vitro</i>"),
        (r"a_b^c with \'e", "a_b^c with é"),
        ("-{}- and '{}'", "-- and ''"),
        ("", ""),
    ],
)
def test_latex_is_decoded_without_loss(latex, plain):
    assert to_unicode(latex) == plain


@pytest.mark.parametrize(
    "latex",
    [r"\frac", "\\", r"\begin{x}", r"{\'", r"\input{/etc/passwd}", r"\def\x{\x}\x", "$", "$$"],
)
def test_odd_latex_raises_nothing_and_says_nothing(latex, capfd):
    assert isinstance(to_unicode(latex), str)
    assert capfd.readouterr() == ("", "")


LETTERS = st.one_of(
    st.sampled_from("\\{}$&%#_^~-`'\"!?<>/ aAé=@,|[]\n\xa0"),
    st.characters(blacklist_categories=("Cs",)),
)


@given(st.text(LETTERS))
def test_what_is_written_reads_back(text):
    assert to_unicode(escaped(" ".join(text.split()), CODES)) == " ".join(
        text.replace("\0", " ").split()
    )


@given(st.text(LETTERS))
def test_any_text_is_decoded(text):
    assert isinstance(to_unicode(text), str)
