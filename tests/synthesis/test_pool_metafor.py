"""Every number of the reference file for which a function exists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evidence.synthesis import pool as pooling
from evidence.synthesis.pool import pool
from evidence.synthesis.small_studies import egger

FILE = Path(__file__).resolve().parents[1] / "reference" / "metafor.json"
REFERENCE = json.loads(FILE.read_text(encoding="utf-8"))
DATASETS = {"bcg": 13, "hackshaw": 37, "normand": 9, "yusuf": 21}
COMPARED = 556

INPUTS = {"name", "scale", "label", "yi", "vi"}
NOT_OFFERED = {"HE", "ML", "SJ"}
OFFERED = {"common", "DL", "REML", "PM"}
FIELDS = {
    "tau2": "tau2",
    "est": "estimate",
    "se": "se",
    "lo": "ci_low",
    "hi": "ci_high",
    "p": "p_value",
    "I2": "i2",
    "H2": "h2",
    "Q": "q",
    "Qp": "q_p_value",
    "pi_lo_z": "prediction_low",
    "pi_hi_z": "prediction_high",
    "hk_se": "hk_se",
    "hk_lo": "hk_ci_low",
    "hk_hi": "hk_ci_high",
    "hk_p": "hk_p_value",
    "hk_pi_lo": "hk_prediction_low",
    "hk_pi_hi": "hk_prediction_high",
}
EGGER_FIELDS = {"t": "t", "df": "df", "p": "p_value"}
SOLVER_STOP = np.finfo(float).eps ** 0.25  # R's uniroot as metafor calls it for Paule-Mandel

Compared = Iterator[tuple[str, float, Any]]


def _pairs(data: dict[str, Any]) -> Compared:
    """(where, our number, what it must be) for every number of a data set; an unknown key is an
    error.
    """
    y, v = np.array(data["yi"]), np.array(data["vi"])
    for key, value in data.items():
        if key in INPUTS | NOT_OFFERED:
            continue
        if key == "k":
            yield key, pool(y, np.sqrt(v)).k, value
        elif key in OFFERED:
            yield from _pooled_pairs(key, y, v, value)
        elif key == "leave1out_REML":
            assert {len(column) for column in value.values()} == {len(y)}
            for left_out in range(len(y)):
                result = pool(np.delete(y, left_out), np.sqrt(np.delete(v, left_out)))
                for name, column in value.items():
                    yield (
                        f"{key}[{left_out}].{name}",
                        getattr(result, FIELDS[name]),
                        _close(column[left_out]),
                    )
        elif key == "egger_lm":
            test = egger(y, np.sqrt(v), fewest=3)
            for name, expected in value.items():
                yield f"{key}.{name}", getattr(test, EGGER_FIELDS[name]), _close(expected)
        else:
            pytest.fail(f"the reference holds {key!r}, which nothing here compares")


def _pooled_pairs(
    method: str, y: np.ndarray, v: np.ndarray, expected: dict[str, float]
) -> Compared:
    result = pool(y, np.sqrt(v), method=method)
    at_its_tau2 = pooling._at_tau2(y, v, expected["tau2"], 0.95) if method == "PM" else {}
    for name, number in expected.items():
        ours = getattr(result, FIELDS[name])
        if method == "PM" and name == "tau2":
            yield (
                f"{method}.{name}",
                ours,
                pytest.approx(number, rel=1e-3, abs=SOLVER_STOP if number else 0),
            )
        else:
            yield f"{method}.{name}", at_its_tau2.get(FIELDS[name], ours), _close(number)


def _close(number: float) -> Any:
    return pytest.approx(number, rel=1e-6, abs=0)


def test_the_file_has_not_shrunk() -> None:
    assert {name: data["k"] for name, data in REFERENCE["datasets"].items()} == DATASETS
    assert set(REFERENCE) == {"made_with", "note", "datasets"}
    assert all(
        len(data["yi"]) == len(data["vi"]) == data["k"] for data in REFERENCE["datasets"].values()
    )
    assert sum(1 for data in REFERENCE["datasets"].values() for _ in _pairs(data)) >= COMPARED


@pytest.mark.parametrize("name", DATASETS)
def test_every_number_agrees_with_metafor(name: str) -> None:
    wrong = [
        f"{where}: {ours!r}, metafor {expected}"
        for where, ours, expected in _pairs(REFERENCE["datasets"][name])
        if ours != expected
    ]
    assert not wrong, "\n".join(wrong)


def test_an_unknown_key_is_noticed() -> None:
    with pytest.raises(pytest.fail.Exception, match="'EB'"):
        list(_pairs({**REFERENCE["datasets"]["normand"], "EB": {"tau2": 1.0}}))
    with pytest.raises(KeyError, match="se_tau2"):
        list(_pairs({"yi": [0.0, 1.0], "vi": [1.0, 1.0], "DL": {"tau2": 0.0, "se_tau2": 1.0}}))


@pytest.mark.parametrize("name", DATASETS)
def test_paule_mandel_solves_its_equation(name: str) -> None:
    data = REFERENCE["datasets"][name]
    y, v = np.array(data["yi"]), np.array(data["vi"])
    result = pool(y, np.sqrt(v), method="PM")
    w = 1 / (v + result.tau2)
    q = w @ (y - w @ y / w.sum()) ** 2
    assert q == pytest.approx(len(y) - 1, rel=1e-9) if result.tau2 > 0 else q <= len(y) - 1
    # The two solvers' difference moves nothing by more than 0.2 % of the spread that is predicted
    # for a further study.
    spread = np.hypot(np.sqrt(result.tau2), result.se)
    for key, number in data["PM"].items():
        assert getattr(result, FIELDS[key]) == pytest.approx(number, rel=2e-3, abs=2e-3 * spread), (
            key
        )
