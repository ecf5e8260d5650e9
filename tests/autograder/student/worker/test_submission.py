"""How cells and calls run, through a sandbox: a process can have only one shell."""

import numpy as np
import pytest

from autograder.sandbox.outcomes import Ran
from autograder.student.selfcheck.outcomes import Failure, Returned
from autograder.student.selfcheck.values import Key, Opaque


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, sandbox_of):
    return sandbox_of(tmp_path_factory.mktemp("bundle"))


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
def test_code_that_works_in_a_notebook_works_here(worker, cell):
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
def test_a_failed_cell_is_reported_with_its_line_and_the_rest_runs(worker, cell, detail):
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
def test_an_exception_without_a_readable_message_is_a_failure(worker, raises):
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
def test_unusual_values_are_returned_as_plain_values(worker, value, plain):
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


def test_a_list_that_contains_itself_is_returned(worker):
    ran(worker.run_cell("a = []\na.append(a)\ndef f(): return a"))
    value = returned(worker.call("f", (), cpu_seconds=5)).value
    assert isinstance(value, tuple)


def test_arguments_have_the_types_that_a_notebook_makes(worker):
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


def test_a_figure_is_returned_as_data_and_closed(worker):
    ran(
        worker.run_cell(
            "import matplotlib.pyplot as plt\n"
            "def f():\n    fig, ax = plt.subplots()\n    ax.plot([1, 2], [3, 4])\n    return fig"
        )
    )
    value = returned(worker.call("f", (), cpu_seconds=5)).value
    assert isinstance(value, dict)
    assert np.array_equal(value["figure"][0]["series"][0]["y"], [3, 4])  # type: ignore[index]
    assert ran(worker.run_cell("print(plt.get_fignums())")).output == "[]\n"


@pytest.mark.parametrize(
    ("cell", "details"),
    [
        ("import nothing_like_it, math\nkept = math.pi", ["raised ModuleNotFoundError"]),
        ("a = missing\n1 / 0\nkept = 1", ["raised NameError", "raised ZeroDivisionError"]),
        ("exit()\nkept = 1", ["raised SystemExit"]),
        ("raise KeyboardInterrupt\nkept = 1", ["raised KeyboardInterrupt"]),
        ("%load_ext nothing_like_it\nkept = 1", ["raised ModuleNotFoundError"]),
        ("import asyncio\nawait missing()\nawait asyncio.sleep(0)\nkept = 1", ["raised NameError"]),
        ("%%time\n1 / 0\nkept = 1", ["raised ZeroDivisionError"]),
    ],
)
def test_statements_below_a_failed_one_run(worker, cell, details):
    found = [failure.detail for failure in failures(worker.run_cell(cell))]
    assert len(found) == len(details)
    assert all(text.startswith(detail) for text, detail in zip(found, details, strict=True))
    if not cell.startswith("%%"):
        ran(worker.run_cell("kept"))


def test_only_some_of_a_thousand_errors_are_reported(worker):
    assert 10 < len(failures(worker.run_cell("1 / 0\n" * 1000))) < 100


def test_only_added_statements_of_a_locked_cell_run(worker):
    released = "x = [1]\nimport math\ncheck = print\n%matplotlib inline"
    changed = "import numpy as np\nx = [2]\nimport math\n%matplotlib inline\n"
    changed += "def helper(): return 3\ncheck('e_step', 1)\ny = 4"
    ran(worker.run_cell(released))
    ran(worker.run_cell(changed, beside=released))

    assert ran(worker.run_cell("print(x, np.pi > 3, helper(), y)")).output == "[1] True 3 4\n"
    assert "e_step" not in ran(worker.run_cell(changed, beside=released)).output


def test_only_definitions_of_a_cell_that_ended_a_process_run_again(worker):
    ran(worker.run_cell("import os\nx = 1\ndef f(): return 2\nos._exit(1)", definitions=True))
    assert ran(worker.run_cell("print(f(), 'x' in globals())")).output == "2 False\n"


@pytest.mark.parametrize(
    ("setting", "asked"),
    [
        ("jax.config.update('jax_platform_name', 'gpu')", "gpu"),
        ("jax.config.update('jax_platforms', 'cuda,cpu')", "cuda,cpu"),
        ("import os; os.environ['XLA_FLAGS'] = '--of_another_version'", "--of_another_version"),
    ],
)
def test_another_platform_is_reported_and_has_no_effect(worker, setting, asked):
    (failure,) = failures(worker.run_cell(f"import jax\n{setting}\nimport jax.numpy as jnp\nprint(jnp.ones(2) + 1)"))
    assert failure.kind == "platform"
    assert asked in failure.detail
    assert ran(worker.run_cell("print(jnp.ones(1) + 1)")).output == "[2.]\n"


def test_displayed_and_printed_output_takes_no_memory(worker):
    printed = ran(
        worker.run_cell("for i in range(300_000): print('x' * 1000)\nimport sys; sys.stderr.write('y' * 10**7)")
    )
    assert len(printed.output) <= 2**16
    source = "from IPython.display import HTML, display\nfor i in range(20_000): display(HTML('x' * 10_000))"
    ran(worker.run_cell(source))
    kept = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2**20)"  # a gigabyte
    assert ran(worker.run_cell(kept)).output == "True\n"


def test_a_function_is_called_as_it_was_at_a_place(worker):
    for place, cell in enumerate(("def f(): return n", "n = 1", "n = 2", "del f")):
        ran(worker.run_cell(cell))
        assert worker.keep(place) is None
    values = [returned(worker.call("f", (), cpu_seconds=5, place=place)).value for place in (1, 2, 1)]
    assert [int(np.asarray(value)) for value in values] == [1, 2, 1]
    assert failed(worker.call("f", (), cpu_seconds=5, place=3)).kind == "missing"
    assert [worker.differ("f", 1, place) for place in (1, 2, 3)] == [False, True, True]
