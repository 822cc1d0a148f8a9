"""Whether a paper stands: where notices of correction, concern or retraction will be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.dataset.evidence import Evidence


def status(ev: Evidence, study: Mapping[str, Any]) -> str:
    """What is known of corrections and retractions of a study, in a sentence; empty when nothing was looked up."""
    return ""
