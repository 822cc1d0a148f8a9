"""Notebooks of other kinds than ours: one small, a statistics lesson, a data cleaning, a gallery.

Each is Markdown; what stands between fences is a code cell.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

SMALL = """\
# What we drink

```python
import matplotlib.pyplot as plt
import pandas as pd

cups = pd.DataFrame(
    {
        "drink": ["tea", "coffee", "milk", "tea"],
        "who": ["Ann", "Bob", "Ann", "Bob"],
        "n": [12, 9, 4, 7],
    }
)
print("rows:", len(cups))
```

We asked 2<!-- =cups["who"].nunique() --> people, who drank 32<!-- =cups["n"].sum() --> cups.

```python
cups
```

```python
totals = cups.pivot_table(index="drink", columns="who", values="n", aggfunc="sum", fill_value=0)
totals
```

The mean is 8.0<!-- =cups["n"].mean():.1f --> cups.

```python
float(cups["n"].std())
```

```python
drawn = totals.copy()
colours = {"Ann": "tab:blue", "Bob": "tab:orange"}
ax = drawn.plot.bar(color=colours, title="Cups a week", figsize=(4, 3))
ax.set_ylabel("cups")
plt.show()
```

```python
most = totals.sum(axis=1).idxmax()
print("most:", most)
```
"""

PAGE = """\
# Cups

<!-- true-notebooks
import matplotlib.pyplot as plt
n = {"tea": 19, "coffee": 9, "milk": 4}
fig, ax = plt.subplots(figsize=(4, 3))
ax.bar(list(n), list(n.values()))
-->

There were 32<!-- =sum(n.values()) --> cups.

![Bars for tea, coffee and milk](cups.png)<!-- =fig -->
"""

STATISTICS = """\
# The mean of a sample

```python
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from scipy import stats

rng = np.random.default_rng(7)
heights = pd.Series(rng.normal(170, 8, 60).round(1), name="height")
heights.describe()
```

The sample has 60<!-- =len(heights) --> people; their mean is 169.4<!-- =heights.mean():.1f --> cm.

```python
low, high = stats.t.interval(0.95, len(heights) - 1, heights.mean(), heights.sem())
print(f"95% interval: {low:.2f} to {high:.2f}")
```

With 95% confidence the mean lies above 167.1<!-- =low:.1f --> cm.

```python
test = stats.ttest_1samp(heights, 168)
{"t": float(test.statistic), "p": float(test.pvalue), "df": int(test.df)}
```

```python
fig, ax = plt.subplots(figsize=(5, 3))
ax.hist(heights, bins=12, color="tab:green", edgecolor="white")
ax.axvline(heights.mean(), color="black", linestyle="--", label="mean")
ax.set_xlabel("height in cm")
ax.set_ylabel("people")
ax.legend()
plt.show()
```

```python
groups = heights.groupby(pd.cut(heights, [0, 165, 175, 300]), observed=True).agg(["size", "mean"])
groups
```
"""

CLEANING = '''\
# A table that has to be cleaned

```python
import io
import pandas as pd

raw = """id;name;joined;paid
1; Ada ;2021-03-04;10,50
2;Grace;04.05.2021;7
2;Grace;04.05.2021;7
3;;2021-13-01;x
4;Edsger;2022-01-09;12,25
"""
table = pd.read_csv(io.StringIO(raw), sep=";", dtype=str)
table
```

```python
print(table.isna().sum().to_string())
print("twice:", int(table.duplicated().sum()))
```

There are 5<!-- =len(table) --> rows, of which
1<!-- =table.duplicated().sum() --> stands there twice.

```python
clean = table.drop_duplicates().copy()
clean["name"] = clean["name"].str.strip()
clean["paid"] = pd.to_numeric(clean["paid"].str.replace(",", "."), errors="coerce")
clean["joined"] = clean["joined"].map(
    lambda day: pd.to_datetime(day, errors="coerce", dayfirst="." in day)
)
clean
```

```python
clean.groupby(clean["joined"].dt.year)["paid"].agg(["count", "sum"])
```

```python
kept = clean.dropna()
print(kept.to_csv(index=False), end="")
```

Of 4<!-- =len(clean) --> people 3<!-- =len(kept) --> are left, who paid
29.75<!-- =kept["paid"].sum():.2f -->.
'''

GALLERY = """\
# A gallery

```python
import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(0, 6, 40)
len(x)
```

```python
fig, ax = plt.subplots(figsize=(4, 3))
ax.plot(x, np.sin(x), label="sine", color="tab:blue")
ax.plot(x, np.cos(x), label="cosine", color="tab:red", linestyle=":")
ax.set_title("Two waves")
ax.legend()
plt.show()
```

```python
fig, ax = plt.subplots(figsize=(4, 3))
points = np.random.default_rng(3).normal(size=(2, 80))
ax.scatter(*points, c=points[0], cmap="viridis", s=20)
ax.set_xlabel("first")
ax.set_ylabel("second")
plt.show()
```

The cloud has 80<!-- =points.shape[1] --> points.

```python
fig, ax = plt.subplots(figsize=(4, 3))
ax.barh(["north", "east", "south", "west"], [3, 7.5, 2, 5], color=["tab:cyan"] * 3 + ["tab:pink"])
ax.set_xlim(0, 10)
plt.show()
```

```python
fig, (left, right) = plt.subplots(1, 2, figsize=(6, 3))
left.imshow(np.outer(x, np.sin(x)), cmap="magma")
left.set_title("a field")
right.boxplot([points[0], points[1]], tick_labels=["one", "two"])
right.set_title("two boxes")
plt.show()
```

The longest bar ends at 7.5<!-- =max([3, 7.5, 2, 5]) -->.
"""

LESSONS = {"statistics": STATISTICS, "cleaning": CLEANING, "gallery": GALLERY}
SETTINGS = 'prose = "bound"\nconstants = ["95%", "95"]\n'


def notebook(text: str) -> str:
    """A notebook, not run yet, as the text of its file."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells = []
    for number, part in enumerate(re.split(r"^```python\n(.*?)^```$", text, flags=re.M | re.S)):
        if part.strip():
            made = (new_code_cell if number % 2 else new_markdown_cell)(part.strip())
            made["id"] = f"cell-{len(cells) + 1}"
            cells.append(made)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    meta = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return nbformat.writes(new_notebook(cells=cells, metadata=meta)) + "\n"


def run_once(path: Path, address: str) -> None:
    """Write outputs, bound numbers and pictures into a notebook or page."""
    from evidence.notebooks_true.running import run_sheet
    from evidence.notebooks_true.settings import Settings
    from evidence.notebooks_true.sheet import read_sheet
    from evidence.notebooks_true.verdict import accepted, pictures

    sheet = read_sheet(path)
    run = run_sheet(sheet, Settings(), address)
    for file, content in pictures(sheet, run, Settings()).items():
        file.write_bytes(content)
    path.write_text(accepted(sheet, run, Settings()).text(), encoding="utf-8")


def as_others_store(path: Path) -> None:
    """A notebook as JupyterLab stores it: no marks in pictures, and which Python ran it."""
    from ipykernel.ipkernel import IPythonKernel

    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if picture := output.get("data", {}).get("image/png"):
                plain = without_marks(base64.b64decode("".join(picture)))
                output["data"]["image/png"] = base64.b64encode(plain).decode("ascii")
    if notebook["metadata"]["language_info"] == {"name": "python"}:
        notebook["metadata"]["language_info"] = IPythonKernel.language_info
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def without_marks(picture: bytes) -> bytes:
    """A PNG without the chunk that holds its marks.

    >>> without_marks(b"12345678" + b"\\0\\0\\0\\1IDATx1234")
    b'12345678\\x00\\x00\\x00\\x01IDATx1234'
    """
    from evidence.notebooks_true.marks import KEY

    kept, place = [picture[:8]], 8
    while place < len(picture):
        end = place + 12 + int.from_bytes(picture[place : place + 4], "big")
        if not picture[place + 8 :].startswith(KEY):
            kept.append(picture[place:end])
        place = end
    return b"".join(kept)


def write_small(folder: Path, address: str) -> None:
    """The small notebook, the page and their settings, run."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "true-notebooks.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "drinks.ipynb").write_text(notebook(SMALL), encoding="utf-8")
    (folder / "README.md").write_text(PAGE, encoding="utf-8")
    for name in ("drinks.ipynb", "README.md"):
        run_once(folder / name, address)


def write_lessons(folder: Path, address: str) -> list[Path]:
    """The three lessons, run."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "true-notebooks.toml").write_text(SETTINGS, encoding="utf-8")
    found = []
    for name, text in LESSONS.items():
        (folder / f"{name}.ipynb").write_text(notebook(text), encoding="utf-8")
        run_once(folder / f"{name}.ipynb", address)
        found.append(folder / f"{name}.ipynb")
    return found
