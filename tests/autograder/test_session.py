import numpy as np
import pytest

from autograder.cells import Cell
from autograder.replies import Failure, Returned
from autograder.sandbox import Limits, Sandbox
from autograder.session import MAX_WORKERS, Session


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with Sandbox(bundle=tmp_path_factory.mktemp("bundle"), limits=Limits(cell_seconds=2)) as sandbox:
        yield sandbox


def cells(*sources: str) -> tuple[Cell, ...]:
    return tuple(Cell(source, None, number) for number, source in enumerate(sources, start=1))


def call(session: Session, name: str, *args) -> Returned | Failure:
    return session.call(name, args, cpu_seconds=2)


def test_names_stay_from_cell_to_cell_and_from_call_to_call(sandbox):
    with Session(
        sandbox, cells("total = 0", "def add(n):\n    global total\n    total += n\n    return total")
    ) as session:
        values = [call(session, "add", n) for n in (1, 2)]

    assert [value.value for value in values if isinstance(value, Returned)] == [1, 3]


def test_after_a_crash_the_notebook_runs_again(sandbox):
    with Session(sandbox, cells("import os\ndef crash(): os._exit(0)\ndef one(): return 1")) as session:
        crashed, one = call(session, "crash"), call(session, "one")

    assert isinstance(crashed, Failure)
    assert crashed.kind == "crashed"
    assert isinstance(one, Returned)


def test_a_cell_that_ends_the_process_is_left_out(sandbox):
    with Session(sandbox, cells("a = 1", "import os; os._exit(0)", "def f(): return a")) as session:
        reply = call(session, "f")

        assert isinstance(reply, Returned)
        ((cell, (failure,)),) = session.failures.items()
    assert (cell.number, failure.kind) == (2, "crashed")


def test_a_notebook_that_always_ends_its_process_ends(sandbox):
    sources = [f"import os; os._exit({n})" for n in range(MAX_WORKERS + 1)]
    with Session(sandbox, cells(*sources)) as session:
        reply = call(session, "f")

    assert isinstance(reply, Failure)
    assert "too often" in reply.summary


def test_each_call_gets_arguments_of_its_own(sandbox):
    source = "import numpy as np\ndef f(x):\n    y = np.asarray(x)\n    y.flags.writeable or None\n    return y + 1"
    with Session(sandbox, cells(source)) as session:
        replies = [call(session, "f", np.zeros(2, np.float32)) for _ in range(2)]

    for reply in replies:
        assert isinstance(reply, Returned)
        np.testing.assert_array_equal(np.asarray(reply.value), [1, 1])
