"""Collecting: which student gets which notebook, what is kept aside and reported, and that nothing else is written."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from autograder.course import collected, roster
from autograder.course.folder import Course
from autograder.course.roster import Person
from autograder.errors import IdentityError
from autograder.systems.collect import Outcome, collect
from tests.lms import canvas, moodle, zips
from tests.lms.moodle import Row
from tests.lms.people import CLASS

ADA, BILAL, *_ = CLASS
ANNAS = [member for member in CLASS if member.name == "Anna Smith"]
DAN, EVE = (next(member for member in CLASS if member.first == first) for first in ("Dan", "Eve"))
NOTEBOOK = '{"cells": [], "who": "%s"}'


@pytest.fixture
def course(tmp_path) -> Course:
    return Course(tmp_path / "course")


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def canvas_zip(path: Path, names: dict[str, str]) -> Path:
    return zips.write_as_ruby(path, names)


def by_student(outcome: Outcome):
    return {line.record.student: line for line in outcome.lines}


def uploaded(member, file=0, name="em.ipynb", *, late=False):
    return canvas.entry(member.sortable, member.canvas, file or 9000 + member.canvas, name, late=late)


@pytest.mark.parametrize("with_list", [True, False])
def test_every_student_of_a_canvas_class_gets_their_own_notebook(tmp_path, course, with_list):
    download = canvas_zip(tmp_path / "c.zip", {uploaded(member): NOTEBOOK % member.login for member in CLASS})
    listed = [canvas.gradebook(tmp_path / "gradebook.csv", CLASS)] if with_list else []

    outcome = collect(course, "em", download, listed=listed)

    people = roster.read(course.root)
    assert len(outcome.lines) == len(people) == len(CLASS)
    assert outcome.left == ()
    of = {person.canvas: student for student, person in people.items()}
    for member in CLASS:
        student = of[str(member.canvas)]
        assert files(course.submitted() / student) == {"em/em.ipynb": NOTEBOOK % member.login}
        if with_list:
            assert student == member.login
            assert people[student].name == roster.read(course.root)[student].name
        assert by_student(outcome)[student].record.upload == uploaded(member)


def test_every_student_of_a_moodle_class_gets_their_own_notebook(tmp_path, course):
    names = {f"{moodle.folder(member.name, member.participant)}/em.ipynb": NOTEBOOK % member.login for member in CLASS}
    rows = {member.login: Row(status="Submitted for grading", modified="20 January 2027, 6:05 PM") for member in CLASS}

    outcome = collect(
        course,
        "em",
        zips.write(tmp_path / "m.zip", names),
        listed=[moodle.worksheet(tmp_path / "w.csv", CLASS, rows)],
        zone="Europe/Berlin",
    )

    assert outcome.left == ()
    for member in CLASS:
        assert files(course.submitted() / member.login) == {
            "em/em.ipynb": NOTEBOOK % member.login,
            "em/timestamp.txt": "2027-01-20 17:05:00 UTC\n",
        }


def test_two_students_of_one_name_are_reported_and_not_mixed_up(tmp_path, course):
    names = {f"{moodle.folder(member.name, member.participant)}/em.ipynb": member.login for member in [*ANNAS, ADA]}
    download = zips.write(tmp_path / "m.zip", names)

    outcome = collect(course, "em", download)

    assert [line.record.student for line in outcome.lines] == ["Ada Lovelace"]
    assert len(outcome.left) == 2
    assert all("tells them apart with --roster" in left.why for left in outcome.left)

    outcome = collect(course, "em", download, listed=[moodle.worksheet(tmp_path / "w.csv", CLASS, {})])

    assert outcome.left == ()
    assert all(files(course.submitted() / member.login) == {"em/em.ipynb": member.login} for member in ANNAS)


def test_a_list_with_two_students_of_one_name_does_not_say_which_is_in_the_roster(tmp_path, course):
    names = {f"{moodle.folder(ANNAS[1].name, 7)}/em.ipynb": "{}"}
    collect(course, "em", zips.write(tmp_path / "m.zip", names))
    worksheet = moodle.worksheet(tmp_path / "w.csv", CLASS, {})

    with pytest.raises(IdentityError, match=r"2 on the list are called Anna Smith: say in roster\.csv"):
        collect(course, "em", zips.write(tmp_path / "m2.zip", names), listed=[worksheet])

    people = roster.read(course.root)
    roster.write(course.root, {"Anna Smith": replace(people["Anna Smith"], email=ANNAS[1].email)})
    collect(course, "em", zips.write(tmp_path / "m2.zip", names), listed=[worksheet])
    assert roster.read(course.root)["Anna Smith"].number == ANNAS[1].number


def test_the_last_attempt_counts_and_the_others_are_kept(tmp_path, course):
    times = ("2027-01-19-09-30-00", "2027-01-20-18-00-00", "2027-01-20-11-00-00")
    names = {f"hw_ada_attempt_{time}_em.ipynb": time for time in times}

    outcome = collect(course, "em", zips.write(tmp_path / "b.zip", names))

    assert files(course.submitted() / "ada/em") == {
        "em.ipynb": times[1],
        "timestamp.txt": "2027-01-20 18:00:00 UTC\n",
    }
    assert by_student(outcome)["ada"].earlier == 2
    kept = files(collected.earlier(course.root, "em", "ada"))
    assert sorted(content for name, content in kept.items() if name.endswith(".ipynb")) == [times[0], times[2]]


def test_a_later_download_replaces_work_and_an_earlier_one_does_not(tmp_path, course):
    first = canvas_zip(tmp_path / "1.zip", {uploaded(ADA, 1): "first", uploaded(BILAL, 2): "b"})
    second = canvas_zip(tmp_path / "2.zip", {uploaded(ADA, 3, "em-1.ipynb", late=True): "second"})

    collect(course, "em", first)
    changes = [line.change for line in collect(course, "em", second).lines]
    again = [line.change for line in collect(course, "em", second).lines]
    older = {line.record.student: line.change for line in collect(course, "em", first).lines}

    assert (changes, again) == (["newer"], ["same"])
    assert older == {"lovelaceada": "older", "khanbilal": "same"}
    assert files(course.submitted() / "lovelaceada/em") == {"em.ipynb": "second"}
    assert files(course.submitted() / "khanbilal/em") == {"em.ipynb": "b"}
    assert [*files(collected.earlier(course.root, "em", "lovelaceada")).values()] == ["first"]
    record = collected.read(course.root, "em")["lovelaceada"]
    assert (record.late, record.upload) == (True, uploaded(ADA, 3, "em-1.ipynb", late=True))


def test_a_dry_run_writes_nothing_and_reports_the_same(tmp_path, course):
    download = canvas_zip(tmp_path / "c.zip", {uploaded(member): "{}" for member in CLASS})
    before = {*tmp_path.rglob("*")}

    tried = collect(course, "em", download, dry_run=True)

    assert {*tmp_path.rglob("*")} == before
    assert tried == collect(course, "em", download)


def test_each_member_gets_the_group_s_notebook(tmp_path, course):
    lists = [
        canvas.gradebook(tmp_path / "gradebook.csv", CLASS),
        canvas.groups(tmp_path / "groups.csv", [(DAN, "Team_7"), (EVE, "Team_7"), (ADA, "Alone")]),
    ]
    name = canvas.entry("Team_7", EVE.canvas, 9001, "em.ipynb")
    download = canvas_zip(tmp_path / "c.zip", {name: "group", uploaded(ADA): "ada"})

    outcome = collect(course, "em", download, listed=lists)

    assert files(course.submitted() / DAN.login) == files(course.submitted() / EVE.login) == {"em/em.ipynb": "group"}
    records = collected.read(course.root, "em")
    assert records[DAN.login].upload == records[EVE.login].upload == name
    assert collected.groups(course.root, "em") == [tuple(sorted((DAN.login, EVE.login)))]
    assert by_student(outcome)[ADA.login].record.group == ()


def test_a_canvas_group_without_a_list_is_doubted(tmp_path, course):
    download = canvas_zip(tmp_path / "c.zip", {canvas.entry("Team 7", EVE.canvas, 9001, "em.ipynb"): "group"})

    outcome = collect(course, "em", download, listed=[canvas.gradebook(tmp_path / "gradebook.csv", CLASS)])

    assert by_student(outcome)[EVE.login].remarks == (
        "the download says team7: if that is a group, give a list of the groups with --roster",
    )


@pytest.mark.parametrize("form", ["since 4.1", "before"])
def test_a_moodle_group_s_page_goes_to_its_members_not_to_the_group_s_number(tmp_path, course, form):
    if form == "since 4.1":
        names = {
            f"{moodle.folder('Group_A', ADA.participant)}/em.ipynb": "group"
        }  # another participant has this number
    else:
        names = {
            f"{moodle.folder(f'Group_A-{member.name}', member.participant)}/em.ipynb": "group" for member in (DAN, EVE)
        }
    rows = {member.login: Row(status="Submitted for grading", group="Group_A") for member in (DAN, EVE)}
    download = zips.write(tmp_path / "m.zip", names)

    collect(course, "em", download, listed=[moodle.worksheet(tmp_path / "w.csv", CLASS, rows)])

    records = collected.read(course.root, "em")
    assert {*records} == {DAN.login, EVE.login}
    for member in (DAN, EVE):
        assert moodle.participant(records[member.login].upload) == member.participant
        assert files(course.submitted() / member.login) == {"em/em.ipynb": "group"}


def test_a_moodle_group_without_a_worksheet_gets_no_page(tmp_path, course):
    roster_before = {
        member.login: Person(student=member.login, first_name=member.first, last_name=member.last, group="Group A")
        for member in (DAN, EVE)
    }
    course.root.mkdir()
    roster.write(course.root, roster_before)
    download = zips.write(tmp_path / "m.zip", {f"{moodle.folder('Group A', ADA.participant)}/em.ipynb": "group"})

    outcome = collect(course, "em", download)

    assert [line.record.upload for line in outcome.lines] == ["", ""]
    assert all("give the grading worksheet" in line.remarks[0] for line in outcome.lines)


def test_a_group_that_gradescope_lists(tmp_path, course):
    listed = "".join(f"  - :name: {name}\n    :email: {name[:3].lower()}@x\n" for name in ("Dan Roe", "Eve Poe"))
    metadata = f"submission_1:\n  :submitters:\n{listed}"
    names = {"e/submission_metadata.yml": metadata, "e/submission_1/em.ipynb": "group"}

    collect(course, "em", zips.write(tmp_path / "g.zip", names))

    assert files(course.submitted()) == {"dan/em/em.ipynb": "group", "eve/em/em.ipynb": "group"}
    assert collected.groups(course.root, "em") == [("dan", "eve")]


def test_every_entry_is_collected_or_reported(tmp_path, course):
    member = {name: place for place, name in enumerate(("ada", "pdf", "empty", "long"), start=1)}
    names = {
        f"{moodle.folder('Ada L', member['ada'])}/em.ipynb": "{}",
        f"{moodle.folder('Pia D', member['pdf'])}/em.pdf": "%PDF-1.4",
        f"{moodle.folder('Emp Ty', member['empty'])}/": "",
        f"{moodle.folder('No Ise', 9)}/timestamp.txt": "2020-01-01 00:00:00 UTC",
        f"{moodle.folder('Default group', '')}/em.ipynb": "{}",
        "notes.docx": "PK",
    }
    outcome = collect(course, "em", zips.write(tmp_path / "m.zip", names))

    assert {line.record.student: line.remarks for line in outcome.lines} == {
        "Ada L": (),
        "Default group": (),
        "Pia D": ("no notebook: em.pdf (a PDF)",),
    }
    assert {left.name: left.why for left in outcome.left} == {
        "notes.docx": "not a name as in Moodle, Download all submissions",
        "Emp Ty (Emp Ty)": "an empty folder",
        "No Ise (No Ise)": "it has no file",
    }


def test_a_file_that_is_too_long_is_reported_and_not_kept(tmp_path, course, monkeypatch):
    monkeypatch.setattr("autograder.systems.plan.MAX_KEPT", 10)
    download = canvas_zip(tmp_path / "c.zip", {uploaded(ADA): "x" * 11, uploaded(BILAL): "x"})

    outcome = collect(course, "em", download)

    assert [line.record.student for line in outcome.lines] == ["khanbilal"]
    assert {left.name for left in outcome.left} == {uploaded(ADA), "lovelaceada (lovelaceada)"}


def test_a_folder_named_like_a_file_does_not_stop_collecting(tmp_path, course):
    folder = moodle.folder("Eve Poe", 7)
    names = {
        f"{moodle.folder('Eve Poe', 7, plugin='onlinetext')}/onlinetext.html": "text",
        f"{folder}/onlinetext.html/em.ipynb": "evil",
        f"{folder}/em.ipynb": "{}",
        f"{moodle.folder('Ada Lovelace', 8)}/em.ipynb": "{}",
    }

    collect(course, "em", zips.write(tmp_path / "m.zip", names))

    assert files(course.submitted() / "Ada Lovelace") == {"em/em.ipynb": "{}"}
    assert sorted(files(course.submitted() / "Eve Poe").values()) == ["evil", "text", "{}"]


def test_a_student_who_changed_groups_shares_no_mark_with_the_former_group(tmp_path, course):
    lists = [canvas.groups(tmp_path / "1.csv", [(DAN, "A"), (EVE, "A")])]
    group = canvas.entry("A", EVE.canvas, 1, "em.ipynb")
    collect(course, "em", canvas_zip(tmp_path / "1.zip", {group: "1"}), listed=lists)
    assert len(collected.groups(course.root, "em")) == 1

    lists = [canvas.groups(tmp_path / "2.csv", [(DAN, "B"), (EVE, "A"), (ADA, "A")])]
    collect(course, "em", canvas_zip(tmp_path / "2.zip", {group: "1"}), listed=lists)

    (now,) = collected.groups(course.root, "em")
    assert {*now} == {student for student, person in roster.read(course.root).items() if person.group == "A"}


def test_a_student_s_own_timestamp_is_ignored(tmp_path, course):
    folder = moodle.folder("Ada Lovelace", 7)
    names = {f"{folder}/em.ipynb": "{}", f"{folder}/timestamp.txt": "2020-01-01 00:00:00 UTC"}

    collect(course, "em", zips.write(tmp_path / "m.zip", names))

    assert files(course.submitted() / "Ada Lovelace/em") == {"em.ipynb": "{}"}


def test_a_time_entered_by_hand_stays(tmp_path, course):
    download = canvas_zip(tmp_path / "c.zip", {uploaded(ADA, late=True): "{}"})
    collect(course, "em", download)
    (course.submitted() / "lovelaceada/em/timestamp.txt").write_text("2027-01-21 10:00 UTC")

    collect(course, "em", download)

    assert files(course.submitted() / "lovelaceada/em")["timestamp.txt"] == "2027-01-21 10:00 UTC"
    assert collected.late_at_unknown_time(course.root, "em") == {"lovelaceada": "canvas"}


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (["em-2.ipynb"], ["em.ipynb"]),
        (["em.ipynb.txt"], ["em.ipynb"]),
        (["em.ipynb", "em-1.ipynb"], ["em-1.ipynb", "em.ipynb"]),
        (["em.ipynb", "EM.ipynb", "em.ipynb"], ["EM-1.ipynb", "em-2.ipynb", "em.ipynb"]),
        (["my work.ipynb", "data.csv"], ["data.csv", "em.ipynb"]),
        (["em.zip"], ["em.zip"]),
        (["..", "em.ipynb"], ["em.ipynb"]),
        ([".hidden.ipynb"], ["em.ipynb"]),
        (["a\x1b[2J.csv", "em.ipynb"], ["a%1B[2J.csv", "em.ipynb"]),
        (["é" * 100 + ".csv", "em.ipynb"], None),
    ],
)
def test_files_keep_harmless_names(tmp_path, course, names, kept):
    download = canvas_zip(
        tmp_path / "c.zip",
        {canvas.entry(ADA.sortable, 11, 9000 + place, name): name for place, name in enumerate(names)},
    )

    collect(course, "em", download)

    found = sorted(path.name for path in (course.submitted() / "lovelaceada/em").iterdir())
    if kept is None:
        assert len(found) == len(names)
        assert all(len(name.encode()) <= 125 for name in found)
    else:
        assert found == kept


def test_missing_students_and_students_who_left_the_class_are_reported(tmp_path, course):
    first = [canvas.gradebook(tmp_path / "1.csv", [ADA, BILAL, DAN])]
    second = [canvas.gradebook(tmp_path / "2.csv", [ADA, BILAL])]
    download = canvas_zip(tmp_path / "c.zip", {uploaded(ADA): "{}", uploaded(EVE): "{}"})

    assert collect(course, "em", download, listed=first).missing == (BILAL.login, DAN.login)
    outcome = collect(course, "em", download, listed=second)

    assert outcome.missing == (BILAL.login,)
    assert roster.read(course.root)[DAN.login].gone
    assert by_student(outcome)["poeeve"].remarks == ("no longer in the class",)


def test_a_student_on_no_list_is_reported(tmp_path, course):
    download = canvas_zip(tmp_path / "c.zip", {uploaded(ADA): "{}", uploaded(EVE): "{}"})

    outcome = collect(course, "em", download, listed=[canvas.gradebook(tmp_path / "1.csv", [ADA])])

    assert by_student(outcome)["poeeve"].remarks == ("not on the class list",)


def test_the_first_column_is_the_name_in_the_course_folder(tmp_path, course):
    course.root.mkdir()
    roster.write(course.root, {"the countess": Person(student="the countess", canvas=str(ADA.canvas))})

    collect(course, "em", canvas_zip(tmp_path / "c.zip", {uploaded(ADA): "{}"}))

    assert [folder.name for folder in course.submitted().iterdir()] == ["the countess"]


def test_one_course_may_use_two_systems(tmp_path, course):
    collect(
        course, "em", canvas_zip(tmp_path / "c.zip", {uploaded(member): "{}" for member in CLASS}),
        listed=[canvas.gradebook(tmp_path / "gradebook.csv", CLASS)],
    )  # fmt: skip
    names = {
        f"{moodle.folder(member.name, member.participant)}/coffee.ipynb": NOTEBOOK % member.login for member in CLASS
    }

    outcome = collect(
        course,
        "coffee",
        zips.write(tmp_path / "m.zip", names),
        listed=[moodle.worksheet(tmp_path / "w.csv", CLASS, {})],
    )

    assert outcome.left == ()
    for member in CLASS:
        assert files(course.submitted() / member.login / "coffee") == {"coffee.ipynb": NOTEBOOK % member.login}


def test_anonymous_work_adds_nobody_to_the_roster(tmp_path, course):
    names = {canvas.entry("", 0, 9001, "em.ipynb", anonymous="aB3xZ", late=True): "{}"}

    outcome = collect(course, "em", canvas_zip(tmp_path / "c.zip", names))

    (line,) = outcome.lines
    assert (line.record.student, line.record.late) == ("anonymous aB3xZ", True)
    assert roster.read(course.root) == {}
    assert canvas.user_and_file(line.record.upload) == ("aB3xZ", "9001")


def test_students_zips_stay_zips(tmp_path, course):
    inner = zips.write(tmp_path / "em.zip", {"em.ipynb": "{}", "../evil": "x"}).read_bytes()
    download = zips.write(tmp_path / "m.zip", {f"{moodle.folder('Ada Lovelace', 7)}/em.zip": inner})

    outcome = collect(course, "em", download)

    assert (course.submitted() / "Ada Lovelace/em/em.zip").read_bytes() == inner
    assert outcome.lines[0].remarks == ()


def test_the_exchange_and_its_times(tmp_path, course):
    folder = tmp_path / "inbound" / "ada+em+2027-01-20 17:00:00.123456 UTC+c2Vj"
    folder.mkdir(parents=True)
    (folder / "em.ipynb").write_text("{}")
    (folder / "timestamp.txt").write_text("2027-01-20 17:00:00.123456 UTC")

    outcome = collect(course, "em", tmp_path / "inbound")

    assert outcome.system.name == "exchange"
    assert files(course.submitted() / "ada/em")["timestamp.txt"] == "2027-01-20 17:00:00 UTC\n"
    assert outcome.lines[0].record.time == datetime(2027, 1, 20, 17, 0, 0, 123456)


def test_an_interrupted_command_is_run_again(tmp_path, course, monkeypatch):
    download = canvas_zip(tmp_path / "c.zip", {uploaded(member): NOTEBOOK % member.login for member in CLASS})
    moved = []
    real = Path.replace

    def stops(self, target):
        if "submitted" in str(target):
            moved.append(target)
            if len(moved) == 10:
                raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", stops)
    with pytest.raises(KeyboardInterrupt):
        collect(course, "em", download)
    monkeypatch.undo()
    half = files(course.submitted())
    assert len(half) == 9
    assert {*half.values()} <= {NOTEBOOK % member.login for member in CLASS}

    outcome = collect(course, "em", download)

    assert sorted(line.change for line in outcome.lines) == ["new"] * 21 + ["same"] * 9
    assert len(files(course.submitted())) == len(collected.read(course.root, "em")) == len(CLASS)
