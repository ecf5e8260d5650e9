"""Check that the libraries of all notebooks can be installed on every Python that the notebooks support.

    uv run python .ci/requirements.py

It resolves without installing anything.
"""

import subprocess
import sys

from autograder import exercises, paths
from autograder.notebooks import build, start

if __name__ == "__main__":
    # A pin is the same in every notebook, so that one environment can hold all of them.
    wanted = sorted({line for name in paths.ASSIGNMENTS for line in build.requirements(exercises.load(name))})
    failed = False
    for python in start.PYTHONS:
        command = ["uv", "pip", "compile", "--quiet", "--no-header", "--python-version", python, "-"]
        done = subprocess.run(command, input="\n".join(wanted), capture_output=True, text=True)
        print(
            f"The libraries of all notebooks {'cannot' if done.returncode else 'can'} be installed on Python {python}"
        )
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            failed = True
    sys.exit(failed)
