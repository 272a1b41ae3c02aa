"""`bench` is no installed package, it is run from the repository's root: put that on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
