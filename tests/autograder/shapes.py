"""The shapes in which students hand in a right notebook, and the points of each.

Each shape starts from the released notebook of `em` with right answers, and changes it as Colab, VS Code, Jupyter or
their users do.
"""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder import exercises
from autograder.notebooks import build

type Bend = Callable[[NotebookNode], object]

# nbgrader cuts the skeleton in this way.
STUB = r"\1# YOUR CODE HERE\n\1raise NotImplementedError()"
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL | re.MULTILINE)
RIGHT = build.solution_notebook(exercises.load("em"))
RELEASE = build.source_notebook(exercises.load("em"))
for cell in RELEASE.cells:
    cell.source = SOLUTION.sub(STUB if cell.cell_type == "code" else "YOUR ANSWER HERE", cell.source)

HARD = "def e_step(x, weights, means, stds):\n    return jnp.eye(len(means))[jnp.zeros(len(x), int)], 0.0"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A right notebook in a changed shape.

    Attributes:
        kind: the name of a group of similar shapes.
        lost: the exercises that the grader cannot find, so that their points are lost.
        says: parts of the notes that the student gets.
    """

    kind: str
    name: str
    bend: Bend
    lost: frozenset[str] = field(default_factory=frozenset)
    says: tuple[str, ...] = ()


def find(notebook: NotebookNode, name: str) -> NotebookNode:
    """Return the cell with this nbgrader name."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def place(notebook: NotebookNode, name: str) -> int:
    return notebook.cells.index(find(notebook, name))


def last(*sources: str) -> Bend:
    """Add cells at the end."""
    return lambda notebook: notebook.cells.extend(map(new_code_cell, sources))


def first(*sources: str) -> Bend:
    """Add cells before all others."""

    def bend(notebook: NotebookNode) -> None:
        notebook.cells[:0] = map(new_code_cell, sources)

    return bend


def above(name: str, text: str) -> Bend:
    """Add lines at the beginning of a cell."""

    def bend(notebook: NotebookNode) -> None:
        cell = find(notebook, name)
        cell.source = f"{text}\n{cell.source}"

    return bend


def below(name: str, text: str) -> Bend:
    """Add lines at the end of a cell."""

    def bend(notebook: NotebookNode) -> None:
        cell = find(notebook, name)
        cell.source = f"{cell.source}\n{text}"

    return bend


def replaced(name: str, old: str, new: str) -> Bend:
    """Replace words in a cell."""

    def bend(notebook: NotebookNode) -> None:
        cell = find(notebook, name)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    return bend


def inserted(before: str, source: str) -> Bend:
    """Insert a cell before the cell with this name."""
    return lambda notebook: notebook.cells.insert(place(notebook, before), new_code_cell(source))


def copied(name: str, source: str | None = None, *, to_the_end: bool = True) -> Bend:
    """Copy a cell, with its metadata, to the end or below the original."""

    def bend(notebook: NotebookNode) -> None:
        cell = copy.deepcopy(find(notebook, name))
        if source is not None:
            cell.source = source
        notebook.cells.insert(len(notebook.cells) if to_the_end else place(notebook, name) + 1, cell)

    return bend


def deleted(*names: str) -> Bend:
    def bend(notebook: NotebookNode) -> None:
        for name in names:
            notebook.cells.pop(place(notebook, name))

    return bend


def moved(name: str, to: str) -> Bend:
    """Move a cell before another."""

    def bend(notebook: NotebookNode) -> None:
        cell = notebook.cells.pop(place(notebook, name))
        notebook.cells.insert(place(notebook, to), cell)

    return bend


def turned(name: str, kind: str) -> Bend:
    """Change the type of a cell, as a slip on the keyboard does."""

    def bend(notebook: NotebookNode) -> None:
        cell = find(notebook, name)
        cell.cell_type = kind
        for part in ("outputs", "execution_count"):
            cell.pop(part, None)

    return bend


def without_metadata(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata = NotebookNode()


def windows(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


def split(name: str, mark: str) -> Bend:
    """Split a cell before a line; the second half has no name, as when Jupyter splits a cell."""

    def bend(notebook: NotebookNode) -> None:
        cell = find(notebook, name)
        start = cell.source.index(mark)
        rest = new_code_cell(cell.source[start:])
        cell.source = cell.source[:start]
        notebook.cells.insert(notebook.cells.index(cell) + 1, rest)

    return bend


def merged(name: str, other: str) -> Bend:
    """Merge two cells into one, which keeps the name of the first."""

    def bend(notebook: NotebookNode) -> None:
        source = notebook.cells.pop(place(notebook, other)).source
        find(notebook, name).source += f"\n\n{source}"

    return bend


def all_of(*bends: Bend) -> Bend:
    def bend(notebook: NotebookNode) -> None:
        for change in bends:
            change(notebook)

    return bend


def skeleton(name: str) -> Bend:
    """Restore a cell to the released text."""
    return lambda notebook: find(notebook, name).update(source=find(RELEASE, name).source)


def answer_at_the_end(name: str) -> Bend:
    """The answer is in a cell of the student's own at the end; the released cell is untouched."""

    def bend(notebook: NotebookNode) -> None:
        source = find(notebook, name).source
        skeleton(name)(notebook)
        notebook.cells.append(new_code_cell(source))

    return bend


def repaired_at_the_end(name: str, wrong: str) -> Bend:
    def bend(notebook: NotebookNode) -> None:
        cell = find(notebook, name)
        notebook.cells.append(new_code_cell(cell.source))
        cell.source = wrong

    return bend


def using(name: str, old: str, new: str, helper: str) -> Bend:
    """An answer that uses a name of the student's own, from a cell above it."""
    return all_of(replaced(name, old, new), inserted(name, helper))


DENSITY = "norm.logpdf(x[:, None], means, stds)"
WITH_HELPER = using("e_step", DENSITY, "log_density(x[:, None], means, stds)", "log_density = norm.logpdf")
WITH_FACTOR = using("e_step", DENSITY, f"FACTOR * {DENSITY}", "FACTOR = 1.0")
WITH_LIST = using("e_step", DENSITY, f"OPTIONS['factor'] * {DENSITY}", "OPTIONS = {'factor': 1.0}")
WITH_CLASS = using(
    "e_step",
    DENSITY,
    f"Settings.factor * {DENSITY}",
    "class Settings:\n    factor = 1.0",
)

MOUNT = "from google.colab import drive\ndrive.mount('/content/drive')"
LOOP = "while True:\n    pass"


def _shapes(kind: str, table: dict[str, Bend | tuple[Bend, str]]) -> tuple[Shape, ...]:
    return tuple(
        Shape(kind=kind, name=name, bend=bend[0], says=(bend[1],))
        if isinstance(bend, tuple)
        else Shape(kind=kind, name=name, bend=bend)
        for name, bend in table.items()
    )


SHAPES = (
    *_shapes(
        "what stands further down",
        {
            "a function's name for its value": last("bic = bic(-54.0, 2, 20)"),
            "the same of two that belong together": last("m_step = m_step(BENTOS, jnp.ones((20, 2)))", "e_step = 0"),
            "a loop variable": last("for bic in range(3): pass"),
            "an experiment": last(HARD),
            "an experiment in a copy of the cell": copied("e_step", HARD),
            "an experiment and the check once more": all_of(last(HARD), copied("check_e_step")),
            "an experiment right below the check": inserted("m_step", HARD),
            "a helper": all_of(WITH_HELPER, last("def log_density(*args): return 0.0")),
            "a constant": all_of(WITH_FACTOR, last("FACTOR = 100")),
            "a constant that a helper uses": all_of(
                using(
                    "e_step",
                    DENSITY,
                    "log_density(x[:, None], means, stds)",
                    "def log_density(*a): return F * norm.logpdf(*a)",
                ),
                inserted("e_step", "F = 1"),
                last("F = 3"),
            ),
            "a library's name": last("norm = (BENTOS - BENTOS.mean()) / BENTOS.std()"),
            "another library's": last("logsumexp = max", "jnp = None"),
            "a name that is deleted": last("del e_step, bic"),
            "all names": last("%reset -f"),
            "a list that is changed": all_of(WITH_LIST, last("OPTIONS['factor'] = 100")),
            "a list that is emptied": all_of(WITH_LIST, last("OPTIONS.clear()")),
            "a class that is changed": all_of(WITH_CLASS, last("Settings.factor = 0.5")),
            "a library that is changed": last("import jax.scipy.stats\njax.scipy.stats.norm.logpdf = None"),
            "JAX that looks for NaN": last(
                "jax.config.update('jax_debug_nans', True)\njax.config.update('jax_debug_infs', True)"
            ),
            "NumPy that raises": last("import numpy as np\nnp.seterr(all='raise')"),
            "warnings that are errors": last("import warnings\nwarnings.simplefilter('error')"),
            "another folder": last("import os\nos.makedirs('elsewhere')\nos.chdir('elsewhere')"),
        },
    ),
    *_shapes(
        "an answer that is elsewhere",
        {
            "repaired at the end": (
                repaired_at_the_end("e_step", HARD),
                "the version at the end of the notebook counts",
            ),
            "repaired at the end, with its helper": (
                all_of(WITH_FACTOR, inserted("e_step", "FACTOR = 2"), last("FACTOR = 1")),
                "the version at the end of the notebook counts",
            ),
            "in a cell at the end": (answer_at_the_end("bic"), "the version at the end of the notebook counts"),
            "in a cell below its check": (
                all_of(answer_at_the_end("e_step"), lambda nb: nb.cells.insert(place(nb, "m_step"), nb.cells.pop())),
                "the version at the end of the notebook counts",
            ),
            "in the check's cell": lambda nb: (above("check_bic", find(nb, "bic").source)(nb), deleted("bic")(nb)),
            "in the setup cell": lambda nb: (below("setup", find(nb, "bic").source)(nb), deleted("bic")(nb)),
            "without its check": deleted("check_e_step"),
            "without its check, with an experiment below": all_of(deleted("check_e_step"), last(HARD)),
            "without any check": deleted("check_labelled_mle", "check_e_step", "check_bic"),
            "below its check": moved("check_e_step", "e_step"),
            "with a check above it, too": inserted("e_step", 'check("e_step", e_step)'),
            "all answers at the top": all_of(moved("bic", "labelled_mle"), moved("e_step", "labelled_mle")),
            "in another order": moved("bic", "e_step"),
            "in two cells": all_of(
                replaced("e_step", DENSITY, f"FACTOR * {DENSITY}"),
                above("e_step", "FACTOR = 1.0\n"),
                split("e_step", "def e_step"),
            ),
            "in one cell with another": merged("e_step", "bic"),
            "as a name for another function": all_of(
                replaced("bic", "def bic(", "def my_bic("), below("bic", "bic = my_bic")
            ),
            "as a class": below(
                "bic",
                "class Bic:\n    def __init__(self, f):\n        self.f = f\n\n"
                "    def __call__(self, *a):\n        return self.f(*a)\n\nbic = Bic(bic)",
            ),
        },
    ),
    *_shapes(
        "too much",
        {
            "more memory than there is": (below("e_step", "import numpy as np\nnp.ones(10**11)"), "raised MemoryError"),
            "a demonstration that does not end": (below("e_step", LOOP), "seconds of processor time"),
            "a loop above the answer": (above("e_step", LOOP), "seconds of processor time"),
            "a demonstration that waits": (below("e_step", "import time\ntime.sleep(10**6)"), "did not end within"),
            "a cell of its own that does not end": (last(LOOP), "seconds of processor time"),
            "two million lines": last("for i in range(2_000_000): print(i)"),
            "one long line": last("print('a' * 10**8)"),
            "many displays": last(
                "from IPython.display import HTML, display\nfor i in range(50_000): display(HTML('a' * 1000))"
            ),
            "many warnings": last("import sys\nfor i in range(10**6): print('careful', file=sys.stderr)"),
            "memory that fills": (
                last("import numpy as np\nkept = []\nwhile True: kept.append(np.empty(10**8))", "print('after')"),
                "raised MemoryError",
            ),
            "a process that ends": (below("e_step", "import os\nos._exit(1)"), "ended the process"),
            "a crash": (last("import ctypes\nctypes.string_at(0)"), "ended the process"),
            "the end of the kernel": (below("e_step", "exit()"), "raised SystemExit"),
            "quit above an answer": (above("bic", "quit()"), "raised SystemExit"),
        },
    ),
    *_shapes(
        "about the student's machine",
        {
            "Colab's drive above the imports": (above("setup", MOUNT), "google"),
            "Colab's drive in a first cell": (first(f"{MOUNT}\n%cd /content/drive/MyDrive/em"), "google"),
            "Colab's files": (above("data", "from google.colab import files\nfiles.upload()"), "google"),
            "Kaggle's folder": (
                first("import os\nfor f in os.listdir('/kaggle/input'): print(f)\nos.chdir('/kaggle/working')"),
                "kaggle",
            ),
            "a folder of the student's": (
                above("setup", "import os\nos.chdir(r'C:\\Users\\ada\\course')"),
                "No such file",
            ),
            "a magic that is not there": above("setup", "%load_ext jupyter_black"),
            "a library that only draws": (above("setup", "import seaborn as sns\nsns.set_theme()"), "seaborn"),
            "libraries in one line": (above("e_step", "import seaborn, math"), "seaborn"),
            "names in one line": (
                above("e_step", "from IPython.display import nothing_like_this, HTML"),
                "nothing_like_this",
            ),
            "a figure window": above("setup", "import matplotlib\nmatplotlib.use('TkAgg')"),
            "a style sheet": (below("setup", "plt.style.use('my-thesis')"), "my-thesis"),
            "a file in /tmp": above("e_step", "with open('/tmp/log.txt', 'w') as log: log.write('start')"),
            "a file of the student's": (above("e_step", "notes = open('/home/ada/notes.txt').read()"), "notes.txt"),
            "a question": (above("e_step", "name = input('your name?')"), "input() cannot be answered"),
            "who and where": above(
                "e_step",
                "import getpass, platform, socket, datetime\n"
                "print(getpass.getuser(), socket.gethostname(), platform.node(), datetime.datetime.now().astimezone())",
            ),
            "a program": (
                above("e_step", "import subprocess\nsubprocess.run(['nvidia-smi'])"),
                "not available while grading: starting processes",
            ),
            "a download": (
                above("e_step", "import urllib.request\nurllib.request.urlopen('https://example.org')"),
                "not available while grading: the network",
            ),
            "several processes": (above("e_step", "import os\nif os.fork() == 0: os._exit(0)"), "starting processes"),
            "shell commands": above("setup", "!pip install -q seaborn\n!ls\nfiles = !ls"),
            "JAX on a GPU": (below("setup", "jax.config.update('jax_platform_name', 'gpu')"), "'gpu'"),
            "JAX on CUDA": (below("setup", "jax.config.update('jax_platforms', 'cuda')"), "'cuda'"),
            "JAX on a TPU, in one line with its use": (
                below("e_step", "jax.config.update('jax_platform_name', 'tpu'); print(jnp.ones(2))"),
                "'tpu'",
            ),
            "a GPU by name": (above("e_step", "gpu = jax.devices('gpu')[0]"), "gpu"),
            "variables of the environment": above(
                "setup",
                "import os\nos.environ['XLA_FLAGS'] = '--xla_of_another_version=1'\n"
                "os.environ['JAX_PLATFORMS'] = 'cuda'\n%env CUDA_VISIBLE_DEVICES=0",
            ),
        },
    ),
    *_shapes(
        "changed cells",
        {
            "imports added to the setup": all_of(
                below("setup", "import math\nfrom functools import partial"),
                below("bic", "math.log(2)\npartial(bic, 1)"),
            ),
            "imports added above the setup": all_of(
                above("setup", "import numpy as onp"),
                replaced("e_step", DENSITY, f"jnp.asarray(onp.asarray({DENSITY}))"),
            ),
            "a helper in the data's cell": all_of(
                below("data", "def log_density(*a):\n    return norm.logpdf(*a)"),
                replaced("e_step", "norm.logpdf(", "log_density("),
            ),
            "a helper in a check's cell": all_of(
                below("check_labelled_mle", "log_density = norm.logpdf"),
                replaced("e_step", "norm.logpdf(", "log_density("),
            ),
            "a copy of the setup with another import": all_of(
                copied("setup", "import jax.numpy as jnp\nimport math", to_the_end=False), below("bic", "math.log(2)")
            ),
            "given code that is changed": replaced("setup", "from jax.scipy.stats import norm", "norm = None"),
            "data that are changed": replaced("data", "498.0", "0.0"),
            "given code with an error": (above("setup", "1 / 0"), "ZeroDivisionError"),
            "given code that cannot be read": (below("setup", "def ("), "SyntaxError"),
            "given cells that are deleted": (
                deleted("setup", "data", "figures"),
                "ran them as released: setup, data, figures",
            ),
            "an answer as text": turned("e_step", "markdown"),
            "an answer as raw text": turned("bic", "raw"),
            "the setup as text": turned("setup", "markdown"),
            "a check as text": turned("check_e_step", "markdown"),
            "an untouched copy above": all_of(copied("e_step", to_the_end=False), skeleton("e_step")),
            "an untouched copy below": lambda nb: copied("e_step", find(RELEASE, "e_step").source, to_the_end=False)(
                nb
            ),
            "an untouched copy at the end": copied("e_step", find(RELEASE, "e_step").source),
            "the ends of lines of Windows": windows,
        },
    ),
    *_shapes(
        "without metadata",
        {
            "as Colab may leave it": without_metadata,
            "with an experiment below": all_of(last(HARD), without_metadata),
            "with imports added": all_of(below("setup", "import math"), below("bic", "math.log(2)"), without_metadata),
            "with a drive": (all_of(above("setup", MOUNT), without_metadata), "google"),
            "with a helper in a check's cell": all_of(
                below("check_labelled_mle", "log_density = norm.logpdf"),
                replaced("e_step", "norm.logpdf(", "log_density("),
                without_metadata,
            ),
        },
    ),
)
