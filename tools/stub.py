"""Write evidence/__init__.pyi, from which type checkers and editors learn the public names.

python tools/stub.py            writes the file
python tools/stub.py --check    says whether it is stale (exit code 1)
"""

from __future__ import annotations

import sys
from pathlib import Path

import evidence

STUB = Path(__file__).resolve().parents[1] / "evidence" / "__init__.pyi"
WIDTH = 100


def stub() -> str:
    """The text of the stub."""
    imports = [
        _import(f"evidence.{module}", sorted(names.split()))
        for module, names in sorted(evidence.PUBLIC.items())
    ]
    names = "".join(f'    "{name}",\n' for name in evidence.__all__)
    parts = [
        "# Written by `make reference` from the names in __init__.py.",
        "from evidence import charts",
        *imports,
        "",
        "__version__: str",
        "PUBLIC: dict[str, str]",
        f"__all__ = [\n{names}]",
    ]
    return "\n".join(parts) + "\n"


def _import(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


def main() -> int:
    stale = not STUB.is_file() or STUB.read_text(encoding="utf-8") != stub()
    if "--check" in sys.argv:
        print(f"{STUB.name} is stale: make reference" if stale else f"{STUB.name} is current")
        return int(stale)
    STUB.write_text(stub(), encoding="utf-8", newline="\n")
    print(STUB)
    return 0


if __name__ == "__main__":
    sys.exit(main())
