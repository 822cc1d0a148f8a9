"""Load, check, count and draw the studies of a disputed question.

>>> import evidence
>>> ev = evidence.load()
>>> table = evidence.balance(ev, by="population", lens="concluded")
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.2.0"

# The public names of each module. They are imported when first used, so that `import evidence`
# brings in neither Matplotlib nor SciPy. Type checkers read __init__.pyi, which `make reference`
# writes from here.
PUBLIC = {
    "model.evidence": "Evidence",
    "model.query": "Query",
    "tables.loading": "load",
    "checks": "check",
    "synthesis.balance": "balance set_aside",
    "synthesis.overview": "article_sources describe study_table",
    "display.answers": (
        "balance_answer claims_answer lens_answer question_answer review_answer sources_answer"
        " sure_answer who_answer"
    ),
    "display.data_changes": "data_changes",
    "display.disclosure": "disclosure",
    "display.find": "find",
    "display.glossary": "glossary",
    "display.sheets": "sheet",
    "exporting.deck": "deck",
    "display.gallery": "chart chart_or_note",
    "display.questions": "answer question_answers",
    "importing.new_folder": "new_set restored_set select_set",
    "importing.from_spreadsheet": "new_set_from",
    "exporting.as_jsonld": "dataset_jsonld",
    "exporting.formats": "export",
    "display.references": "cite references write_references",
    "bibliography.formats": "read_references",
    "explorer.adjudicate": "adjudicate",
    "explorer.explore": "explore",
    "display.readable": "readable",
    "synthesis.study_flow": "study_flow",
    "synthesis.sources": "saved_searches source_checks source_overview unverified",
    "synthesis.votes": "votes",
    "synthesis.outcomes": "outcomes",
    "synthesis.accuracy": "accuracy",
    "synthesis.cautions": "cautions",
    "synthesis.harms": "harms",
    "synthesis.programmes": "programmes",
    "synthesis.lenses": "lenses published",
    "synthesis.multiverse": "multiverse influence",
    "synthesis.claims": "judge_claims article_support claim_rows",
    "synthesis.translation": "translation_gap by_model",
    "synthesis.agreement": "agreement overruled disagreements confusion",
    "synthesis.inclusions": "citation_matrix review_union",
    "synthesis.overlap": "covered_area",
    "synthesis.leave_out": "leave_one_out leave_one_out_pool",
    "synthesis.cohorts": "cohort_table repeated_share",
    "synthesis.reviews_beside": "beside_reviews",
    "synthesis.pool": "pool",
    "synthesis.poolable": "poolable",
    "synthesis.results": "results",
    "synthesis.effect_sizes": "size_pool size_pools size_table",
    "synthesis.forest_rows": "forest_rows",
    "synthesis.small_studies": "egger",
    "synthesis.pool_multilevel": "pool_multilevel",
    "synthesis.size_regression": "size_regression",
    "synthesis.main_result": "main_result_skew",
    "synthesis.readability": "readability",
    "synthesis.third_reading": "third_reading",
    "synthesis.sign_test": "sign_test sign_tests",
    "errors": "DataError NetworkError EvidenceError Fault UsageError",
}
_PLACES = {name: module for module, names in PUBLIC.items() for name in names.split()}
_PLACES["charts"] = "charts"

__all__ = sorted(_PLACES)


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        names = ", ".join(__all__)
        raise AttributeError(f"module 'evidence' has no attribute {name!r}; public names: {names}")
    module = importlib.import_module(f"evidence.{_PLACES[name]}")
    value = getattr(module, name) if name != "charts" else module
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
