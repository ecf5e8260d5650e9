"""The time that the hooks in JAX and GenJAX save: processor time of grading one notebook, with all hooks, without each.

    uv run python -m benchmarks.hooks

A copy of the kit is run, from which a hook is removed. The first grading finds empty caches. The second grading, of
another student in another course, finds the caches of the first. The time is that of `autograder grade` and all its
descendants.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

from autograder import paths

from . import report

NOTEBOOKS = {"em": ("ada", "bilal"), "gibbs_sampling": ("ada", "bilal")}
HOOKS = "autograder/student/worker/hooks.py"
PRELOAD = 'if name == "genjax" else contextlib.nullcontext():\n'
WITHOUT = {
    "nothing": ("", ""),
    "older emitters": ("if _entries_copied(module) > MAX_COPIED:", "if True:"),
    "compile server": ("    wrap_compiler(wrap)\n\n\n# --- in the c", "\n\n# --- in the c"),
    "preloaded GenJAX": (PRELOAD, f'{PRELOAD}        if name == "genjax":\n            return\n'),
}
"""The hooks that can be removed: for each, a text of the module `hooks`, and its replacement."""


def copy_of_the_kit(folder: Path, *, old: str, new: str) -> None:
    """Copy the kit, and replace a text of the module `hooks` in the copy.

    Raises:
        ValueError: the module does not contain the text.
    """
    for name in paths.KIT:
        shutil.copytree(paths.ROOT / name, folder / name)
    shutil.copytree(paths.SAMPLE_CLASS, folder / "tests" / "submissions")
    path = folder / HOOKS
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{HOOKS} does not contain {old!r}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def cpu_seconds(command: list[str], *, folder: Path) -> float:
    """The processor time of a command and of its descendants that have ended before it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {"PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)


def measured(assignment: str, *, old: str, new: str) -> dict[str, float]:
    """The processor seconds of the first and of the second grading."""
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
    parser.add_argument("assignments", nargs="*", default=[*NOTEBOOKS], help="the assignments to grade; by default all")
    parser.add_argument("--without", action="append", choices=WITHOUT, help="the hook to remove; by default each")
    asked, load = parser.parse_args(), os.getloadavg()[0]
    before = report.RESULTS / "hooks.json"
    found = json.loads(before.read_text(encoding="utf-8"))["cpu_seconds"] if before.exists() else {}
    for assignment, without in product(asked.assignments, asked.without or WITHOUT):
        old, new = WITHOUT[without]
        seconds = measured(assignment, old=old, new=new)
        print(assignment, f"without {without}", seconds, flush=True)
        found.setdefault(assignment, {})[f"without {without}"] = seconds
        report.write("hooks", {"cpu_seconds": found}, load=load, libraries=("jax", "genjax"))


if __name__ == "__main__":
    main()
