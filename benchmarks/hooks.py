"""What the hooks in JAX and GenJAX save: processor time of grading one notebook, with all of them and without each.

    uv run python -m benchmarks.hooks

The kit is a copy, in which a hook is cut out. A first grading finds no cache; a second one, of another student in
another course, finds what the first has left. The time is that of `autograder grade` and of all that it starts.
"""

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder import paths

RESULTS = Path(__file__).parent / "results" / "hooks.json"
NOTEBOOKS = {"em": ("ada", "bilal"), "bayesian_gmm": ("ada", "bilal")}
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


def main() -> None:
    found: dict[str, dict[str, dict[str, float]]] = {}
    for without, (old, new) in WITHOUT.items():
        for assignment, students in NOTEBOOKS.items():
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                copy_of_the_kit(folder, old=old, new=new)
                for when, student in zip(("cold", "warm"), students, strict=True):
                    notebook = folder / "tests" / "submissions" / assignment / f"{student}.ipynb"
                    command = [sys.executable, "-m", "autograder", "grade", assignment, str(notebook)]
                    seconds = cpu_seconds([*command, "--course", f"course-{when}"], folder=folder)
                    found.setdefault(assignment, {}).setdefault(f"without {without}", {})[when] = seconds
                    print(assignment, without, when, seconds, flush=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    command = "python -m benchmarks.hooks"
    RESULTS.write_text(json.dumps({"command": command, "machine": machine, "cpu_seconds": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
