"""Notebooks: rendered with the outputs that they hold."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Collection
from html import unescape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from evidence.errors import EvidenceError
from evidence.notebooks.reading import read_notebook
from evidence.site.pages import Rendered, Site, neighbours
from evidence.site.vendor import INSTALL

if TYPE_CHECKING:
    from nbformat import NotebookNode

# A page shows pictures, tables and text; widgets and scripts of a notebook need what a page has
# not.
FORBIDDEN = [
    "script",
    "style",
    "iframe",
    "frame",
    "link",
    "meta",
    "base",
    "object",
    "embed",
    "form",
    "button",
    "textarea",
    "portal",
]
LEADING = (
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "ping",
    "to",
    "values",
    "from",
)
SHOWN = ["image/svg+xml", "image/png", "text/html", "text/markdown", "text/plain"]


def ready(site: Site) -> bool:
    """Whether there are notebooks."""
    return bool(site.notebooks)


def render(site: Site) -> list[Rendered]:
    """The list and the pages of the notebooks."""
    known = {path.stem for path in site.notebooks}
    done = [_rendered(path, known) for path in site.notebooks]
    listed = [
        {"href": f"{quote(path.stem)}.html", "title": title, "question": question}
        for path, title, question, _ in done
    ]
    files = [Rendered("notebooks.html", "notebooks/index.html", "Notebooks", {"notebooks": listed})]
    for place, (path, title, _, body) in enumerate(done):
        context = {
            "body": body,
            **neighbours(listed, place),
        }
        files.append(Rendered("notebook.html", f"notebooks/{path.stem}.html", title, context))
    return files


def _rendered(path: Path, known: set[str]) -> tuple[Path, str, str, str]:
    """Path, title, question and body of a notebook."""
    notebook = read_notebook(path)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    title = re.search(r"^# (.+)$", text, re.M)
    question = re.search(r"^\*\*Question\.\*\* (.+)$", text, re.M)
    return (
        path,
        unescape(title[1]) if title else path.stem,
        unescape(question[1]) if question else "",
        body(notebook, known),
    )


def body(notebook: NotebookNode, known: Collection[str] = ()) -> str:
    """A notebook as a part of a page: no script, no style of its own, every picture with its
    description and its size.

    Parameters
    ----------
    notebook : NotebookNode
    known : collection of str
        Names, without ending, of the notebooks that stand beside it; links to other files become
        text.

    Raises
    ------
    EvidenceError
        When nbconvert is not installed.
    """
    try:
        from nbconvert import HTMLExporter
    except ImportError:
        raise EvidenceError(INSTALL) from None
    exporter = HTMLExporter(
        template_name="notebook_body",
        extra_template_basedirs=[str(resources.files("evidence.site").joinpath("templates"))],
        mathjax_url="",
        require_js_url="",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    exporter.filters = {"picture_size": picture_size}
    exporter.config.NbConvertBase.display_data_priority = SHOWN
    html, _ = exporter.from_notebook_node(notebook)
    return tidy(html, known)


def picture_size(picture: str) -> str:
    """Width and height of a PNG in base64, as attributes, so that the page keeps its place free;
    nothing for what is none.
    """
    try:
        width, height = struct.unpack(">II", base64.b64decode(picture[:64])[16:24])
    except (ValueError, struct.error):
        return ""
    return f'width="{width}" height="{height}"'


def tidy(html: str, known: Collection[str]) -> str:
    """HTML without what the page forbids or has not: styles and scripts of outputs, and links to
    files that are not there.
    """
    from bs4 import BeautifulSoup
    from bs4.element import PreformattedString

    soup = BeautifulSoup(html, "html.parser")
    for words in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        # comments and the like: a browser sees another end of some than the parser does
        words.extract()
    for element in soup(FORBIDDEN):
        element.decompose()
    for element in soup(True):
        for name in [
            name
            for name in element.attrs
            if name in ("style", "border", "srcdoc") or name.startswith("on")
        ]:
            del element[name]
        for name in [
            name
            for name in element.attrs
            if name.rpartition(":")[2] in LEADING and (element.name, name) != ("a", "href")
        ]:
            if not re.match(r"data:image/|#|https?:", str(element[name])):
                del element[name]
    for link in soup("a", href=True):
        target = str(link["href"])
        beside = re.fullmatch(r"([\w-]+)\.ipynb(#.*)?", target)
        if beside and beside[1] in known:
            link["href"] = f"{beside[1]}.html{beside[2] or ''}"
        elif not re.match(r"https?:|mailto:|#", target):
            link.unwrap()
    for number, table in enumerate(soup("table"), start=1):
        _scrolled(soup, table, f"Table {number}")
    return str(soup)


def _scrolled(soup: Any, table: Any, name: str) -> None:
    """A wide table scrolls in a part of its own, which the keyboard reaches; its caption names it,
    else what is given.
    """
    for cell in table.select("thead th"):
        cell["scope"] = "col"
    parent = table.parent
    if parent.name == "div" and parent.has_attr("tabindex"):
        parent["class"], place = ["scroll", "tall"], parent
    else:
        place = table.wrap(soup.new_tag("div", attrs={"class": "scroll", "tabindex": "0"}))
    caption = table.find("caption")
    place["role"], place["aria-label"] = "region", caption.get_text() if caption else name
