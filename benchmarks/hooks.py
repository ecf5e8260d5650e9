"""What the hooks in JAX and GenJAX save: processor time of grading one notebook, with all of them and without each.

    uv run python -m benchmarks.hooks

The kit is a copy, in which a hook is cut out. A first grading finds no cache; a second one, of another student in
another course, finds what the first has left. The time is that of `autograder grade` and of all that it starts.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

from autograder import paths

RESULTS = Path(__file__).parent / "results" / "hooks.json"
NOTEBOOKS = {"em": ("ada", "bilal"), "gibbs_sampling": ("ada", "bilal")}
HOOKS = "autograder/student/worker/hooks.py"
PRELOAD = 'if name == "genjax" else contextlib.nullcontext():\n'
WITHOUT = {
    "nothing": ("", ""),
    "older emitters": ("if _copied(module) > MAX_COPIED:", "if True:"),
    "compile server": ("    _wrap_compiler(wrap)\n\n\n# --- in the c", "\n\n# --- in the c"),
    "preloaded GenJAX": (PRELOAD, f'{PRELOAD}        if name == "genjax":\n            return\n'),
}
"""What is left out, and how: a text of the hooks, and what stands there instead."""


def copy_of_the_kit(folder: Path, *, old: str, new: str) -> None:
    """A copy in which a text of the hooks is replaced."""
    for name in paths.KIT:
        shutil.copytree(paths.ROOT / name, folder / name)
    shutil.copytree(paths.SAMPLE_CLASS, folder / "tests" / "submissions")
    path = folder / HOOKS
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{HOOKS} no longer holds {old!r}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def cpu_seconds(command: list[str], *, folder: Path) -> float:
    """The processor time of a command and of all that it has started and outlived."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {"PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)


def measured(assignment: str, *, old: str, new: str) -> dict[str, float]:
    """The processor seconds of a first grading and of a second one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_of_the_kit(folder, old=old, new=new)
        seconds = {}
        for when, student in zip(("cold", "warm"), NOTEBOOKS[assignment], strict=True):
            notebook = folder / "tests" / "submissions" / assignment / f"{student}.ipynb"
            command = [sys.executable, "-m", "autograder", "grade", assignment, str(notebook)]
            seconds[when] = cpu_seconds([*command, "--course", f"course-{when}"], folder=folder)
        return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*", default=[*NOTEBOOKS], help="those to grade; all if none is named")
    parser.add_argument("--without", action="append", choices=WITHOUT, help="what to leave out; each if none is named")
    asked = parser.parse_args()
    found = json.loads(RESULTS.read_text(encoding="utf-8"))["cpu_seconds"] if RESULTS.exists() else {}
    for assignment, without in product(asked.assignments, asked.without or WITHOUT):
        old, new = WITHOUT[without]
        seconds = measured(assignment, old=old, new=new)
        print(assignment, f"without {without}", seconds, flush=True)
        found.setdefault(assignment, {})[f"without {without}"] = seconds
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
        kept = {"command": "python -m benchmarks.hooks", "machine": machine, "cpu_seconds": found}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
