"""The data set as an archive: a Frictionless data package, and the same with RO-Crate metadata. The
same data give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from evidence.exporting.about import Outgoing
from evidence.quoting import json_text, markdown_line
from evidence.tables.formulas import safe_text

EPOCH = (1980, 1, 1, 0, 0, 0)
CRATE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".bib": "application/x-bibtex",
    ".md": "text/markdown",
    ".toml": "application/toml",
}


def to_datapackage(out: Outgoing) -> bytes:
    """A data package (Frictionless) as a zip archive: dictionary, tables, bibliography, and a page
    that says how to cite it.
    """
    return zipped(_files(out))


def to_crate(out: Outgoing) -> bytes:
    """A research object crate (RO-Crate 1.1) as a zip archive: the data package, and the metadata
    that describe each of its files.
    """
    files = _files(out)
    return zipped({CRATE: json_text(crate(out, list(files))) + "\n"} | files)


def _files(out: Outgoing) -> dict[str, str]:
    from evidence.display.codebook import codebook

    page = "\n\n".join(
        [
            f"# {markdown_line(out.about.title)}",
            *(f"**{name}.** {markdown_line(text)}" for name, text in out.about.lines[1:]),
        ]
    )
    book = codebook(out.ev.dictionary)
    tables = {resource["path"] for resource in out.text.package["resources"]}
    files = {
        name: safe_text(content) if name in tables else content
        for name, content in out.text.files.items()
    }
    return files | {"README.md": page + "\n", "CODEBOOK.md": book}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Files as a ZIP archive, the same bytes for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def crate(out: Outgoing, files: list[str]) -> dict[str, Any]:
    """RO-Crate metadata of the files of a data set."""
    about, described = (
        out.about,
        {resource["path"]: resource for resource in out.text.package["resources"]},
    )
    makers = [
        {"@id": f"#maker-{number}", "@type": "Organization", "name": name}
        for number, name in enumerate(about.makers, start=1)
    ]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": about.description or about.title,
        "version": about.version,
        "datePublished": about.date,
        "creditText": about.citation,
        "hasPart": [{"@id": name} for name in files],
    }
    if makers:
        root["author"] = [{"@id": maker["@id"]} for maker in makers]
    licence = []
    if about.licence:
        root["license"] = {"@id": about.licence_url or "#licence"}
        licence = [
            {"@id": about.licence_url or "#licence", "@type": "CreativeWork", "name": about.licence}
        ]
    parts = [_file(name, described.get(name, {})) for name in files]
    head = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    return {
        "@context": CONTEXT,
        "@graph": [
            head,
            {name: value for name, value in root.items() if value},
            *parts,
            *makers,
            *licence,
        ],
    }


def _file(name: str, resource: Mapping[str, Any]) -> dict[str, Any]:
    ending = name[name.rfind(".") :] if "." in name else ""
    said = {"name": resource.get("title", name), "description": resource.get("description", "")}
    made = {"@id": name, "@type": "File", **said, "encodingFormat": TYPES.get(ending, "text/plain")}
    return {key: value for key, value in made.items() if value}
