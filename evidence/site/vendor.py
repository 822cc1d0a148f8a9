"""JavaScript of others, taken out of the package that carries it when the page is built.

Vega and vega-embed come from ``vl-convert-python``, as a plain script: a browser refuses to load
modules from a file path.
"""

from __future__ import annotations

from functools import cache
from importlib import metadata

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
