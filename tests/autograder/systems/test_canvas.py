"""Canvas's file names: reading them, and where Canvas sends the pages."""

import pytest

from autograder.systems import canvas
from autograder.systems.canvas import mangled, parts
from autograder.systems.handin import Context
from tests.lms import canvas as real
from tests.lms.people import CLASS

CONTEXT = Context(assignment="em", page="em.html")


@pytest.mark.parametrize(
    ("name", "who", "late", "user", "file", "own"),
    [
        ("lovelaceada_12345_67890_em.ipynb", "lovelaceada", False, "12345", 67890, "em.ipynb"),
        ("lovelaceada_LATE_12345_67890_em-2.ipynb", "lovelaceada", True, "12345", 67890, "em-2.ipynb"),
        ("o_neil_LATE_12345_67890_a_b.ipynb", "o_neil", True, "12345", 67890, "a_b.ipynb"),
        ("smith_12345_67890_2027_01_em.ipynb", "smith", False, "12345", 67890, "2027_01_em.ipynb"),
        ("smith_12345_67890_LATE_em.ipynb", "smith", False, "12345", 67890, "LATE_em.ipynb"),
        ("late_LATE_12345_67890_em.ipynb", "late", True, "12345", 67890, "em.ipynb"),
        ("late_12345_67890_em.ipynb", "late", False, "12345", 67890, "em.ipynb"),
        ("7_team_12345_67890_em.ipynb", "7_team", False, "12345", 67890, "em.ipynb"),
        ("小明王_12345_67890_em (1).ipynb", "小明王", False, "12345", 67890, "em (1).ipynb"),
        ("submissions/lovelaceada_1_2_em.ipynb", "lovelaceada", False, "1", 2, "em.ipynb"),
        ("lovelaceada_12345_text.html", "lovelaceada", False, "12345", 0, "text.html"),
        ("lovelaceada_LATE_12345_link.html", "lovelaceada", True, "12345", 0, "link.html"),
        ("anon_aB3xZ_67890_em.ipynb", "", False, "aB3xZ", 67890, "em.ipynb"),
        ("LATE_anon_aB3xZ_67890_em.ipynb", "", True, "aB3xZ", 67890, "em.ipynb"),
    ],
)
def test_the_parts_of_a_name(name, who, late, user, file, own):
    said = parts(name)

    assert said is not None
    assert (said.who, said.late, said.user, said.file, said.name) == (who, late, user, file, own)
    assert said.anonymous == ("anon_" in name)


@pytest.mark.parametrize(
    "name",
    [
        "em.ipynb",
        "ada_em.ipynb",
        "ada_12_em.ipynb",
        "_1_2",
        "1_2_em.ipynb",
        "Ada Lovelace_123_assignsubmission_file_/em.ipynb",
        "hw_ada_attempt_2027-01-20-18-00-00_em.ipynb",
    ],
)
def test_other_names_are_not_from_canvas(name):
    assert parts(name) is None
    assert not canvas.claims(name, CONTEXT)


def test_known_user_numbers_identify_a_group_whose_name_has_a_number():
    name = "team_7_12345_67890_em.ipynb"

    assert parts(name, frozenset({"12345"})).user == "12345"  # pyright: ignore[reportOptionalMemberAccess]
    assert parts(name, frozenset({"12345"})).who == "team_7"  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize("member", CLASS, ids=lambda member: member.login)
@pytest.mark.parametrize("late", [False, True])
def test_every_student_s_name_is_read_as_canvas_reads_it(member, late):
    name = real.entry(member.sortable, member.canvas, 40_000, "my_1_em.ipynb", late=late)

    said = parts(name)

    assert said is not None
    assert (said.user, str(said.file)) == real.user_and_file(name) == (str(member.canvas), "40000")
    assert said.late == late
    assert mangled(member.sortable) == mangled(said.who)
