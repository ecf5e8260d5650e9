"""Whatever a student hands in earns no mark, reaches nobody else, and ends in bounded time.

Each attack goes the real way from notebook to verdict, at each level of isolation. Beside it, in the same sandbox, an
honest submission is graded, and another one after it.
"""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
from tests.attacks.scene import Attack, Gain, Scene, scene
from tests.attacks.target import LIMITS, MAX_SCORE, PATIENT, PATIENT_TARGET, TARGET, Patient, graded
from tests.autograder.toy import notebook

THEMES = (comparison, compiling, endings, files, going_on, network, processes, reference, replies, resources)
# What the kernel stops, by other means at each level; the rest meets the same code of ours at all of them.
STOPPED_BY_THE_KERNEL = (files, network, processes)
ATTACKS: tuple[Attack, ...] = tuple(itertools.chain.from_iterable(theme.ATTACKS for theme in THEMES))
NAMES = [f"{theme.__name__.rpartition('.')[2]}: {attack.name}" for theme in THEMES for attack in theme.ATTACKS]

HONEST = "import numpy as np\ndef double(x):\n    return 2 * np.asarray(x)"
BOUND_SECONDS = 120  # for one whose limits add up to a quarter of it
HANGS_SECONDS = 300


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "data.csv").write_text("1,2,3\n")
    return folder


@pytest.fixture
def at_this_level(request, attack, sandbox) -> None:
    """Try an attack at the strongest level; at others where that may make a difference, or where all is asked for."""
    kernel = any(attack in theme.ATTACKS for theme in STOPPED_BY_THE_KERNEL)
    if not (kernel or sandbox.isolation == strongest(probe()) or request.config.getoption("--long")):
        pytest.skip("only with --long")


@pytest.fixture(scope="module", params=LEVELS[:-1])
def sandbox(request, bundle) -> Iterator[Sandbox]:
    level: Level = request.param
    if LEVELS.index(level) < LEVELS.index(strongest(probe())):
        pytest.skip(f"this machine has no isolation by {level}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTACKED_SECRET", "a secret of the grader's")
        with Sandbox(bundle=bundle, isolation=level, limits=LIMITS) as sandbox:
            yield sandbox


@pytest.fixture(scope="module")
def open_sandbox(bundle) -> Iterator[Sandbox]:
    with Sandbox(bundle=bundle, isolation="none", unsafe=True, limits=PATIENT) as sandbox:
        yield sandbox


def staged(sandbox: Sandbox, neighbour: Worker) -> Iterator[Scene]:
    with scene(scratch=sandbox.parent.scratch, server=sandbox.parent.pid) as made:
        (neighbour._folder / "work" / "notes.txt").write_text(made.secret)
        yield made


@pytest.fixture(scope="module")
def neighbour(sandbox) -> Iterator[Worker]:
    """Another's process, whose folder holds the secret too."""
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


def test_something_isolates_here():
    assert strongest(probe()) != "none", probe()


@pytest.mark.usefixtures("at_this_level")
@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_an_attack_gains_nothing_and_harms_nobody(attack, sandbox, target, tmp_path):
    hostile = notebook(tmp_path / "mallory.ipynb", target.source(attack), *attack.more)
    honest = notebook(tmp_path / "ada.ipynb", HONEST)
    watchdog = threading.Timer(HANGS_SECONDS, sandbox.parent.kill)  # a hang is to fail, not to last
    watchdog.start()
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(graded, honest, PATIENT_TARGET, Patient(sandbox))
        started = time.monotonic()
        verdict = graded(hostile, TARGET, sandbox)
        seconds = time.monotonic() - started
    after = graded(honest, PATIENT_TARGET, Patient(sandbox))
    watchdog.cancel()

    assert gains(target, verdict) == set(), verdict
    assert (beside.result().auto_score, after.auto_score) == (MAX_SCORE, MAX_SCORE), (beside.result(), after)
    assert seconds < BOUND_SECONDS
    assert {one.name for one in sandbox._bundle.iterdir()} == {"data.csv"}


@pytest.mark.parametrize("attack", [one for one in ATTACKS if one.bare], ids=lambda one: one.name)
def test_without_isolation_it_succeeds(attack, open_sandbox, open_target, tmp_path):
    """So these attacks are real ones, and it is isolation that stops them."""
    hostile = notebook(tmp_path / "mallory.ipynb", open_target.source(attack), *attack.more)
    verdict = graded(hostile, PATIENT_TARGET, open_sandbox)
    assert attack.wants in gains(open_target, verdict), verdict
