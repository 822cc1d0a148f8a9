"""What the property-based tests of the zoo share: settings, odd values, and a try that knows an
error with words from a traceback.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from portion import number

import evidence

quick = settings(
    derandomize="EVIDENCE_EXPLORE" not in os.environ,
    deadline=None,
    database=None,
    max_examples=number(100, 33),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.just(object()),
    st.just(np.nan),
    st.just(pd.NA),
)


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False),
    st.text(max_size=4),
    st.just([]),
    st.just({}),
    st.just(["a"]),
    st.just({"a": 1}),
)


def tried(function, *arguments: Any, **options: Any) -> Any:
    """The result, or None where the function refused with an EvidenceError that says something."""
    try:
        return function(*arguments, **options)
    except evidence.EvidenceError as error:
        assert str(error).strip()
        return None
