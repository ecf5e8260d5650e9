"""A term of thirty students with Canvas and with Moodle: every mark and every page belongs to the right student.

It has late work, second attempts, a group, a student who withdraws, unreadable files and odd names.
"""

import csv
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder import cli, exercises
from autograder.commands.grade import grade_class
from autograder.commands.local import Local
from autograder.course import roster
from autograder.course.folder import Course
from autograder.submissions import locate
from autograder.submissions.names import normal
from tests.autograder import toy
from tests.autograder.toy import TOY
from tests.lms import canvas, moodle, zips
from tests.lms.moodle import Row
from tests.lms.people import CLASS, Member
from tests.term import people

pytestmark = [
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning:nbgrader"),
]

ANSWERS = {
    "right": ("def double(x):\n    return 2 * x", 5),
    "short": ("def double(x):\n    return 2 * x if len(x) == 2 else x", 2),
    "wrong": ("def double(x):\n    return 3 * x", 0),
}
DAN, EVE, WENDY = CLASS[-2], CLASS[-3], CLASS[-1]
GROUP, TEAM = (EVE, DAN), "Team_7"
ABSENT = CLASS[26]
CUT_OFF, PDF = CLASS[2], CLASS[14]
AGAIN = (CLASS[1], CLASS[4], CLASS[10])
LATE = (CLASS[3], CLASS[8], CLASS[9], CLASS[11])
ALONE = [member for member in CLASS if member not in (*GROUP, ABSENT)]
ESSAYS = {member.login: round(0.1 * (place + 1), 1) for place, member in enumerate(CLASS)}
ESSAYS[EVE.login] = ESSAYS[DAN.login]


def answer(member: Member, attempt: int = 1) -> str:
    """A student who hands in again was wrong the first time; a group has one answer."""
    if attempt == 1 and member in AGAIN:
        return "wrong"
    return [*ANSWERS][CLASS.index(DAN if member in GROUP else member) % 3]


def content(member: Member, attempt: int = 1) -> str:
    if member is PDF:
        return "%PDF-1.4"
    text = nbformat.writes(toy._notebook(ANSWERS[answer(member, attempt)][0]))
    return text[:300] if member is CUT_OFF else text


def earned(member: Member, attempt: int = 2) -> float:
    """The final points. If the file is unreadable, only the essay counts, which a person has read elsewhere."""
    automatic = 0 if member in (PDF, CUT_OFF) else ANSWERS[answer(member, attempt)][1]
    return round(automatic + ESSAYS[member.login], 2)


def command(*words: object) -> str:
    done = CliRunner().invoke(cli.app, [*map(str, words)])
    assert done.exit_code == 0, done.output
    return done.output


@dataclass
class Term:
    """A course and its folder of downloads."""

    course: Course
    folder: Path
    uploaded: dict[str, str] = field(default_factory=dict)
    """The name in the download that counts, by the login of its student."""

    def collect(self, download: Path, *lists: Path, dry: bool = False) -> str:
        options = [word for path in lists for word in ("--roster", path)]
        return command(
            "collect", "toy", download, "--course", self.course.root, *options, *(["--dry-run"] if dry else [])
        )

    def grade(self) -> None:
        grade_class(self.course, TOY, locate.find([self.course.submitted()], "toy"), Local(jobs=2))

    def mark_essays(self) -> None:
        """Mark the essay of each student, and one essay of the group."""
        with Gradebook(self.course.config().CourseDirectory.get("db_url") or self.database) as gradebook:
            for member in (*ALONE, GROUP[0]):
                if (self.course.submitted() / member.login).exists():
                    grade: Any = gradebook.find_grade("essay", "toy", "toy", member.login)
                    grade.manual_score, grade.needs_manual_grade = ESSAYS[member.login], False
            gradebook.db.commit()

    @property
    def database(self) -> str:
        return f"sqlite:///{self.course.root / 'gradebook.db'}"

    def returned(self, system: str) -> dict[str, str]:
        """The text of each page in the zip, by its name in the zip."""
        path = self.folder / "pages.zip"
        command("return", "toy", "--for", system, "--out", path, "--course", self.course.root)
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def term(toy_course, tmp_path, monkeypatch, shared_sandbox) -> Term:
    monkeypatch.setattr(exercises, "load", {"toy": TOY}.__getitem__)
    monkeypatch.setattr(exercises, "known", lambda name: name)
    return Term(toy_course, tmp_path)


def total(page: str) -> float:
    """The points that a page shows, as HTML or in a notebook."""
    found = re.search(r'class="total">([\d.]+) of', page)
    assert found
    return float(found[1])


def whom(page: str) -> str:
    found = re.search(r"Feedback for <strong>(.*?)</strong>", page)
    assert found
    return found[1].replace("&#39;", "'")


def shown(page: str) -> str:
    """The page in a notebook; any other page itself."""
    try:
        notebook = json.loads(page)
    except json.JSONDecodeError:
        return page
    return "".join(notebook["cells"][1]["outputs"][0]["data"]["text/html"])


def graded_names(course: Course) -> set[str]:
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        names = [(member.first_name, member.last_name) for member in gradebook.students]
    return {" ".join(str(part) for part in name if part is not None) for name in names}


def called(member: Member) -> str:
    """The name on a page; for two students with the same name, with the login."""
    alike = [other for other in CLASS if other.name.casefold() == member.name.casefold()]
    name = roster.Person(first_name=member.first, last_name=member.last).name
    return f"{name} ({member.login})" if len(alike) > 1 else name


def present(members: Iterable[Member]) -> list[Member]:
    return [member for member in members if member is not WENDY]


@pytest.mark.long
def test_a_term_on_canvas(term: Term):
    def upload(member: Member, file: int, attempt: int = 1, *, late: bool = False) -> tuple[str, str]:
        name = "answer.pdf" if member is PDF else "toy.ipynb" if attempt == 1 else f"toy-{attempt - 1}.ipynb"
        entry = canvas.entry(member.sortable, member.canvas, file, name, late=late)
        term.uploaded[member.login] = entry
        return entry, content(member, attempt)

    lists = (
        canvas.gradebook(term.folder / "gradebook.csv", CLASS),
        canvas.groups(term.folder / "groups.csv", [(student, TEAM) for student in GROUP]),
    )
    in_time = [student for student in ALONE if student not in LATE]
    first = dict(upload(student, 50_000 + place) for place, student in enumerate(in_time))
    group = canvas.entry(TEAM, DAN.canvas, 50_900, "toy.ipynb")
    first[group] = content(DAN)
    download = zips.write_as_ruby(term.folder / "first.zip", first)
    told = term.collect(download, *lists, dry=True)
    assert not term.course.submitted().exists()
    assert told.splitlines()[:-1] == term.collect(download, *lists).splitlines()[:-1]
    term.grade()

    # Some hand in again, some late; Wendy has left.
    there = present(CLASS)
    again = dict(upload(student, 60_000 + place, 2) for place, student in enumerate(AGAIN))
    late = dict(upload(student, 61_000 + place, late=True) for place, student in enumerate(LATE))
    kept = {name: text for name, text in first.items() if name in {*term.uploaded.values(), group}}
    kept.pop(term.uploaded[WENDY.login])
    second = zips.write_as_ruby(term.folder / "second.zip", {**kept, **again, **late})
    new_list = canvas.gradebook(term.folder / "gradebook2.csv", there)
    told = term.collect(second, new_list)
    assert f"Nothing from: {ABSENT.login}" in told
    assert "4 late" in told
    term.grade()
    term.mark_essays()

    found = term.returned("canvas")

    # The names are exactly those in the download, and Canvas finds the student by each name.
    assert {*found} == {group, *(term.uploaded[student.login] for student in ALONE)}
    for student in ALONE:
        name = term.uploaded[student.login]
        page = shown(found[name])
        assert canvas.user_and_file(name)[0] == str(student.canvas)
        assert whom(page) == normal(called(student))
        assert total(page) == earned(student), student
    assert canvas.user_and_file(group, [TEAM.lower()])[0] == str(DAN.canvas)
    assert whom(shown(found[group])) == "Eve Poe, Dan Roe"
    assert total(shown(found[group])) == earned(DAN)

    marks = term.folder / "marks.csv"
    command("export", "canvas", "toy", "--roster", new_list, "--out", marks, "--course", term.course.root)
    with marks.open(encoding="utf-8", newline="") as file:
        rows = {row["ID"]: row["Toy (302)"] for row in csv.DictReader(file) if row["ID"]}
    expected = {str(student.canvas): f"{earned(student):g}" for student in there if student is not ABSENT}
    assert rows == {**expected, str(ABSENT.canvas): "", "999": ""}  # the last is Canvas's own test student

    # Canvas marks late students without a time: nobody counts as on time without a warning.
    results = json.loads(term.course.results("toy").read_text())["submissions"]
    warned = {
        result["student"] for result in results if any("marked this as late" in text for text in result["warnings"])
    }
    assert warned == {student.login for student in LATE}
    check_names(term)


@pytest.mark.long
def test_a_term_on_moodle(term: Term):
    with (term.course.root / "nbgrader_config.py").open("a") as file:
        file.write('c.LateSubmissionPlugin.penalty_method = "zero"\nc.Exchange.timezone = "Europe/Berlin"\n')
    people.set_due_date(term.course, "toy", datetime(2027, 1, 20, 17, tzinfo=UTC))
    rows: dict[str, Row] = {}

    def upload(member: Member, attempt: int = 1, *, late: bool = False) -> tuple[str, str]:
        # Downloads in folders, some with the underscore of versions before 4.1.
        folder = moodle.folder(member.name, member.participant, old=CLASS.index(member) % 2 == 0)
        name = "answer.pdf" if member is PDF else f"my_toy_{attempt}.ipynb"
        term.uploaded[member.login] = folder
        clock = "Wednesday, 20 January 2027, 6:05 PM" if late else "Wednesday, 20 January 2027, 5:55 PM"
        status = "Submitted for grading - 5 mins late" if late else "Submitted for grading"
        rows[member.login] = Row(status=status, modified=clock)
        return f"{folder}/{name}", content(member, attempt)

    in_time = [student for student in ALONE if student not in LATE]
    first = dict(map(upload, in_time))
    group = f"{moodle.folder(TEAM, ALONE[0].participant)}/toy.ipynb"  # a participant has the same number as the group
    first[group] = content(DAN)
    for student in GROUP:
        rows[student.login] = Row(status="Submitted for grading", group=TEAM, modified="20 January 2027, 5:55 PM")
    worksheet = moodle.worksheet(term.folder / "worksheet.csv", CLASS, rows)
    term.collect(zips.write(term.folder / "first.zip", first), worksheet)
    term.grade()

    there = present(CLASS)
    kept = {name: text for name, text in first.items() if WENDY.name not in name}
    for student in AGAIN:
        kept = {name: text for name, text in kept.items() if not name.startswith(term.uploaded[student.login])}
    again = dict(upload(student, 2) for student in AGAIN)
    late = dict(upload(student, late=True) for student in LATE)
    worksheet = moodle.worksheet(term.folder / "worksheet2.csv", there, rows)
    told = term.collect(zips.write(term.folder / "second.zip", {**kept, **again, **late}), worksheet)
    assert f"Nothing from: {ABSENT.login}" in told
    term.grade()
    term.mark_essays()

    found = term.returned("moodle")

    folders = {name.partition("/")[0]: text for name, text in found.items()}
    assert {name.partition("/")[2] for name in found} == {"toy.html"}
    assert {term.uploaded[student.login] for student in ALONE} <= {*folders}
    by_participant = {moodle.participant(name): text for name, text in found.items()}
    assert {*by_participant} == {student.participant for student in (*ALONE, *GROUP)}
    for student in ALONE:
        page = by_participant[student.participant]
        assert page == folders[term.uploaded[student.login]]
        assert whom(page) == normal(called(student))
        assert total(page) == (0 if student in LATE else earned(student)), student
    for student in GROUP:
        assert whom(by_participant[student.participant]) == "Eve Poe, Dan Roe"
        assert total(by_participant[student.participant]) == earned(DAN)

    marks = term.folder / "marks.csv"
    command("export", "moodle", "toy", "--roster", worksheet, "--out", marks, "--course", term.course.root)
    with marks.open(encoding="utf-8-sig", newline="") as file:
        grades = {row["Identifier"]: row["Grade"] for row in csv.DictReader(file)}
    expected = {
        f"Participant {student.participant}": "0" if student in LATE else f"{earned(student):g}"
        for student in there
        if student is not ABSENT
    }
    assert grades == {**expected, f"Participant {ABSENT.participant}": ""}
    check_names(term)


def check_names(term: Term) -> None:
    """Check that students have the roster's names in formgrader and in the report."""
    there = [member for member in CLASS if member is not ABSENT]
    assert graded_names(term.course) == {normal(member.name) for member in there}
    report = term.folder / "class.html"
    command("report", "toy", "--course", term.course.root, "--out", report)
    page = report.read_text(encoding="utf-8").replace("&#39;", "'")
    assert normal(called(PDF)) in page
    assert normal(called(CUT_OFF)) in page
    assert called(ABSENT) in page
    assert not re.search(r"\bu0\d\d\b(?!\))", page)  # a login follows a name only if two students have this name
