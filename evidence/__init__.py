"""Load, check, count and draw the studies of a disputed question.

>>> import evidence
>>> ev = evidence.load()
>>> table = evidence.balance(ev, by="population", lens="concluded")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Name -> module. Imported when first used, so that `import evidence` brings in neither Matplotlib nor SciPy.
_PLACES = {
    "Evidence": "evidence.dataset.evidence",
    "load": "evidence.dataset.loading",
    "check": "evidence.dataset.checks",
    "balance": "evidence.synthesis.balance",
    "set_aside": "evidence.synthesis.balance",
    "article_sources": "evidence.synthesis.overview",
    "describe": "evidence.synthesis.overview",
    "study_table": "evidence.synthesis.overview",
    "balance_answer": "evidence.publish.answers",
    "claims_answer": "evidence.publish.answers",
    "lens_answer": "evidence.publish.answers",
    "question_answer": "evidence.publish.answers",
    "review_answer": "evidence.publish.answers",
    "sources_answer": "evidence.publish.answers",
    "sure_answer": "evidence.publish.answers",
    "who_answer": "evidence.publish.answers",
    "chart": "evidence.publish.gallery",
    "chart_or_note": "evidence.publish.gallery",
    "new_set": "evidence.publish.new",
    "new_set_from": "evidence.publish.incoming",
    "restored_set": "evidence.publish.new",
    "select_set": "evidence.publish.new",
    "dataset_jsonld": "evidence.publish.exports.as_jsonld",
    "export": "evidence.publish.exports.formats",
    "cite": "evidence.publish.references",
    "read_references": "evidence.dataset.foreign",
    "references": "evidence.publish.references",
    "write_references": "evidence.publish.references",
    "explore": "evidence.explorer.explore",
    "readable": "evidence.publish.tables",
    "study_flow": "evidence.synthesis.flow",
    "saved_searches": "evidence.synthesis.sources",
    "source_checks": "evidence.synthesis.sources",
    "source_overview": "evidence.synthesis.sources",
    "unverified": "evidence.synthesis.sources",
    "votes": "evidence.synthesis.votes",
    "lenses": "evidence.synthesis.lenses",
    "multiverse": "evidence.synthesis.multiverse",
    "influence": "evidence.synthesis.multiverse",
    "judge_claims": "evidence.synthesis.claims",
    "article_support": "evidence.synthesis.claims",
    "claim_rows": "evidence.synthesis.claims",
    "translation_gap": "evidence.synthesis.translation",
    "by_model": "evidence.synthesis.translation",
    "agreement": "evidence.synthesis.agreement",
    "overruled": "evidence.synthesis.agreement",
    "disagreements": "evidence.synthesis.agreement",
    "confusion": "evidence.synthesis.agreement",
    "citation_matrix": "evidence.synthesis.inclusions",
    "review_union": "evidence.synthesis.inclusions",
    "covered_area": "evidence.synthesis.overlap",
    "leave_one_out": "evidence.synthesis.leave_out",
    "leave_one_out_pool": "evidence.synthesis.leave_out",
    "cohort_table": "evidence.synthesis.cohorts",
    "repeated_share": "evidence.synthesis.cohorts",
    "beside_reviews": "evidence.synthesis.beside",
    "published": "evidence.synthesis.lenses",
    "pool": "evidence.synthesis.pool",
    "poolable": "evidence.synthesis.poolable",
    "results": "evidence.synthesis.results",
    "size_pool": "evidence.synthesis.sizes",
    "size_pools": "evidence.synthesis.sizes",
    "size_table": "evidence.synthesis.sizes",
    "forest_rows": "evidence.synthesis.sizes",
    "egger": "evidence.synthesis.small_studies",
    "combine_p": "evidence.synthesis.combine",
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
    "UsageError",
    "agreement",
    "article_sources",
    "article_support",
    "balance",
    "balance_answer",
    "beside_reviews",
    "by_model",
    "chart",
    "chart_or_note",
    "charts",
    "check",
    "citation_matrix",
    "cite",
    "claim_rows",
    "claims_answer",
    "cohort_table",
    "combine_p",
    "confusion",
    "covered_area",
    "dataset_jsonld",
    "describe",
    "disagreements",
    "egger",
    "explore",
    "export",
    "forest_rows",
    "influence",
    "judge_claims",
    "leave_one_out",
    "leave_one_out_pool",
    "lens_answer",
    "lenses",
    "load",
    "multiverse",
    "new_set",
    "new_set_from",
    "overruled",
    "pool",
    "poolable",
    "published",
    "question_answer",
    "read_references",
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
    "sign_test",
    "sign_tests",
    "size_pool",
    "size_pools",
    "size_table",
    "source_checks",
    "source_overview",
    "sources_answer",
    "study_flow",
    "study_table",
    "sure_answer",
    "translation_gap",
    "unverified",
    "votes",
    "who_answer",
    "write_references",
]

if TYPE_CHECKING:
    from evidence import charts
    from evidence.dataset.checks import check
    from evidence.dataset.evidence import Evidence
    from evidence.dataset.foreign import read_references
    from evidence.dataset.loading import load
    from evidence.errors import DataError, EvidenceError, Fault, NetworkError, UsageError
    from evidence.explorer.explore import explore
    from evidence.publish.answers import (
        balance_answer,
        claims_answer,
        lens_answer,
        question_answer,
        review_answer,
        sources_answer,
        sure_answer,
        who_answer,
    )
    from evidence.publish.exports.as_jsonld import dataset_jsonld
    from evidence.publish.exports.formats import export
    from evidence.publish.gallery import chart, chart_or_note
    from evidence.publish.incoming import new_set_from
    from evidence.publish.new import new_set, restored_set, select_set
    from evidence.publish.references import cite, references, write_references
    from evidence.publish.tables import readable
    from evidence.synthesis.agreement import agreement, confusion, disagreements, overruled
    from evidence.synthesis.balance import balance, set_aside
    from evidence.synthesis.beside import beside_reviews
    from evidence.synthesis.claims import article_support, claim_rows, judge_claims
    from evidence.synthesis.cohorts import cohort_table, repeated_share
    from evidence.synthesis.combine import combine_p
    from evidence.synthesis.flow import study_flow
    from evidence.synthesis.inclusions import citation_matrix, review_union
    from evidence.synthesis.leave_out import leave_one_out, leave_one_out_pool
    from evidence.synthesis.lenses import lenses, published
    from evidence.synthesis.multiverse import influence, multiverse
    from evidence.synthesis.overlap import covered_area
    from evidence.synthesis.overview import article_sources, describe, study_table
    from evidence.synthesis.pool import pool
    from evidence.synthesis.poolable import poolable
    from evidence.synthesis.results import results
    from evidence.synthesis.sign_test import sign_test, sign_tests
    from evidence.synthesis.sizes import forest_rows, size_pool, size_pools, size_table
    from evidence.synthesis.small_studies import egger
    from evidence.synthesis.sources import saved_searches, source_checks, source_overview, unverified
    from evidence.synthesis.translation import by_model, translation_gap
    from evidence.synthesis.votes import votes


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        value = getattr(importlib.import_module(_PLACES[name]), name)
    elif name == "charts":
        value = importlib.import_module("evidence.charts")
    else:
        raise AttributeError(f"module 'evidence' has no attribute {name!r}; public names: {', '.join(__all__)}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
