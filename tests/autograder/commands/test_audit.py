"""The audit: planned, counted, summed, and continued after an interruption."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from scipy.stats import beta, binom

from autograder import fingerprint, paths
from autograder.commands.audit import report, run, table, trials
from autograder.commands.audit.report import TOGETHER, Line
from autograder.commands.audit.trials import IN_FLOAT64, Count, Job
from autograder.exercises import Aspect, Assignment, Case, Exercise, KnownMistake, Written, f32, keyed
from autograder.notebooks import answers
from autograder.student.selfcheck.probes import Draws, Keys
from autograder.student.selfcheck.rules.arrays import Arrays, Part
from autograder.student.selfcheck.rules.conditional import Conditional
from autograder.student.selfcheck.rules.draws import FreshKeys
from autograder.student.selfcheck.rules.significance import LEVEL

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

# --- a small assignment for these tests ---


def right(key: Any, loc: Any) -> Any:
    import jax

    return loc + jax.random.normal(key, loc.shape)


def shifted(key: Any, loc: Any) -> Any:
    return right(key, loc) + 1


def raises(key: Any, loc: Any) -> Any:
    raise ZeroDivisionError


def mistake(name: str, variant: Callable[..., Any]) -> KnownMistake:
    return KnownMistake(name=name, says="", hint="", variant=variant)


DRAW = Exercise(
    name="draw",
    truth=lambda key, loc: {"loc": loc, "scale": np.ones(2)},
    rule=Conditional("normal", "x"),
    aspects=(
        Aspect(
            name="draws",
            points=1,
            hint="",
            probe=Draws(200),
            visible={"shown": keyed(f32(0, 3))},
            hidden={"hidden": keyed(f32(1, -3))},
        ),
        Aspect(
            name="keys",
            points=1,
            hint="",
            probe=Keys(),
            truth=lambda *args: None,
            rule=FreshKeys(),
            visible={},
            hidden={"keys": keyed(f32(0, 3))},
            exception="a test",
        ),
    ),
    mistakes=[mistake("shifted", shifted), mistake("raises", raises), mistake("none", right)],
)
DOUBLE = Exercise(
    name="double",
    truth=lambda x: 2 * x,
    rule=Arrays((Part("doubles", "(N,)"),)),
    aspects=(
        Aspect(
            name="all",
            points=1,
            hint="",
            visible={},
            hidden={"two": (f32(1, 2),), "zero": (f32(0),)},
            exception="a test",
        ),
    ),
    mistakes=[mistake("squared", lambda x: x**2), mistake("none", lambda x: 2 * x)],
)
TOY = Assignment(name="toy", title="", exercises=(DRAW, Written(name="essay", points=1), DOUBLE))


RIGHT = {
    "draw": {"best": right, "reference": right, "other": lambda key, loc: loc - right(key, 0 * loc)},
    "double": {"reference": lambda x: 2 * x, "sum": lambda x: x + x},
}


def use_toy(monkeypatch) -> None:
    for module in (run, trials):
        monkeypatch.setattr(module, "load", {"toy": TOY}.__getitem__)
    monkeypatch.setattr(answers, "names", lambda assignment, exercise: list(RIGHT[exercise]))
    monkeypatch.setattr(answers, "answer", lambda assignment, name, exercise: RIGHT[exercise][name])
    monkeypatch.setattr(answers, "digest", lambda assignment: "the scripts")


@pytest.fixture
def toy(monkeypatch):
    """The toy in place of the real assignments; the first right answer to `draw` is not the reference."""
    use_toy(monkeypatch)


def job(exercise: str, kind: Any, variant: str, first_seed: int = 1000, replicates: int = 3) -> Job:
    return Job("toy", exercise, kind, variant, first_seed, replicates)


def counted(job: Job) -> dict[str, tuple[bool, int, int]]:
    counts = trials.count(job)
    assert all(count.seconds >= 0 for count in counts)
    return {count.case: (count.random, count.trials, count.hits) for count in counts}


def test_a_plan_tries_the_first_answer_most_and_each_wrong_one(toy):
    planned = list(run.plan("toy", nulls=2500, detections=7))

    assert [(item.exercise, item.kind, item.variant, item.first_seed, item.replicates) for item in planned] == [
        ("draw", "right", "best", 1000, 1000),
        ("draw", "right", "best", 2000, 1000),
        ("draw", "right", "best", 3000, 500),
        ("draw", "right", "reference", 1000, 125),
        ("draw", "right", "other", 1000, 125),
        ("draw", "wrong", "shifted", 1000, 7),
        ("draw", "wrong", "raises", 1000, 7),
        ("draw", "wrong", "none", 1000, 7),
        ("double", "right", "reference", 1000, 1),
        ("double", "right", "reference, float64", 1000, 1),
        ("double", "right", "sum", 1000, 1),
        ("double", "right", "sum, float64", 1000, 1),
        ("double", "wrong", "squared", 1000, 7),
        ("double", "wrong", "none", 1000, 7),
    ]
    assert len(set(planned)) == len(planned)
    # A slow right answer is stopped after a while, except the first.
    assert [item.seconds for item in planned[:5]] == [None, None, None, run.OTHERS_SECONDS, run.OTHERS_SECONDS]


def test_a_right_answer_is_tried_on_every_case(toy):
    assert counted(job("draw", "right", "best", replicates=40)) == {
        "shown": (True, 40, 0),
        "hidden": (True, 40, 0),
        "keys": (True, 1, 0),  # it always passes or always fails
    }
    assert counted(job("double", "right", "sum")) == {"two": (False, 1, 0), "zero": (False, 1, 0)}


def test_deterministic_cases_are_tried_in_both_number_types(toy, monkeypatch):
    seen = []

    def double(x):
        seen.append(x.dtype)
        return x + x if x.dtype == np.float32 else 3 * x

    monkeypatch.setitem(RIGHT["double"], "narrow", double)

    assert counted(job("double", "right", "narrow")) == {"two": (False, 1, 0), "zero": (False, 1, 0)}
    assert counted(job("double", "right", "narrow" + IN_FLOAT64)) == {"two": (False, 1, 1), "zero": (False, 1, 0)}
    assert seen == [np.float32, np.float32, np.float64, np.float64]


def test_a_right_answer_ends_when_its_time_is_over(toy):
    planned_job = Job("toy", "draw", "right", "other", 1000, 40, seconds=0.0)

    assert {trials for _, trials, _ in counted(planned_job).values()} == {1}


def test_a_wrong_answer_is_caught_by_the_first_case_that_shows_it(toy):
    assert counted(job("draw", "wrong", "shifted")) == {
        "hidden": (True, 3, 3),
        "keys": (True, 3, 0),
        "shown": (True, 3, 0),
    }
    assert counted(job("draw", "wrong", "raises")) == {
        "hidden": (True, 3, 3),
        "keys": (True, 3, 0),
        "shown": (True, 3, 0),
    }
    assert counted(job("draw", "wrong", "none")) == {
        "hidden": (True, 3, 0),
        "keys": (True, 3, 0),
        "shown": (True, 3, 0),
    }
    assert counted(job("double", "wrong", "squared")) == {"two": (False, 1, 1)}
    assert counted(job("double", "wrong", "none")) == {"": (False, 1, 0)}


def test_no_seed_of_grading_is_used_and_none_twice(toy, monkeypatch):
    seeds: list[tuple[str, int]] = []

    def passes(exercise: Exercise, case: Case, function: Callable[..., Any], seed: int) -> bool:
        seeds.append((case.name, seed))
        return False

    monkeypatch.setattr(trials, "_passes", passes)
    for item in run.plan("toy", nulls=1100, detections=50):
        if item.exercise == "draw" and item.variant in ("best", "shifted"):
            seeds.clear()
            trials.count(item)
            assert len(set(seeds)) == len(seeds)
            assert min(seed for _, seed in seeds) >= 1000


# --- sums ---


def counts(*each: tuple[str, bool, int, int]) -> list[Count]:
    return [Count(case, random, trials, hits, 0.5) for case, random, trials, hits in each]


def one_line(kind: Any, *each: tuple[str, bool, int, int]) -> Line:
    planned_job = job("draw", kind, "best")
    lines = [line for line in report.summarise([planned_job], {planned_job: counts(*each)}) if line.variant != TOGETHER]
    assert len(lines) == 1
    return lines[0]


def test_the_jobs_of_an_answer_and_of_all_right_answers_are_summed():
    jobs = [job("draw", "right", "best", 1000), job("draw", "right", "best", 2000), job("draw", "right", "other")]
    done = {
        jobs[0]: counts(("shown", True, 1000, 1), ("fixed", False, 1, 0)),
        jobs[1]: counts(("shown", True, 500, 2), ("fixed", False, 1, 0)),
        jobs[2]: counts(("shown", True, 100, 0), ("fixed", False, 1, 0)),
    }

    lines = {(line.variant, line.case): line for line in report.summarise(jobs, done)}
    assert {key: (line.random, line.trials, line.hits) for key, line in lines.items()} == {
        ("best", "shown"): (True, 1500, 3),
        ("best", "fixed"): (False, 2, 0),
        ("other", "shown"): (True, 100, 0),
        ("other", "fixed"): (False, 1, 0),
        (TOGETHER, "shown"): (True, 1600, 3),
        (TOGETHER, "fixed"): (False, 3, 0),
    }
    assert lines["best", "shown"].rate == 3 / 1500
    assert lines["best", "shown"].seconds_per_trial == round(1.0 / 1500, 4)
    assert {line.kind for line in lines.values()} == {"right"}


def test_exactly_the_planned_jobs_are_summed():
    planned, other = job("draw", "right", "best"), job("draw", "right", "other")

    lines = report.summarise([planned], {item: counts(("shown", True, 10, 0)) for item in (planned, other)})
    assert {line.variant for line in lines} == {"best", TOGETHER}
    assert {line.trials for line in lines} == {10}


def test_a_wrong_answer_is_one_line_with_the_cases_that_caught_it():
    line = one_line("wrong", ("hidden", True, 100, 90), ("keys", True, 100, 9), ("shown", True, 100, 0))

    assert (line.kind, line.case, line.trials, line.hits, line.rate) == ("wrong", "hidden, keys", 100, 99, 0.99)
    assert line.met


@pytest.mark.parametrize(("trials", "hits"), [(1000, 0), (1000, 1), (1000, 7), (1000, 1000), (50, 25), (1, 1)])
def test_the_interval_is_clopper_and_pearson_s(trials, hits):
    line = one_line("right", ("shown", True, trials, hits))
    tail = (1 - report.CONFIDENCE) / 2

    assert line.low == pytest.approx(0 if hits == 0 else beta.ppf(tail, hits, trials - hits + 1), rel=1e-6)
    assert line.high == pytest.approx(1 if hits == trials else beta.ppf(1 - tail, hits + 1, trials - hits), rel=1e-6)
    # At each bound, a count at least as extreme has half of the probability outside the interval.
    if 0 < hits < trials:
        assert binom.sf(hits - 1, trials, line.low) == pytest.approx(tail, rel=1e-4)
        assert binom.cdf(hits, trials, line.high) == pytest.approx(tail, rel=1e-4)


def test_a_rate_is_too_high_only_if_chance_does_not_explain_it():
    most = int(binom.isf(report.ALARM, 10_000, LEVEL))

    assert one_line("right", ("shown", True, 10_000, most)).met
    assert not one_line("right", ("shown", True, 10_000, most + 2)).met
    assert not one_line("right", ("fixed", False, 10_000, 1)).met
    assert not one_line("wrong", ("hidden", True, 100, 98)).met
    assert one_line("wrong", ("hidden", False, 1, 1)).met


def test_the_report_has_everything_to_repeat_it(tmp_path):
    lines = [one_line("right", ("shown", True, 1000, 1))]
    report.write_report(tmp_path / "audit.json", lines, command="autograder audit toy", nulls=1000, detections=7)

    written = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert written.pop("date")
    assert written.pop("python").startswith("3.12")
    assert set(written.pop("versions")) == {"jax", "genjax", "numpy", "scipy", "arviz-stats"}
    [line] = written.pop("lines")
    assert written == {
        "command": "autograder audit toy",
        "checks": {"toy": fingerprint.checks("toy")},
        "answers": {"toy": answers.digest("toy")},
        "first_seed": 1000,
        "comparisons_of_right_answers": 1000,
        "trials_of_wrong_answers": 7,
        "level_of_a_comparison": LEVEL,
        "level_of_a_check": LEVEL**2,
        "confidence": 0.99,
    }
    assert Line(**line) == lines[0]


# --- a whole run ---


@pytest.fixture(params=["one process", pytest.param("processes of its own", marks=pytest.mark.long)])
def audited(request, monkeypatch) -> tuple[str, tuple[str, str]]:
    """An assignment and two of its exercises, with draws and without. Processes of their own do not know the toy."""
    if request.param != "one process":
        return "gibbs_sampling", ("sample_weights", "log_std_density")
    use_toy(monkeypatch)
    monkeypatch.setattr(run, "_count_all", lambda planned, jobs: ((job, trials.count(job)) for job in planned))
    return "toy", ("draw", "double")


def test_a_run_continues_after_its_journal(tmp_path: Path, monkeypatch, audited):
    assignment, exercises = audited
    plan = run.plan

    def some(name: str, *, nulls: int, detections: int) -> list[Job]:
        kinds = [
            [
                job
                for job in plan(name, nulls=nulls, detections=detections)
                if (job.exercise, job.kind) == (exercise, kind)
            ]
            for exercise in exercises
            for kind in ("right", "wrong")
        ]
        return [jobs[0] for jobs in kinds]

    monkeypatch.setattr(run, "plan", some)
    journal, progress = tmp_path / "deeper" / "journal.jsonl", []

    def audited_again(*, nulls: int = 3) -> list[Line]:
        progress.clear()
        return run.run(
            [assignment],
            nulls=nulls,
            detections=2,
            jobs=1,
            journal=journal,
            on_progress=lambda done, total: progress.append((done, total)),
        )

    first = audited_again()
    planned = len(progress) - 1
    assert progress == [(done, planned) for done in range(planned + 1)]
    assert {line.exercise for line in first} == set(exercises)
    assert {line.kind for line in first} == {"right", "wrong"}
    for line in first:
        assert line.met
        assert line.low <= line.rate <= line.high
        assert line.rate == (1 if line.kind == "wrong" else 0)
        assert line.trials == (1 if not line.random else line.trials)

    # Nothing is left to do, and the numbers are the same.
    written = journal.read_text(encoding="utf-8").strip()
    assert len(written.splitlines()) == planned
    assert audited_again() == first
    assert progress == [(planned, planned)]
    assert journal.read_text(encoding="utf-8").strip() == written

    # A job with an incomplete line is done again, and so is a job of another version of the checks or of the answers.
    *kept, one, other, last = written.splitlines()
    old = [json.dumps(json.loads(one) | {"checks": "another"}), json.dumps(json.loads(other) | {"answers": "others"})]
    journal.write_text("\n".join([*kept, *old, last[: len(last) // 2]]), encoding="utf-8")
    again = audited_again()
    assert progress == [(done, planned) for done in range(planned - 3, planned + 1)]
    assert [_timeless(line) for line in again] == [_timeless(line) for line in first]
    assert audited_again() == again
    assert progress == [(planned, planned)]


KILLED = """
import sys, threading, time
from multiprocessing import get_context
from autograder.commands.audit import run

def work(link):
    run._begin()
    link.send("ready")
    time.sleep(600)

if __name__ == "__main__":
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=work, args=(theirs,))
    starting = threading.Thread(target=lambda: (process.start(), ours.recv()))
    starting.start()
    starting.join()
    process.join(1)
    print(process.is_alive(), process.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.long
def test_a_process_of_an_audit_ends_with_the_audit_and_not_with_the_thread_that_started_it(tmp_path: Path):
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    with subprocess.Popen([sys.executable, script], cwd=paths.ROOT, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout
        alive, process = killed.stdout.readline().split()
        killed.kill()

    assert alive == "True"
    psutil.wait_procs([psutil.Process(int(process))] if psutil.pid_exists(int(process)) else [], timeout=60)
    assert not psutil.pid_exists(int(process)) or psutil.Process(int(process)).status() == psutil.STATUS_ZOMBIE


def _timeless(line: Line) -> dict[str, Any]:
    return {name: value for name, value in vars(line).items() if name != "seconds_per_trial"}


def test_an_incomplete_last_line_of_the_journal_loses_no_job(tmp_path: Path):
    journal = tmp_path / "journal.jsonl"
    planned_job = job("draw", "right", "best")
    entry = {
        "checks": fingerprint.checks("toy"),
        "answers": answers.digest("toy"),
        "job": vars(planned_job),
        "counts": [vars(count) for count in counts(("a", True, 3, 0))],
    }
    journal.write_text(json.dumps(entry) + "\n" + json.dumps(entry)[:40], encoding="utf-8")

    assert run._finished(journal) == {planned_job: counts(("a", True, 3, 0))}


EM_LINE = Line("em", "bic", "wrong", "none", "all", False, 1, 1, 1.0, 0.9, 1.0, 0.1, True)


def test_the_published_audit_is_current_only_with_the_same_checks_and_answers(tmp_path: Path, monkeypatch):
    path = tmp_path / "audit.json"
    monkeypatch.setattr(report, "PUBLISHED", path)
    assert report.published(["em"]) == {"em": False}

    report.write_report(path, [EM_LINE], command="", nulls=1, detections=1)
    assert report.published(["em", "coffee"]) == {"em": True, "coffee": False}

    for part in ("checks", "answers"):
        written = json.loads(path.read_text(encoding="utf-8"))
        written[part]["em"] = "another"
        path.write_text(json.dumps(written), encoding="utf-8")
        assert report.published(["em"]) == {"em": False}
        report.write_report(path, [EM_LINE], command="", nulls=1, detections=1)


def test_the_state_of_the_published_audit_is_said_in_words():
    assert table.state({"em": True}) == "The published audit is of the present checks of em."
    assert table.state({"em": True, "coffee": False, "dpmm": False}).splitlines() == [
        "The published audit is of the present checks of em.",
        "[red]The published audit is not of the present checks of coffee, dpmm.[/]",
    ]
