"""What the tests of the dataset share."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).parent)
)  # for `from made import ...`, whatever the import mode
