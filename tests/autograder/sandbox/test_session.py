from dataclasses import replace

import numpy as np
import pytest

from autograder.limits import Limits
from autograder.sandbox.session import MAX_WORKERS, Session
from autograder.student.selfcheck.outcomes import Failure, Returned
from autograder.submissions.cells import Cell, Work


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, sandbox_of):
    return sandbox_of(tmp_path_factory.mktemp("bundle"), Limits(cell_seconds=2))


def cells(*sources: str) -> Work:
    return Work(tuple(Cell(source, None, number) for number, source in enumerate(sources, start=1)), ())


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


def test_a_cell_that_ends_the_process_is_skipped(sandbox):
    with Session(sandbox, cells("a = 1", "import os; os._exit(0)", "def f(): return a")) as session:
        reply = call(session, "f")

        assert isinstance(reply, Returned)
        ((place, (failure,)),) = session.failures.items()
    assert (place, failure.kind) == (1, "crashed")


def test_a_notebook_that_always_ends_its_process_is_given_up(sandbox):
    sources = [f"import os; os._exit({n})" for n in range(MAX_WORKERS + 1)]
    with Session(sandbox, cells(*sources)) as session:
        reply = call(session, "f")

    assert isinstance(reply, Failure)
    assert "too often" in reply.summary


def test_each_call_gets_its_own_arguments(sandbox):
    source = "import numpy as np\ndef f(x):\n    y = np.asarray(x)\n    y.flags.writeable or None\n    return y + 1"
    with Session(sandbox, cells(source)) as session:
        replies = [call(session, "f", np.zeros(2, np.float32)) for _ in range(2)]

    for reply in replies:
        assert isinstance(reply, Returned)
        np.testing.assert_array_equal(np.asarray(reply.value), [1, 1])


def value(reply: Returned | Failure) -> int:
    assert isinstance(reply, Returned), reply
    return int(np.asarray(reply.value))


def test_functions_are_called_as_they_were_at_a_place(sandbox):
    with Session(sandbox, cells("def f(): return n", "n = 1", "n = 2"), places=[2]) as session:
        values = [value(session.call("f", (), cpu_seconds=2, place=place)) for place in (2, session.end, 2, None)]

        assert values == [1, 2, 1, 2]
        assert session.differ("f", 2, session.end)
        assert max(session.acting, default=0) < 2


def test_places_are_restored_after_a_crash(sandbox):
    source = "import os\nn = 1\ndef f(): return n\ndef crash(): os._exit(0)"
    with Session(sandbox, cells(source, "n = 2"), places=[1]) as session:
        crashed = session.call("crash", (), cpu_seconds=2, place=1)

        assert isinstance(crashed, Failure)
        assert [value(session.call("f", (), cpu_seconds=2, place=place)) for place in (1, 2)] == [1, 2]


def test_definitions_of_a_cell_that_ended_its_process_stay(sandbox):
    cell = "import os\ndef f(): return 1\nos._exit(0)"
    with Session(sandbox, cells(cell)) as session:
        assert value(session.call("f", (), cpu_seconds=2)) == 1


def test_a_process_with_full_memory_is_replaced(sandbox):
    cell = (
        "import os\npid = os.getpid()\nkept = bytearray(2**20)\ndef f(): return 'kept' in globals()\nbytearray(2**60)"
    )
    with Session(sandbox, cells(cell)) as session:
        assert value(session.call("f", (), cpu_seconds=2)) == 0

        ((_, (failure,)),) = session.failures.items()
    assert failure.kind == "memory"


def test_a_cell_that_may_change_objects_is_known(sandbox):
    with Session(sandbox, cells("a = []", "b = 1", "a.append(b)", "c = 2"), places=[1]) as session:
        session.call("f", (), cpu_seconds=2)

        assert session.acting == {2}


def test_messages_of_cells_after_a_call_are_dropped(sandbox):
    keeps = "import os\ndef f(x): open('seen', 'w').write(str(x))"
    tells = "if os.path.exists('seen'): raise ValueError('seen')"
    with Session(sandbox, cells(keeps, tells, "def crash(): os._exit(0)")) as session:
        for name, args in (("f", (3,)), ("crash", ()), ("f", (3,))):
            session.call(name, args, cpu_seconds=2)

        assert session.failures == {}


def test_files_beside_the_notebook_can_be_read_but_not_changed(sandbox):
    source = (
        "import helper, os\ndef f(): return helper.ONE + int(open('data/two.txt').read()) + os.access('helper.py', 2)"
    )
    work = replace(cells(source), companions=(("data/two.txt", b"2"), ("helper.py", b"ONE = 1")))
    with Session(sandbox, work) as session:
        assert value(session.call("f", (), cpu_seconds=2)) == 3
