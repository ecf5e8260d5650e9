"""What cells and calls may do, through a sandbox: the child's shell is one of a kind in its process."""

import numpy as np
import pytest

from autograder.beside.selfcheck.values import Key, Opaque
from autograder.replies import Failure, Ran, Returned
from autograder.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with Sandbox(bundle=tmp_path_factory.mktemp("bundle")) as sandbox:
        yield sandbox


@pytest.fixture
def worker(sandbox):
    with sandbox.start() as worker:
        yield worker


def returned(reply: Returned | Failure) -> Returned:
    assert isinstance(reply, Returned), reply
    return reply


def failed(reply: Returned | Failure) -> Failure:
    assert isinstance(reply, Failure), reply
    return reply


def ran(outcome: Ran | Failure) -> Ran:
    assert isinstance(outcome, Ran), outcome
    assert outcome.failures == ()
    return outcome


def failures(outcome: Ran | Failure) -> tuple[Failure, ...]:
    assert isinstance(outcome, Ran), outcome
    return outcome.failures


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline",
        "%matplotlib widget",
        "%matplotlib notebook",
        "%config InlineBackend.figure_format = 'retina'",
        "%load_ext autoreload\n%autoreload 2",
        "%autosave 0",
        "%timeit -n1 -r1 1 + 1",
        "%%time\n1 + 1",
        "?len",
        "help(len)",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "from IPython.display import HTML, display\ndisplay(HTML('<b>a</b>'))",
        "import warnings\nwarnings.warn('a')",
        "import asyncio\nawait asyncio.sleep(0)",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()",
    ],
)
def test_what_works_in_a_notebook_does_not_fail_here(worker, cell):
    ran(worker.run_cell(cell))


@pytest.mark.parametrize(
    "cell",
    [
        "!touch started",
        "files = !touch started",
        "%pip install touch",
        "%conda install touch",
        "%sx touch started",
        "%%bash\ntouch started",
        "%%python3\nopen('started', 'w')",
        "%%sql\ntouch started",
    ],
)
def test_no_program_is_started(worker, cell):
    assert "not run while grading" in ran(worker.run_cell(cell)).output
    assert ran(worker.run_cell("import os; print(os.path.exists('started'))")).output == "False\n"


@pytest.mark.parametrize(
    ("cell", "detail"),
    [
        ("a = [1]\na[3]", "raised IndexError: list index out of range (at line 2: a[3])"),
        ("def f(x)\n    return x", "raised SyntaxError: expected ':' (at line 1: def f(x))"),
        ("input('your name?')", "raised RuntimeError: input() cannot be answered while grading"),
        ("import sys; sys.exit(3)", "raised SystemExit: 3"),
        ("exit()", "raised SystemExit"),
        ("quit()", "raised SystemExit"),
        ("raise KeyboardInterrupt", "raised KeyboardInterrupt"),
        ("def f(n):\n    return f(n + 1)\nf(0)", "raised RecursionError: maximum recursion depth exceeded"),
    ],
)
def test_a_cell_that_fails_is_told_with_its_line_and_leaves_the_rest(worker, cell, detail):
    ran(worker.run_cell("kept = 1"))
    (failure,) = failures(worker.run_cell(cell))
    assert (failure.kind, failure.fatal) == ("raised", False)
    assert failure.detail.startswith(detail)
    assert ran(worker.run_cell("print(kept)")).output == "1\n"


@pytest.mark.parametrize(
    "raises",
    [
        "class E(Exception):\n    def __str__(self): raise ValueError",
        "class E(Exception):\n    def __str__(self): return 1",
        "class E(Exception):\n    __class__ = property(lambda self: 1 / 0)",
        "class E(Exception):\n    __class__ = SyntaxError",
        "class M(type):\n    __name__ = property(lambda c: 1 / 0)\nclass E(Exception, metaclass=M): pass",
        "class E(BaseException): pass",
        "class T(str):\n    def __getitem__(self, i): return self\n"
        "class E(Exception):\n    def __str__(self): return T('x' * 10**5)",
    ],
)
def test_an_exception_that_cannot_be_told_is_still_an_exception(worker, raises):
    ran(worker.run_cell(f"{raises}\ndef f(): raise E"))
    (of_the_cell,) = failures(worker.run_cell("raise E"))
    for failure in (of_the_cell, failed(worker.call("f", (), cpu_seconds=5))):
        assert (failure.kind, failure.summary, failure.fatal) == ("raised", "raised an exception", False)
        assert len(failure.detail) < 5000


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("object()", Opaque("object")),
        ("print", Opaque("builtin_function_or_method")),
        ("(i for i in range(3))", Opaque("generator")),
        ("{1, 2}", Opaque("set")),
        ("type('Odd', (), {'__array__': lambda self, *a, **k: 1 / 0})()", Opaque("Odd")),
        ("type('Text', (str,), {})('a')", "a"),
        ("'\\ud800\\x1b'", "?�"),
        ("None", None),
        ("()", ()),
        ("[]", ()),
    ],
)
def test_weird_values_come_back_as_what_they_are(worker, value, plain):
    ran(worker.run_cell(f"def f(): return {value}"))
    assert returned(worker.call("f", (), cpu_seconds=5)).value == plain


@pytest.mark.parametrize(
    "value",
    [
        "type('Exits', (), {'__array__': lambda self, *a, **k: sys.exit()})()",
        "type('Asks', (), {'__class__': property(lambda self: 1 / 0)})()",
        "type('Maps', (dict,), {'items': lambda self: 1 / 0})()",
    ],
)
def test_a_value_that_raises_when_it_is_read_is_an_exception(worker, value):
    ran(worker.run_cell(f"import sys\ndef f(): return {value}"))
    assert failed(worker.call("f", (), cpu_seconds=5)).kind == "raised"


def test_a_list_that_holds_itself_comes_back(worker):
    ran(worker.run_cell("a = []\na.append(a)\ndef f(): return a"))
    value = returned(worker.call("f", (), cpu_seconds=5)).value
    assert isinstance(value, tuple)


def test_arguments_are_what_the_notebook_would_make(worker):
    ran(worker.run_cell("import jax\ndef f(*args): print([type(a).__name__ for a in args], args[3:])"))
    args = (np.ones(2, np.float32), np.arange(2), (np.ones(1), 2), 3, 0.5, True, "a", None)
    output = returned(worker.call("f", args, cpu_seconds=5)).output
    assert output == (
        "['ArrayImpl', 'ArrayImpl', 'tuple', 'int', 'float', 'bool', 'str', 'NoneType'] (3, 0.5, True, 'a', None)\n"
    )


def test_a_key_is_the_key_of_its_seed(worker):
    ran(worker.run_cell("import jax\ndef f(key): return jax.random.key_data(key)"))
    value = returned(worker.call("f", (Key(7),), cpu_seconds=5)).value
    assert isinstance(value, np.ndarray)
    assert value.tolist() == [0, 7]


def test_each_call_gets_fresh_arguments(worker):
    ran(worker.run_cell("import numpy as np\nkept = []\ndef f(x):\n    kept.append(x)\n    return kept[0] + len(kept)"))
    for calls, start in ((1, 0.0), (2, 5.0)):
        value = returned(worker.call("f", (np.full(2, start, np.float32),), cpu_seconds=5)).value
        assert np.array_equal(np.asarray(value), [calls, calls])


def test_a_figure_comes_back_as_its_data_and_is_closed(worker):
    ran(
        worker.run_cell(
            "import matplotlib.pyplot as plt\n"
            "def f():\n    fig, ax = plt.subplots()\n    ax.plot([1, 2], [3, 4])\n    return fig"
        )
    )
    value = returned(worker.call("f", (), cpu_seconds=5)).value
    assert isinstance(value, dict)
    assert np.array_equal(value["figure"][0]["lines"][0]["y"], [3, 4])  # type: ignore[index]
    assert ran(worker.run_cell("print(plt.get_fignums())")).output == "[]\n"
