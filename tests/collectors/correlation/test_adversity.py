"""Whatever goes wrong, in the end all collectors say what comes of everything at once.

``CONTROLPLANE_LIVES=200 pytest tests/collectors/correlation/test_adversity.py`` lives through more.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from collectors.store.client import Store
from collectors.store.migrate import migrate
from tests.collectors.correlation.adversity import live

LIVES = int(os.environ.get("CONTROLPLANE_LIVES", "4"))


@pytest.mark.parametrize("seed", range(LIVES))
@pytest.mark.parametrize("collectors", [1, 2, 3])
def test_a_life_in_which_everything_goes_wrong(tmp_path: Path, seed: int, collectors: int) -> None:
    with Store(f"chdb://{tmp_path}/chdb") as store:
        migrate(store)
        live(store, seed, collectors)
