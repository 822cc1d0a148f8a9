"""What the tests of the numbers share."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # for `import plain`, whatever the import mode
