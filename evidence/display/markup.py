"""Words of a data set within pages and Markdown: they stay words, whatever they look like."""

from __future__ import annotations

import re

BEGIN_OF_TAG = re.compile(r"<(?=[A-Za-z/!?])")
LINK_TO_CODE = re.compile(r"\](?=\s*[(:])")


def plain_markdown(text: str) -> str:
    """Text for Markdown, in which no tag begins and no link either; "p < 0.05" and "[1, 2]" stay as
    they are.

    >>> plain_markdown("<b> [x](javascript:y), p < 0.05, [1, 2]")
    '&lt;b> [x\\\\](javascript:y), p < 0.05, [1, 2]'
    """
    return LINK_TO_CODE.sub(r"\\]", BEGIN_OF_TAG.sub("&lt;", text))


def web_address(text: str) -> str:
    """The text if it is an address on the web, to which a link may lead; else nothing.

    >>> web_address("https://example.org/"), web_address("javascript:alert(1)")
    ('https://example.org/', '')
    """
    return text if re.match(r"https?://\S+$", text, re.I) else ""
