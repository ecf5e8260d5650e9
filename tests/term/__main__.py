"""Play a term: 30 students, one assignment, and everything that happens to notebooks on their way to a mark.

    uv run python -m tests.term --db sqlite --db postgresql

The instructor uses `autograder` and `nbgrader`; the students reach the course through nbgrader's exchange. The kit is a
copy that begins with a check that is too strict, and is corrected in the end. Every figure is compared twice, before
and after the correction: results, feedback pages, database, formgrader, the exports. A PostgreSQL server of Debian's
package is started for the term.
"""

import argparse
import csv
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from rich.console import Console

from autograder import exercises, paths
from autograder.course import verdicts
from autograder.course.folder import Course
from autograder.notebooks.released import check_id
from tests.term import figures, people, postgresql
from tests.term.figures import Exported
from tests.term.people import Student, nbgrader

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "term.json"
ASSIGNMENT = "categorization"
# A density in float32 has at most seven right digits; a check of nine digits fails right answers.
TOO_STRICT = ("DENSITY = Tolerance(STEP.relative, 1e-9)", "DENSITY = Tolerance(1e-9, 0.0)")
console = Console(highlight=False)


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The students' roles, by number; all others hand in once, in time, through the exchange."""

    never: range = range(1)
    uploads: range = range(1, 4)
    uploads_late: range = range(4, 5)
    cut_off: range = range(5, 6)
    untouched: range = range(6, 7)
    late: range = range(7, 13)
    extended: range = range(12, 13)
    twice: range = range(13, 17)
    again_after_grading: range = range(17, 20)


ROLES = Roles()


@dataclass(frozen=True)
class Term:
    """One term: a folder with the kit, the course, the exchange and the students' homes."""

    folder: Path
    seed: int

    @property
    def course(self) -> Course:
        return Course(self.folder / "course")

    @property
    def environment(self) -> dict[str, str]:
        """An environment with the copy of the kit, and without settings or caches of the user."""
        own = {
            "PYTHONPATH": "kit",
            "XDG_CACHE_HOME": "cache",
            "JUPYTER_CONFIG_DIR": "jupyter",
            "JUPYTER_DATA_DIR": "data",
        }
        return os.environ | {name: str(self.folder / folder) for name, folder in own.items()}

    @cached_property
    def chance(self) -> random.Random:
        return random.Random(self.seed)

    def run(self, *words: object, folder: Path | None = None) -> str:
        """Run a command; return its output."""
        command = [sys.executable, "-m", *map(str, words)]
        done = subprocess.run(
            command, cwd=folder or self.course.root, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise people.CommandFailed(f"{' '.join(map(str, words))}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def autograder(self, *words: object) -> str:
        return self.run("autograder", *words, folder=self.folder)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Play a term through and compare every figure.")
    arguments.add_argument("--db", action="append", choices=["sqlite", "postgresql"], help="again for both")
    arguments.add_argument("--students", type=int, default=30)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--keep", type=Path, help="play in this folder and leave it there")
    chosen = arguments.parse_args()
    databases = chosen.db or ["sqlite"]
    if "postgresql" in databases and postgresql.programs() is None:
        console.print("skipped: PostgreSQL is not installed (Debian: apt install postgresql)")
        databases.remove("postgresql")
    terms = {}
    for database in databases:
        with scratch(chosen.keep) as folder, address(database) as db_url:
            console.rule(database)
            term = Term(folder / database, chosen.seed)
            # In this process, nbgrader must not find the user's settings either.
            os.environ |= {name: term.environment[name] for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
            terms[database] = play(term, db_url, chosen.students)
    if not terms:
        return
    marks = [term.pop("marks") for term in terms.values()]
    if any(other != marks[0] for other in marks):
        sys.exit("the databases give different marks")
    report = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python -m tests.term {' '.join(sys.argv[1:])}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "assignment": ASSIGNMENT,
        "students": chosen.students,
        "seed": chosen.seed,
        "terms": terms,
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n")


@contextmanager
def scratch(keep: Path | None) -> Iterator[Path]:
    with nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="term-") as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        yield Path(folder).resolve()


@contextmanager
def address(database: str) -> Iterator[str | None]:
    """The `db_url` of an empty database; None for nbgrader's own SQLite file."""
    if database == "sqlite":
        yield None
        return
    with postgresql.server() as socket:
        yield postgresql.new_database(socket, "gradebook")


def play(term: Term, db_url: str | None, count: int) -> dict[str, Any]:
    """Play the term, from an empty folder to the last export.

    Raises:
        SystemExit: two places show different figures, or something else is wrong.
    """
    started = time.monotonic()
    course = term.course
    students = set_up(term, db_url, count)
    handed_in = hand_in(term, students)
    nbgrader("collect", ASSIGNMENT, folder=course.root)
    nbgrader("zip_collect", ASSIGNMENT, folder=course.root)
    say("graded by autograder", term.autograder("grade", ASSIGNMENT, "--course", course.root))

    hand_in_again(term, students)
    nbgrader("collect", ASSIGNMENT, "--update", folder=course.root)
    term.run("nbgrader", "autograde", ASSIGNMENT)
    by_hand = mark_by_hand(term)
    returned = give_back(term, students)
    first = compare(term)

    check_regrade(term, students[-1])
    before = verdicts.latest(course, ASSIGNMENT)
    correct(term)
    printed = term.autograder("grade", ASSIGNMENT, "--course", course.root)
    changes = verdicts.changes(before, verdicts.latest(course, ASSIGNMENT))
    said = " ".join(printed.split())
    expect(changes != [], "the corrected check changed no mark")
    expect({change.exercise for change in changes} == {"marginal_density"}, "marks of another exercise changed")
    for change in changes:
        expect(change.student in said and change.why == "the kit has changed", f"{change} was not told")
    say("regraded with the corrected check", printed)
    give_back(term, students)
    second = compare(term)
    gradescope = run_on_gradescope(term, [students[number] for number in (-1, -2, ROLES.cut_off[0])])
    check_solution(term)

    results = json.loads(course.results(ASSIGNMENT).read_text())["submissions"]
    return {
        "seconds": round(time.monotonic() - started),
        "hand-ins": handed_in + len(ROLES.twice) + len(ROLES.again_after_grading),
        "graded": len(results),
        "marks by hand": by_hand,
        "pages fetched": returned,
        "figures compared": {"too strict": first, "corrected": second, "gradescope": gradescope},
        "disagreements": 0,
        "marks changed by the correction": len(changes),
        "late": sum(result["late_penalty"] > 0 for result in results),
        "mean": round(sum(result["final_score"] for result in results) / len(results), 3),
        "marks": {result["student"]: result["final_score"] for result in results},
    }


def set_up(term: Term, db_url: str | None, count: int) -> list[Student]:
    """Make a course with the kit's mistake, release it at an exchange, and let the students fetch it."""
    shutil.rmtree(term.folder, ignore_errors=True)
    term.folder.mkdir(parents=True)
    for package in ("assignments", "autograder", "reference"):
        shutil.copytree(
            paths.ROOT / package, term.folder / "kit" / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    replace_in_kit(term, *TOO_STRICT)
    exchange = people.make_exchange(term.folder / "exchange")
    term.autograder("course", term.course.root, ASSIGNMENT)
    settings = [people.SETTINGS, f"c.Exchange.root = {str(exchange)!r}"]
    if db_url:
        settings.append(f"c.CourseDirectory.db_url = {db_url!r}")
    with (term.course.root / "nbgrader_config.py").open("a") as file:
        file.write("\n".join([*settings, ""]))
    term.autograder("course", term.course.root, ASSIGNMENT)
    nbgrader("release_assignment", ASSIGNMENT, folder=term.course.root)
    homes = term.folder / "homes"
    homes.mkdir()
    students = [Student(f"student{number:02}", homes / f"{number:02}", exchange) for number in range(count)]
    for student in students:
        student.fetch(ASSIGNMENT)
    return students


def hand_in(term: Term, students: list[Student]) -> int:
    """Play the first round: in time, twice, too late, by upload, cut off. Return how many have handed in."""
    answered = {number: answer(term) for number in range(len(students))}
    in_time = [number for number in answered if number not in {*ROLES.never, *ROLES.late, *uploads()}]
    for number in ROLES.twice:
        students[number].submit(ASSIGNMENT, answer(term))
    for number in in_time:
        text = answered[number]
        if number in ROLES.cut_off:
            text = text[: len(text) // 2]
        if number in ROLES.untouched:
            text = term.course.released_notebook(ASSIGNMENT).read_text()
        students[number].submit(ASSIGNMENT, text)
    due = datetime.now(UTC)
    people.set_due_date(term.course, ASSIGNMENT, due)
    for number in ROLES.late:
        students[number].submit(ASSIGNMENT, answered[number])
    for number in uploads():
        when = due + timedelta(hours=30 if number in ROLES.uploads_late else -3)
        students[number].upload(ASSIGNMENT, answered[number], term.course.root / "downloaded", when)
    return len(students) - len(ROLES.never)


def hand_in_again(term: Term, students: list[Student]) -> None:
    """After grading, some hand in again, too late; some get more time."""
    for number in ROLES.again_after_grading:
        students[number].submit(ASSIGNMENT, answer(term))
    for number in (*ROLES.extended, ROLES.again_after_grading[0]):
        people.extend(term.course, ASSIGNMENT, students[number].name, days=2)


def uploads() -> tuple[int, ...]:
    return (*ROLES.uploads, *ROLES.uploads_late)


def answer(term: Term) -> str:
    """Make a notebook with the answers of a student of the sample class, from some exercise on those of another."""
    notebook = nbformat.read(term.course.released_notebook(ASSIGNMENT), as_version=4)
    result, other = (answers(path) for path in term.chance.sample(readable(), 2))
    filled = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    turn = term.chance.randrange(len(filled) + 1)
    for number, cell in enumerate(filled):
        name = cell.metadata["nbgrader"]["grade_id"]
        cell.source = (result if number < turn else other).get(name, cell.source)
    return nbformat.writes(notebook)


def answers(path: Path) -> dict[str, str]:
    cells = nbformat.read(path, as_version=4).cells
    return {tag["grade_id"]: cell.source for cell in cells if (tag := cell.metadata.get("nbgrader"))}


def readable() -> list[Path]:
    found = sorted((paths.SAMPLE_CLASS / ASSIGNMENT).glob("*.ipynb"))
    return [path for path in found if path.read_text(encoding="utf-8").rstrip().endswith("}")]


def mark_by_hand(term: Term) -> int:
    """Mark every waiting written answer, with a comment; overrule the kit once, and give extra credit."""
    (written,) = (exercise for exercise in exercises.load(ASSIGNMENT).exercises if exercise.name.startswith("written"))
    names = sorted(path.stem for path in term.course.verdicts(ASSIGNMENT))
    for name in names:
        score = term.chance.randrange(2 * written.points + 1) / 2
        people.mark(term.course, ASSIGNMENT, name, written.name, score=score, comment=f"Read with care, {name}.")
    people.mark(term.course, ASSIGNMENT, names[0], check_id("responsibilities"), score=3.5)
    people.mark(term.course, ASSIGNMENT, names[1], check_id("count_modes"), extra=0.5)
    return len(names) + 2


def give_back(term: Term, students: list[Student]) -> int:
    """Return the pages through the exchange: students who handed in there find their own page, and nothing else."""
    course = term.course
    term.run("nbgrader", "generate_feedback", ASSIGNMENT, "--force")
    nbgrader("release_feedback", ASSIGNMENT, folder=course.root)
    fetched = 0
    for number, student in enumerate(students):
        if number in {*ROLES.never, *uploads()}:
            continue
        shutil.rmtree(student.home / ASSIGNMENT / "feedback", ignore_errors=True)
        pages = student.fetch_feedback(ASSIGNMENT)
        own = course.feedback(ASSIGNMENT, student.name).read_bytes()
        expect(own in [page.read_bytes() for page in pages], f"{student.name} did not find the page")
        expect(all(student.name in page.read_text() for page in pages), f"{student.name} found another's page")
        fetched += 1
    return fetched


def compare(term: Term) -> int:
    """Export everything and compare every figure; return their number."""
    exported = Exported(
        csv=term.folder / "marks.csv", canvas=term.folder / "canvas.csv", nbgrader=term.folder / "nbgrader.csv"
    )
    students = sorted(path.stem for path in term.course.verdicts(ASSIGNMENT))
    roster = term.folder / "roster.csv"
    with roster.open("w", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section"])
        sheet.writerows(["Doe, Jo", number, "", name, "S"] for number, name in enumerate(students, start=1))
    term.autograder("export", "csv", "--course", term.course.root, "--out", exported.csv)
    term.autograder(
        "export", "canvas", ASSIGNMENT, "--course", term.course.root, "--roster", roster, "--out", exported.canvas
    )
    nbgrader("export", "--to", str(exported.nbgrader), folder=term.course.root)
    places = figures.everywhere(term.course, exercises.load(ASSIGNMENT), exported)
    expect({student for student, _ in places["results"]} >= set(students), "somebody is missing from the results")
    found = figures.disagreements(places)
    if found:
        console.print(figures.table(found, places))
    expect(not found, f"{len(found)} figures disagree")
    return sum(map(len, places.values()))


def check_regrade(term: Term, student: Student) -> None:
    """Judge one student's work again: verdict, page and notebook are the same, byte for byte."""
    files = [
        term.course.feedback(ASSIGNMENT, student.name),
        term.course.autograded(ASSIGNMENT, student.name),
    ]

    def state() -> tuple[list[bytes], str]:
        kept = verdicts.history(term.course, ASSIGNMENT, student.name)[-1].verdict
        told = verdicts.results.to_json(kept) | {"seconds": 0}
        return [path.read_bytes() for path in files], json.dumps(told)

    before = state()
    term.course.verdict(ASSIGNMENT, student.name).unlink()
    term.autograder("grade", ASSIGNMENT, "--course", term.course.root)
    expect(state() == before, f"the regrade of {student.name} is not the same")


def correct(term: Term) -> None:
    replace_in_kit(term, *reversed(TOO_STRICT))


def replace_in_kit(term: Term, old: str, new: str) -> None:
    path = term.folder / "kit" / "autograder" / "exercises" / f"{ASSIGNMENT}.py"
    text = path.read_text()
    expect(text.count(old) == 1, f"{old!r} is not in the kit")
    path.write_text(text.replace(old, new))


def run_on_gradescope(term: Term, students: list[Student]) -> int:
    """Run the exported autograder on some notebooks: its scores are the automatic scores of the results."""
    archive = term.folder / "gradescope.zip"
    term.autograder("export", "gradescope", ASSIGNMENT, "--out", archive)
    told = json.loads(term.course.results(ASSIGNMENT).read_text())["submissions"]
    scores = {result["student"]: {each["name"]: each["score"] for each in result["exercises"]} for result in told}
    root = term.folder / "gradescope"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(root / "source")
    environment = term.environment | {"PYTHONPATH": str(root / "source" / "kit")}
    compared = 0
    for step, student in [("prepare", None), *(("grade", student) for student in students)]:
        if student:
            shutil.rmtree(root / "submission", ignore_errors=True)
            shutil.copytree(term.course.submitted() / student.name / ASSIGNMENT, root / "submission")
        subprocess.run(
            [sys.executable, "-m", "autograder.commands.gradescope_container", step, str(root)],
            cwd=root, env=environment, check=True, capture_output=True,
        )  # fmt: skip
        if student:
            for test in json.loads((root / "results" / "results.json").read_text())["tests"]:
                own = scores[student.name][test["name"]]
                expect(
                    test["score"] == own, f"Gradescope gives {student.name} {test['score']}, not {own}: {test['name']}"
                )
                compared += 1
    return compared


def check_solution(term: Term) -> None:
    """Test `nbgrader generate_solution`, and `validate` for a student who fetches the corrected assignment."""
    term.run("nbgrader", "generate_solution", ASSIGNMENT)
    nbgrader("release_assignment", ASSIGNMENT, "--force", folder=term.course.root)
    notebook = Student("newcomer", term.folder / "homes" / "newcomer", term.folder / "exchange").fetch(ASSIGNMENT)
    shutil.copy(term.course.root / "solution" / ASSIGNMENT / notebook.name, notebook)
    said = term.run("nbgrader", "validate", notebook.name, folder=notebook.parent)
    expect("Success! Your notebook passes all the tests." in said, f"the solution does not validate:\n{said}")


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(otherwise)


def say(title: str, printed: str) -> None:
    console.print(f"[bold]{title}[/]")
    console.print(printed, markup=False)


if __name__ == "__main__":
    main()
