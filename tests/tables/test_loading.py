"""Which data set is loaded."""

from __future__ import annotations

import pytest

import evidence


def test_a_package_without_tables_says_how_to_name_some(monkeypatch, tmp_path):
    monkeypatch.delenv("EVIDENCE_DATA", raising=False)
    monkeypatch.setattr("evidence.tables.loading.OWN_FOLDER", tmp_path / "data")
    with pytest.raises(evidence.DataError, match="--data, or set EVIDENCE_DATA; `evidence new"):
        evidence.load()
