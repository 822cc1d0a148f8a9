"""JavaScript of others, taken out of the packages that carry it when the page is built.

Vega and vega-embed come from ``vl-convert-python``, DataTables (with jQuery) from ``itables``. Both
are turned into plain scripts: a browser refuses to load modules from a file path.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata, resources

from evidence.errors import EvidenceError

INSTALL = (
    "The web page needs packages that are not installed. `make site` brings them, or: pip install"
    " 'evidence-explorer[site]'."
)


@cache
def vega() -> str:
    """vega-embed with Vega and Vega-Lite, as ``window.vegaEmbed``."""
    try:
        import vl_convert
    except ImportError:
        raise EvidenceError(INSTALL) from None
    return _script(
        vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"), _notice("vl-convert-python")
    )


@cache
def datatables() -> str:
    """DataTables, as ``window.DataTable``.

    Raises
    ------
    EvidenceError
        When the bundle of ``itables`` has another form than expected.
    """
    try:
        module = (
            resources.files("itables").joinpath("html", "dt_bundle.js").read_text(encoding="utf-8")
        )
    except (ImportError, FileNotFoundError):
        raise EvidenceError(INSTALL) from None
    return _script(plain(module), _notice("itables"))


def plain(module: str) -> str:
    """A bundled module as a plain script that sets ``window.DataTable`` to its default export.

    >>> plain("var a=1;export{a as default};/* end */")
    'var a=1;window.DataTable = a;/* end */'
    """
    exports = re.findall(r"export\{[^}]*\};?", module)
    default = None
    if exports:
        default = re.search(r"([\w$]+) as default", exports[-1])
    if len(exports) != 1 or default is None:
        raise EvidenceError(
            "The DataTables bundle of itables has another form than expected; allowed: one list of"
            " exports, with a default."
        )
    return module.replace(exports[0], f"window.DataTable = {default[1]};")


def _script(code: str, notice: str) -> str:
    """Code in a scope of its own, below the licence that goes with it."""
    return f"/*!\n{notice.replace('*/', '* /')}\n*/\n(() => {{\n{code}\n}})();\n"


def _notice(package: str) -> str:
    """Name, version and licence of a package."""
    about = metadata.distribution(package)
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted(about.files or [])
        if "licenses/" in str(path)
    ]
    return "\n\n".join([f"From the package {package} {about.version}.", *texts]).strip()
