"""Load, check, count and draw the studies of a disputed question.

>>> import evidence
>>> ev = evidence.load()
>>> table = evidence.balance(ev, by="population", lens="concluded")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

# Name -> module. Imported when first used, so that `import evidence` brings in neither Matplotlib
# nor SciPy.
_PLACES = {
    "Evidence": "evidence.model.evidence",
    "Query": "evidence.model.query",
    "load": "evidence.tables.loading",
    "check": "evidence.checks",
    "balance": "evidence.synthesis.balance",
    "set_aside": "evidence.synthesis.balance",
    "article_sources": "evidence.synthesis.overview",
    "describe": "evidence.synthesis.overview",
    "study_table": "evidence.synthesis.overview",
    "answer": "evidence.display.questions",
    "data_changes": "evidence.display.data_changes",
    "question_answers": "evidence.display.questions",
    "balance_answer": "evidence.display.answers",
    "claims_answer": "evidence.display.answers",
    "lens_answer": "evidence.display.answers",
    "question_answer": "evidence.display.answers",
    "review_answer": "evidence.display.answers",
    "sources_answer": "evidence.display.answers",
    "sure_answer": "evidence.display.answers",
    "who_answer": "evidence.display.answers",
    "chart": "evidence.display.gallery",
    "chart_or_note": "evidence.display.gallery",
    "new_set": "evidence.importing.new_folder",
    "new_set_from": "evidence.importing.from_spreadsheet",
    "restored_set": "evidence.importing.new_folder",
    "select_set": "evidence.importing.new_folder",
    "dataset_jsonld": "evidence.exporting.as_jsonld",
    "export": "evidence.exporting.formats",
    "find": "evidence.display.find",
    "glossary": "evidence.display.glossary",
    "sheet": "evidence.display.sheets",
    "deck": "evidence.exporting.deck",
    "cite": "evidence.display.references",
    "read_references": "evidence.bibliography.formats",
    "references": "evidence.display.references",
    "write_references": "evidence.display.references",
    "explore": "evidence.explorer.explore",
    "readable": "evidence.display.readable",
    "study_flow": "evidence.synthesis.study_flow",
    "saved_searches": "evidence.synthesis.sources",
    "source_checks": "evidence.synthesis.sources",
    "source_overview": "evidence.synthesis.sources",
    "unverified": "evidence.synthesis.sources",
    "outcomes": "evidence.synthesis.outcomes",
    "votes": "evidence.synthesis.votes",
    "lenses": "evidence.synthesis.lenses",
    "multiverse": "evidence.synthesis.multiverse",
    "influence": "evidence.synthesis.multiverse",
    "judge_claims": "evidence.synthesis.claims",
    "article_support": "evidence.synthesis.claims",
    "claim_rows": "evidence.synthesis.claims",
    "translation_gap": "evidence.synthesis.translation",
    "by_model": "evidence.synthesis.translation",
    "accuracy": "evidence.synthesis.accuracy",
    "cautions": "evidence.synthesis.cautions",
    "harms": "evidence.synthesis.harms",
    "programmes": "evidence.synthesis.programmes",
    "disclosure": "evidence.display.disclosure",
    "adjudicate": "evidence.explorer.adjudicate",
    "agreement": "evidence.synthesis.agreement",
    "overruled": "evidence.synthesis.agreement",
    "disagreements": "evidence.synthesis.agreement",
    "confusion": "evidence.synthesis.agreement",
    "third_reading": "evidence.synthesis.third_reading",
    "readability": "evidence.synthesis.readability",
    "main_result_skew": "evidence.synthesis.main_result",
    "citation_matrix": "evidence.synthesis.inclusions",
    "review_union": "evidence.synthesis.inclusions",
    "covered_area": "evidence.synthesis.overlap",
    "leave_one_out": "evidence.synthesis.leave_out",
    "leave_one_out_pool": "evidence.synthesis.leave_out",
    "cohort_table": "evidence.synthesis.cohorts",
    "repeated_share": "evidence.synthesis.cohorts",
    "beside_reviews": "evidence.synthesis.reviews_beside",
    "published": "evidence.synthesis.lenses",
    "pool": "evidence.synthesis.pool",
    "pool_multilevel": "evidence.synthesis.pool_multilevel",
    "poolable": "evidence.synthesis.poolable",
    "results": "evidence.synthesis.results",
    "size_pool": "evidence.synthesis.effect_sizes",
    "size_pools": "evidence.synthesis.effect_sizes",
    "size_regression": "evidence.synthesis.size_regression",
    "size_table": "evidence.synthesis.effect_sizes",
    "forest_rows": "evidence.synthesis.effect_sizes",
    "egger": "evidence.synthesis.small_studies",
    "sign_test": "evidence.synthesis.sign_test",
    "sign_tests": "evidence.synthesis.sign_test",
    "DataError": "evidence.errors",
    "NetworkError": "evidence.errors",
    "EvidenceError": "evidence.errors",
    "Fault": "evidence.errors",
    "UsageError": "evidence.errors",
}

__all__ = [
    "DataError",
    "Evidence",
    "EvidenceError",
    "Fault",
    "NetworkError",
    "Query",
    "UsageError",
    "accuracy",
    "adjudicate",
    "agreement",
    "answer",
    "article_sources",
    "article_support",
    "balance",
    "balance_answer",
    "beside_reviews",
    "by_model",
    "cautions",
    "chart",
    "chart_or_note",
    "charts",
    "check",
    "citation_matrix",
    "cite",
    "claim_rows",
    "claims_answer",
    "cohort_table",
    "confusion",
    "covered_area",
    "data_changes",
    "dataset_jsonld",
    "deck",
    "describe",
    "disagreements",
    "disclosure",
    "egger",
    "explore",
    "export",
    "find",
    "forest_rows",
    "glossary",
    "harms",
    "influence",
    "judge_claims",
    "leave_one_out",
    "leave_one_out_pool",
    "lens_answer",
    "lenses",
    "load",
    "main_result_skew",
    "multiverse",
    "new_set",
    "new_set_from",
    "outcomes",
    "overruled",
    "pool",
    "pool_multilevel",
    "poolable",
    "programmes",
    "published",
    "question_answer",
    "question_answers",
    "read_references",
    "readability",
    "readable",
    "references",
    "repeated_share",
    "restored_set",
    "results",
    "review_answer",
    "review_union",
    "saved_searches",
    "select_set",
    "set_aside",
    "sheet",
    "sign_test",
    "sign_tests",
    "size_pool",
    "size_pools",
    "size_regression",
    "size_table",
    "source_checks",
    "source_overview",
    "sources_answer",
    "study_flow",
    "study_table",
    "sure_answer",
    "third_reading",
    "translation_gap",
    "unverified",
    "votes",
    "who_answer",
    "write_references",
]

if TYPE_CHECKING:
    from evidence import charts
    from evidence.bibliography.formats import read_references
    from evidence.checks import check
    from evidence.display.answers import (
        balance_answer,
        claims_answer,
        lens_answer,
        question_answer,
        review_answer,
        sources_answer,
        sure_answer,
        who_answer,
    )
    from evidence.display.data_changes import data_changes
    from evidence.display.disclosure import disclosure
    from evidence.display.find import find
    from evidence.display.gallery import chart, chart_or_note
    from evidence.display.glossary import glossary
    from evidence.display.questions import answer, question_answers
    from evidence.display.readable import readable
    from evidence.display.references import cite, references, write_references
    from evidence.display.sheets import sheet
    from evidence.errors import DataError, EvidenceError, Fault, NetworkError, UsageError
    from evidence.explorer.adjudicate import adjudicate
    from evidence.explorer.explore import explore
    from evidence.exporting.as_jsonld import dataset_jsonld
    from evidence.exporting.deck import deck
    from evidence.exporting.formats import export
    from evidence.importing.from_spreadsheet import new_set_from
    from evidence.importing.new_folder import new_set, restored_set, select_set
    from evidence.model.evidence import Evidence
    from evidence.model.query import Query
    from evidence.synthesis.accuracy import accuracy
    from evidence.synthesis.agreement import agreement, confusion, disagreements, overruled
    from evidence.synthesis.balance import balance, set_aside
    from evidence.synthesis.cautions import cautions
    from evidence.synthesis.claims import article_support, claim_rows, judge_claims
    from evidence.synthesis.cohorts import cohort_table, repeated_share
    from evidence.synthesis.effect_sizes import forest_rows, size_pool, size_pools, size_table
    from evidence.synthesis.harms import harms
    from evidence.synthesis.inclusions import citation_matrix, review_union
    from evidence.synthesis.leave_out import leave_one_out, leave_one_out_pool
    from evidence.synthesis.lenses import lenses, published
    from evidence.synthesis.main_result import main_result_skew
    from evidence.synthesis.multiverse import influence, multiverse
    from evidence.synthesis.outcomes import outcomes
    from evidence.synthesis.overlap import covered_area
    from evidence.synthesis.overview import article_sources, describe, study_table
    from evidence.synthesis.pool import pool
    from evidence.synthesis.pool_multilevel import pool_multilevel
    from evidence.synthesis.poolable import poolable
    from evidence.synthesis.programmes import programmes
    from evidence.synthesis.readability import readability
    from evidence.synthesis.results import results
    from evidence.synthesis.reviews_beside import beside_reviews
    from evidence.synthesis.sign_test import sign_test, sign_tests
    from evidence.synthesis.size_regression import size_regression
    from evidence.synthesis.small_studies import egger
    from evidence.synthesis.sources import (
        saved_searches,
        source_checks,
        source_overview,
        unverified,
    )
    from evidence.synthesis.study_flow import study_flow
    from evidence.synthesis.third_reading import third_reading
    from evidence.synthesis.translation import by_model, translation_gap
    from evidence.synthesis.votes import votes
    from evidence.tables.loading import load


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        value = getattr(importlib.import_module(_PLACES[name]), name)
    elif name == "charts":
        value = importlib.import_module("evidence.charts")
    else:
        raise AttributeError(
            f"module 'evidence' has no attribute {name!r}; public names: {', '.join(__all__)}"
        )
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
