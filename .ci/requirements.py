"""Check that the libraries of each notebook can be installed on every Python that the notebooks support.

    uv run python .ci/requirements.py

It resolves without installing anything.
"""

import subprocess
import sys

from autograder import exercises, paths
from autograder.notebooks import build, start

if __name__ == "__main__":
    wanted = {name: "\n".join(build.requirements(exercises.load(name))) for name in paths.ASSIGNMENTS}
    failed = False
    for name, text in wanted.items():
        for python in start.PYTHONS:
            command = ["uv", "pip", "compile", "--quiet", "--no-header", "--python-version", python, "-"]
            done = subprocess.run(command, input=text, capture_output=True, text=True)
            print(f"{name} on Python {python}: {'can' if done.returncode == 0 else 'cannot'} be installed")
            if done.returncode:
                print(done.stderr, file=sys.stderr)
                failed = True
    sys.exit(failed)
