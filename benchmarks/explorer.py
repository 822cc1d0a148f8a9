"""How long the explorer takes to follow a click, without the way to the browser and back; the goal
is under 300 ms on the real table.

On a busy machine read the time of the processor, which is what a quiet one takes.

    python -m benchmarks.explorer
"""

from __future__ import annotations

import time

import evidence
from evidence.explorer.panel import Panel
from evidence.explorer.state import State
from evidence.explorer.view import View

ROUNDS = 5
CLICKS = {
    "population": lambda panel: setattr(panel.ticks["population"].boxes["human"], "value", True),
    "question": lambda panel: setattr(panel.ticks["question"].boxes["treatment"], "value", True),
    "design": lambda panel: setattr(panel.ticks["design"].boxes["rct"], "value", True),
    "lens": lambda panel: setattr(panel.lens, "value", "direction"),
    "one report per cohort": lambda panel: setattr(panel.overlap, "value", "possible"),
    "a number pressed": lambda panel: setattr(panel.counts.button(0, "benefit"), "value", True),
    "back to everything": lambda panel: panel.reset.click(),
    "a row for each design": lambda panel: setattr(panel.rows, "value", "design"),
    "a row for each outcome": lambda panel: setattr(panel.rows, "value", "outcome_domain"),
    "one outcome": lambda panel: setattr(
        panel.ticks["outcome_domain"].boxes["survival"], "value", True
    ),
    "back to a view seen before": lambda panel: panel.reset.click(),
}


def main() -> None:
    ev = evidence.load()
    wall: dict[str, list[float]] = {name: [] for name in CLICKS}
    processor: dict[str, list[float]] = {name: [] for name in CLICKS}
    rows = {}
    for _ in range(ROUNDS):
        panel = Panel(ev, View(), State(View()))
        for name, click in CLICKS.items():
            start, used = time.perf_counter(), time.process_time()
            click(panel)
            wall[name].append(time.perf_counter() - start)
            processor[name].append(time.process_time() - used)
            rows[name] = len(panel.contents.counts)
    print(
        f"{'best of ' + str(ROUNDS) + ', milliseconds':28}{'rows':>5}{'wall':>8}{'processor':>11}"
    )
    for name in CLICKS:
        print(
            f"{name:28}{rows[name]:>5}{min(wall[name]) * 1000:>8.0f}{min(processor[name]) * 1000:>11.0f}"
        )


if __name__ == "__main__":
    main()
