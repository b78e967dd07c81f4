import sys
from pathlib import Path

# The benchmarks stand beside the packages and are not installed with them.
_ROOT = str(Path(__file__).parents[4])
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)
