"""The scripts of the pages: files of this package, each page with those that it needs as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources

# The explorer, in the order in which its files build on each other.
EXPLORER = (
    "made",
    "view",
    "selection",
    "statistics",
    "pool",
    "words",
    "balance",
    "captions",
    "charts",
    "download",
    "take",
    "find",
    "table",
    "panel",
    "explore",
)
# Indents, empty lines and comments; no script has a text of several lines, or holding a comment.
READING_AIDS = re.compile(r"^(\s+|\s*//.*\n)+|(?<=[;,{]) // [^\"'`\n]*$", re.MULTILINE)
BUNDLES = {
    "ready": ("ready",),
    "explore": (*EXPLORER, "page"),
    "search": ("made", "download", "find", "search"),
    "studies": ("made", "table", "studies"),
}


def bundle(names: Iterable[str]) -> str:
    """Files of scripts as one, each of which adds to what the others share; without what only
    helps to read them, which is a sixth.

    >>> bundle(["page"]).splitlines()[1]
    'window.Explore ??= {};'
    """
    folder = resources.files("evidence.site").joinpath("static", "js")
    own = [folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in names]
    whole = "\n".join(['"use strict";\nwindow.Explore ??= {};', *own])
    return READING_AIDS.sub("", whole)


def plain_sheet(text: str) -> str:
    """A style sheet without remarks and indents, which only help to read it.

    >>> plain_sheet("/* Look. */\\na { b: c; }\\n  d { e: f; }\\n")
    'a { b: c; }\\nd { e: f; }\\n'
    """
    return re.sub(r"(?m)^[ ]+", "", re.sub(r"(?s)/\*.*?\*/\n?", "", text))
