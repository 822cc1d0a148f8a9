"""Views that the tests go through: every condition alone, and several together."""

VIEWS: dict[str, dict] = {
    "everything": {},
    "one part": {"question": "treatment", "population": "human"},
    "randomised": {"question": "treatment", "population": "human", "design": "rct"},
    "two designs": {
        "question": "risk",
        "design": ["cohort", "nested_case_control"],
        "lens": "direction",
    },
    "one report per cohort": {"question": "risk", "one_per_cohort": True},
    "certain overlaps, by direction": {
        "one_per_cohort": True,
        "overlap": "certain",
        "lens": "direction",
        "by": "exposure",
    },
    "an outcome": {"outcome_domain": "survival", "lens": "direction"},
    "two outcomes, once a cohort": {
        "outcome_domain": ["function", "survival"],
        "one_per_cohort": True,
    },
    "years and size": {"years": (2000, 2015), "min_sample_size": 30, "by": "design"},
    "from a year on": {"years": (2010, None), "lens": "direction"},
    "sources of the article": {"cited_by_article": True},
    "intensity, where it is stated": {"population": "animal", "by": "intensity"},
    "by outcome": {"population": "human", "by": "outcome_domain", "lens": "direction"},
    "plainly shown": {
        "reading": "abstract",
        "confidence": ["high", "medium"],
        "exposure": "training",
        "intensity": "moderate",
    },
    "a column without a control": {"data_collection": "prospective"},
    "nothing": {"question": "mechanism"},
}
