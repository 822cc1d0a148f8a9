# Written by `make reference` from the names in __init__.py.
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
from evidence.synthesis.effect_sizes import size_pool, size_pools, size_table
from evidence.synthesis.forest_rows import forest_rows
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
from evidence.synthesis.sources import saved_searches, source_checks, source_overview, unverified
from evidence.synthesis.study_flow import study_flow
from evidence.synthesis.third_reading import third_reading
from evidence.synthesis.translation import by_model, translation_gap
from evidence.synthesis.votes import votes
from evidence.tables.loading import load

__version__: str
PUBLIC: dict[str, str]
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
