from __future__ import annotations

import subprocess
import sys

#: Run in a process of its own, since what is spared stays spared.
_CODE = """
import gc
from controlplane.lasting import spare_what_stays

class Node:
    gone = 0
    def __del__(self):
        Node.gone += 1

def cycle():
    node = Node()
    node.self = node

stays = [[] for _ in range(100_000)]
spare_what_stays()
assert gc.get_freeze_count() > 100_000
assert len(gc.get_objects()) < 1_000, len(gc.get_objects())
cycle()
for _ in range(200_000):
    pair = []
    pair.append(pair)
assert Node.gone == 1, Node.gone
"""


def test_what_stays_is_left_alone_and_new_garbage_is_still_found() -> None:
    subprocess.run([sys.executable, "-c", _CODE], check=True)
