"""Find out which layers of isolation work on this machine."""

import json
import subprocess
import sys
from functools import cache

from autograder import paths
from autograder.student.worker.isolation import LAYERS

PROBE_SECONDS = 60

_PROBE = """
import sys
sys.path.insert(0, sys.argv[1])
from student.worker import isolation
isolation.main()
"""


@cache
def probe() -> dict[str, str | None]:
    """For each layer of isolation, why it does not work here; None if it works."""
    if sys.platform != "linux":
        return dict.fromkeys(LAYERS, f"it needs a Linux kernel, and this is {sys.platform}")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _PROBE, str(paths.STUDENT.parent)],
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PROBE_SECONDS,
    )
    if done.returncode:
        return dict.fromkeys(LAYERS, done.stderr.strip())
    return json.loads(done.stdout)
