"""An audit in several processes, with a journal from which an interrupted one continues."""

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from multiprocessing import get_context, parent_process
from pathlib import Path

import jax

from autograder import computing, fingerprint
from autograder.exercises import load
from autograder.exercises.truth import make_room
from autograder.notebooks import answers

from .report import Line, summarise
from .trials import IN_FLOAT64, SEED, Count, Job, count

CHUNK = 1000  # comparisons for each job
OTHERS_SHARE = 0.05  # of the replicates, for all right answers but the first
OTHERS_SECONDS = 6.0  # at most, for each of these answers on each case


def run(
    names: Iterable[str],
    *,
    nulls: int,
    detections: int,
    jobs: int,
    journal: Path,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Line]:
    """Count in parallel. If an earlier run with the same journal was interrupted, continue from there.

    Args:
        names: the assignments.
        nulls: comparisons of right answers for each random case.
        detections: trials of each wrong answer.
        journal: a file of finished jobs. Jobs of another version of the checks or of the answers are done again.
    """
    planned = [job for name in names for job in plan(name, nulls=nulls, detections=detections)]
    done = _finished(journal)
    # Jobs are interleaved, so that every check has some counts early.
    remaining = sorted((job for job in planned if job not in done), key=lambda job: job.first_seed)
    finished = len(planned) - len(remaining)
    on_progress(finished, len(planned))
    journal.parent.mkdir(parents=True, exist_ok=True)
    with journal.open("a", encoding="utf-8") as file:
        if file.tell():
            file.write("\n")  # the last line may be incomplete
        for number, (job, counts) in enumerate(_count_all(remaining, jobs=jobs), finished + 1):
            done[job] = counts
            entry = {
                "checks": fingerprint.checks(job.assignment),
                "answers": answers.digest(job.assignment),
                "job": asdict(job),
                "counts": [asdict(count) for count in counts],
            }
            file.write(json.dumps(entry) + "\n")
            file.flush()
            on_progress(number, len(planned))
    return summarise(planned, done)


def plan(name: str, *, nulls: int, detections: int) -> Iterator[Job]:
    """All the jobs of an assignment."""
    for exercise in load(name).graded:
        first, *others = answers.names(name, exercise.name)
        if any(case.seeded for case in exercise.cases):
            for start in range(0, nulls, CHUNK):
                yield Job(name, exercise.name, "right", first, SEED + start, min(CHUNK, nulls - start))
            share = max(1, round(nulls * OTHERS_SHARE))
            for other in others:
                yield Job(name, exercise.name, "right", other, SEED, share, OTHERS_SECONDS)
        else:
            for right in (first, *others):
                yield Job(name, exercise.name, "right", right, SEED, 1)
                yield Job(name, exercise.name, "right", right + IN_FLOAT64, SEED, 1)
        for mistake in exercise.mistakes:
            yield Job(name, exercise.name, "wrong", mistake.name, SEED, detections)


def _finished(journal: Path) -> dict[Job, list[Count]]:
    if not journal.exists():
        return {}
    done = {}
    for text in journal.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(text)
        except json.JSONDecodeError:  # empty, or incomplete because a run was interrupted
            continue
        job = Job(**entry["job"])
        known = fingerprint.checks(job.assignment), answers.digest(job.assignment)
        if (entry["checks"], entry.get("answers")) == known:
            done[job] = [Count(**count) for count in entry["counts"]]
    return done


def _count_all(planned: list[Job], *, jobs: int) -> Iterator[tuple[Job, list[Count]]]:
    """Do jobs in several processes; yields each with its counts."""
    if planned:
        # A process grows with what it compiles, so it ends after some jobs; to start one takes seconds.
        with get_context("spawn").Pool(min(jobs, len(planned)), _begin, maxtasksperchild=16) as pool:
            yield from pool.imap_unordered(_counted, planned)
            pool.close()  # the processes end by themselves: one that is still starting may not notice that it shall end
            pool.join()


def _begin() -> None:
    computing.set_up()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait until the audit's own process is gone, for example killed, and end this one too.

    The kernel can do this as well, but it ends a process together with the thread that started it. A pool starts
    processes in a thread that ends before they do.
    """
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _counted(job: Job) -> tuple[Job, list[Count]]:
    jax.config.update("jax_disable_most_optimizations", False)  # a job compiles once and runs often
    counts = count(job)
    make_room()
    return job, counts
