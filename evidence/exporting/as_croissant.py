"""Croissant metadata of the tables: for programs that load data sets by their description."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from evidence.exporting.as_jsonld import dataset_jsonld
from evidence.model.dictionary import Field, Table
from evidence.model.evidence import Evidence

CONFORMS = "http://mlcommons.org/croissant/1.0"
# As the specification asks for it, word for word.
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
# Text that is a whole number throughout: a program that reads a table without its dictionary would
# take it for a number with decimals where a cell is empty.
DIGITS = re.compile(r"\^?\[1-9\]\[0-9\](\*|\{0,\d+\})\$?")
TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean"}


def croissant(ev: Evidence, files: Mapping[str, bytes]) -> bytes:
    """Metadata of the tables as JSON, to stand in the folder of their files.

    Parameters
    ----------
    ev : Evidence
    files : mapping of str to bytes
        Name and content of the files of the folder.

    Returns
    -------
    bytes
        Name, licence and citation as :func:`evidence.dataset_jsonld` has them; a file object with
        its checksum for each table, and its columns as fields, with what they refer to.
    """
    about = dataset_jsonld(ev)
    tables = [table for table in ev.dictionary.tables.values() if table.file in files]
    held = {table.name for table in tables}
    made = about | {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS,
        "datePublished": about.get("dateModified", ""),
        "citeAs": about.get("creditText", ""),
        "distribution": [_file(table.file, files[table.file]) for table in tables],
        "recordSet": [_records(table, held) for table in tables],
    }
    del made["variableMeasured"]
    made = {name: value for name, value in made.items() if value}
    return (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "encodingFormat": "text/csv",
        "sha256": sha256(content).hexdigest(),
    }


def _type(field: Field) -> str:
    kind = "integer" if DIGITS.fullmatch(field.pattern or "") else field.type
    return TYPES.get(kind, "sc:Text")


def _records(table: Table, held: set[str]) -> dict[str, Any]:
    to = {one.column: one for one in table.foreign_keys if one.table in held}
    fields = []
    for field in table.fields:
        made: dict[str, Any] = {
            "@type": "cr:Field",
            "@id": f"{table.name}/{field.name}",
            "name": field.name,
            "description": field.description,
            "dataType": _type(field),
            "source": {"fileObject": {"@id": table.file}, "extract": {"column": field.name}},
        }
        if field.name in to:
            key = to[field.name]
            made["references"] = {"field": {"@id": f"{key.table}/{key.key}"}}
        fields.append(made)
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description or table.title,
        "key": {"@id": f"{table.name}/{table.key}"},
        "field": fields,
    }
