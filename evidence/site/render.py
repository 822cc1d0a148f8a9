"""Fill the templates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evidence.errors import EvidenceError
from evidence.exporting.about import about
from evidence.site.glossary import Terms, explained, glossed
from evidence.site.pages import Page, Rendered, Site
from evidence.site.vendor import INSTALL

if TYPE_CHECKING:
    from jinja2 import Environment

# No page asks for anything outside its own folder, and no text runs as code.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src data:; base-uri 'none'; form-action 'none'"
)

# Spaces before a sign of percent, and what is passed over on the way: code, and inside of tags.
PERCENT = re.compile(r"(<(pre|script|style)\b.*?</\2>|<[^>]*>)|(?<=\d) (?=%)", re.DOTALL)


def bound(page: str) -> str:
    """A page whose lines do not break between a number and its sign of percent.

    >>> bound('<p title="5 %">5 % of <pre>7 % 2</pre></p>').replace("\\u00a0", "_")
    '<p title="5 %">5_% of <pre>7 % 2</pre></p>'
    """
    return PERCENT.sub(lambda found: found[1] or "\u00a0", page)


def environment(terms: Terms | None = None) -> Environment:
    """The templates of this package; every text is escaped, and terms lead to what they mean."""
    try:
        import jinja2
    except ImportError:
        raise EvidenceError(INSTALL) from None
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("evidence.site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    known = terms or Terms()
    rooted = jinja2.pass_context
    env.filters["markdown"] = markdown
    env.filters["coded"] = coded
    env.filters["glossed"] = rooted(lambda page, text: glossed(text, known, page["root"]))
    env.filters["explained"] = rooted(
        lambda page, html, wanted=True: explained(html, known if wanted else Terms(), page["root"])
    )
    env.policies["json.dumps_kwargs"] = {
        "sort_keys": False,
        "ensure_ascii": False,
        "separators": (",", ":"),
    }
    return env


def coded(text: str) -> Any:
    """A text as HTML with what is between backticks as code.

    >>> print(coded("Written by `make it`; <b>"))
    Written by <code>make it</code>; &lt;b&gt;
    """
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def markdown(text: str) -> Any:
    """Markdown of an answer as HTML; HTML inside it stays text."""
    import mistune
    from markupsafe import Markup

    return Markup(mistune.create_markdown(escape=True)(text))


def page(
    env: Environment, site: Site, navigation: Sequence[Page], current: Page, file: Rendered
) -> str:
    """One file of the page as HTML."""
    common = {
        "root": "../" * file.path.count("/"),
        "policy": POLICY,
        "title": file.title,
        "navigation": navigation,
        "current": current,
        "path": file.path,
        "words": site.words,
        "dictionary": site.ev.dictionary,
        "about": about(site.ev.dictionary.package),
        "settings": site.ev.dictionary.settings,
        "pictures": site.pictures,
        "searched": site.searched,
        "changes": site.changes.old if site.changes else "",
    }
    return bound(env.get_template(file.template).render(common | dict(file.context)))
