"""No submission earns undeserved marks, reaches other submissions, or runs without end.

Each attack goes the whole way from notebook to verdict, at each level of isolation. With `--long`, an honest submission
is graded beside each attack, in the same sandbox, and another one after it. Without `--long`, this is done for the
attacks in `ACCOMPANIED`, and after the last attack.
"""

import itertools
import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from autograder.grading import results
from autograder.grading.results import Verdict
from autograder.sandbox.isolation import probe
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.worker import Worker
from autograder.student.worker.isolation import LEVELS, Level, strongest
from tests.attacks import (
    comparison,
    compiling,
    endings,
    files,
    going_on,
    network,
    processes,
    reference,
    replies,
    resources,
)
from tests.attacks.scene import PREAMBLE, Attack, Gain, Scene, scene
from tests.attacks.target import LIMITS, MAX_SCORE, PATIENT, PATIENT_TARGET, TARGET, Patient, graded
from tests.autograder.toy import notebook

THEMES = (comparison, compiling, endings, files, going_on, network, processes, reference, replies, resources)
# The kernel stops these, in different ways at each level. The kit's own code stops the others, at every level.
STOPPED_BY_THE_KERNEL = (files, network, processes)
ATTACKS: tuple[Attack, ...] = tuple(itertools.chain.from_iterable(theme.ATTACKS for theme in THEMES))
NAMES = [f"{theme.__name__.rpartition('.')[2]}: {attack.name}" for theme in THEMES for attack in theme.ATTACKS]
# Without --long, one attack in this many is tried: at the strongest level, and at a weaker level or without isolation.
AT_THE_STRONGEST, EVERY = 8, 16
# The first attack of each theme is among them.
ACCOMPANIED = tuple(attack for theme in THEMES for attack in theme.ATTACKS[::10])

HONEST = "import numpy as np\ndef double(x):\n    return 2 * np.asarray(x)"
BOUND_SECONDS = 120  # four times the sum of an attack's limits
HANGS_SECONDS = 300


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "data.csv").write_text("1,2,3\n")
    return folder


@pytest.fixture
def at_this_level(request, attack, sandbox) -> None:
    """Choose the attacks: some at the strongest level; fewer, of those that the kernel stops, at other levels.

    With `--long`, all attacks are tried at each level.
    """
    is_strongest = sandbox.isolation == strongest(probe())
    themes, every = (THEMES, AT_THE_STRONGEST) if is_strongest else (STOPPED_BY_THE_KERNEL, EVERY)
    if not (any(attack in theme.ATTACKS[::every] for theme in themes) or request.config.getoption("--long")):
        pytest.skip("only with --long")


@pytest.fixture(scope="module", params=LEVELS[:-1])
def sandbox(request, bundle, tmp_path_factory) -> Iterator[Sandbox]:
    level: Level = request.param
    if LEVELS.index(level) < LEVELS.index(strongest(probe())):
        pytest.skip(f"this machine has no isolation by {level}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTACKED_SECRET", "a secret of the grader's")
        with Sandbox(bundle=bundle, isolation=level, limits=LIMITS) as sandbox:
            yield sandbox
            honest = notebook(tmp_path_factory.mktemp("after") / "ada.ipynb", HONEST)
            after_them_all = graded(honest, PATIENT_TARGET, Patient(sandbox))
            assert after_them_all.auto_score == MAX_SCORE, after_them_all


@pytest.fixture(scope="module")
def open_sandbox(bundle) -> Iterator[Sandbox]:
    with Sandbox(bundle=bundle, isolation="none", unsafe=True, limits=PATIENT) as sandbox:
        yield sandbox


def staged(sandbox: Sandbox, neighbour: Worker) -> Iterator[Scene]:
    with scene(scratch=sandbox.server.scratch, server=sandbox.server.pid) as made:
        (neighbour._folder / "work" / "notes.txt").write_text(made.secret)
        yield made


@pytest.fixture(scope="module")
def neighbour(sandbox) -> Iterator[Worker]:
    """Another student's process, whose folder contains the secret too."""
    with sandbox.start() as worker:
        yield worker


@pytest.fixture
def target(sandbox, neighbour) -> Iterator[Scene]:
    yield from staged(sandbox, neighbour)


@pytest.fixture
def open_target(open_sandbox) -> Iterator[Scene]:
    with open_sandbox.start() as neighbour:
        yield from staged(open_sandbox, neighbour)


def gains(scene: Scene, verdict: Verdict) -> set[Gain]:
    return scene.gains(said=json.dumps(results.to_json(verdict)), marks=verdict.score)


def test_this_machine_can_isolate_submissions():
    assert strongest(probe()) != "none", probe()


def test_the_parts_of_the_kit_that_attacks_name_exist():
    """An attack that imports a missing part would prove nothing."""
    for attack in ATTACKS:
        text = "\n".join((PREAMBLE, attack.code, *attack.more))
        for module, names in re.findall(r"from kit_student([\w.]*) import ([\w, ]+)", text):
            package = f"autograder.student{module}"
            for name in names.split(", "):
                assert hasattr(import_module(package), name) or find_spec(f"{package}.{name}"), attack.name


@pytest.mark.usefixtures("at_this_level")
@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_an_attack_gains_nothing_and_harms_nobody(attack, sandbox, target, tmp_path, request):
    hostile = notebook(tmp_path / "mallory.ipynb", target.source(attack), *attack.more)
    honest = notebook(tmp_path / "ada.ipynb", HONEST)
    honest_too = attack in ACCOMPANIED or request.config.getoption("--long")
    others: list[Verdict] = []
    watchdog = threading.Timer(HANGS_SECONDS, sandbox.server.kill)  # if the grader hangs, the test fails
    watchdog.start()
    with ThreadPoolExecutor(1) as pool:
        beside = [pool.submit(graded, honest, PATIENT_TARGET, Patient(sandbox))] if honest_too else []
        started = time.monotonic()
        verdict = graded(hostile, TARGET, sandbox)
        seconds = time.monotonic() - started
    others += [future.result() for future in beside]
    if honest_too:
        others.append(graded(honest, PATIENT_TARGET, Patient(sandbox)))
    watchdog.cancel()

    assert gains(target, verdict) == set(), verdict
    assert [verdict.auto_score for verdict in others] == [MAX_SCORE] * len(others), others
    assert seconds < BOUND_SECONDS
    assert {path.name for path in sandbox._bundle.iterdir()} == {"data.csv"}


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(attack, id=attack.name, marks=pytest.mark.long if number % EVERY else ())
        for number, attack in enumerate(attack for attack in ATTACKS if attack.bare)
    ],
)
def test_the_attack_succeeds_without_isolation(attack, open_sandbox, open_target, tmp_path):
    """So the attacks are real, and isolation stops them."""
    hostile = notebook(tmp_path / "mallory.ipynb", open_target.source(attack), *attack.more)
    verdict = graded(hostile, PATIENT_TARGET, open_sandbox)
    assert attack.wants in gains(open_target, verdict), verdict
