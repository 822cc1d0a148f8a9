"""The codebook is made from the dictionary, and is not stale."""

from __future__ import annotations

from evidence.display.codebook import codebook
from evidence.tables.dictionary_file import read_dictionary


def test_the_codebook_is_not_stale(root):
    made = codebook(read_dictionary(root / "data"))
    assert (root / "data" / "CODEBOOK.md").read_text(encoding="utf-8") == made, (
        "stale: run `make codebook`"
    )


def test_every_column_and_word_is_explained(root):
    dictionary = read_dictionary(root / "data")
    text = codebook(dictionary)
    for table in dictionary.tables.values():
        assert f"## {table.title}" in text
        for field in table.fields:
            assert f"| `{field.name}` | {field.type}" in text and field.description.endswith(".")
            for category in field.categories:
                assert f"| `{category.value}` | {category.label} |" in text
