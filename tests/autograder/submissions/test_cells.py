from autograder.notebooks.released import Released
from autograder.submissions.cells import Cell, recognised, work

RELEASED = Released(
    given={"setup": "import jax\n\nx = 1", "plots": "def show(): pass"},
    skeletons={"e_step": "def e_step():\n    raise NotImplementedError", "bic": "def bic(): ..."},
    checks={"check_e_step": 'check("e_step", e_step)', "check_bic": 'check("bic", bic)'},
    written={"written_em": "Some text.\n\n## Written question (6 points)\n\nWhy?"},
)
E_STEP, BIC = "def e_step():\n    return 1", "def bic():\n    return 2"


def cells(*described: tuple[str | None, str]) -> list[Cell]:
    return [
        Cell(source, name, number, "markdown" if name in RELEASED.written else "code")
        for number, (name, source) in enumerate(described, start=1)
    ]


def released(name: str) -> tuple[str, str]:
    return name, next(part[name] for part in (RELEASED.given, RELEASED.checks, RELEASED.skeletons) if name in part)


COMPLETE = (
    released("setup"),
    released("plots"),
    ("e_step", E_STEP),
    released("check_e_step"),
    ("bic", BIC),
    released("check_bic"),
)


def names(found: list[Cell]) -> list[str | None]:
    return [cell.grade_id for cell in found]


class TestRecognised:
    def test_without_metadata_cells_are_recognised_by_their_content(self):
        bare = cells(*((None, source) for _, source in COMPLETE))

        assert names(recognised(bare, RELEASED)) == [name for name, _ in COMPLETE]

    def test_changes_that_programs_make_do_not_matter(self):
        bare = cells((None, "import jax  \r\n\r\n\r\nx = 1\r\n"))

        assert names(recognised(bare, RELEASED)) == ["setup"]

    def test_answers_are_recognised_in_many_forms(self):
        forms = (
            "def bic(): return 1",
            "@jax.jit\ndef bic(a):\n    return a",
            "bic = jax.jit(lambda a: a)",
            "bic: object = partial(f)",
            "class bic:\n    pass",
            "K = 3\n\nasync def bic(): ...",
        )
        for form in forms:
            assert names(recognised(cells((None, form)), RELEASED)) == ["bic"], form

    def test_using_a_function_is_not_an_answer(self):
        for form in (
            "bic(1)",
            "print(bic)",
            "value = bic()",
            "bic == 3",
            "def bic_of_all(): ...",
            "    bic = 1",
            "bics = 1",
        ):
            assert names(recognised(cells((None, form)), RELEASED)) == [None], form

    def test_a_name_in_the_metadata_is_given_to_no_other_cell(self):
        found = recognised(cells(("e_step", E_STEP), (None, "def e_step(): return 'an experiment'")), RELEASED)

        assert names(found) == ["e_step", None]

    def test_a_check_is_recognised_by_its_call(self):
        found = recognised(cells((None, "import numpy\ncheck('e_step', e_step)  # passes")), RELEASED)

        assert names(found) == ["check_e_step"]

    def test_a_cell_that_was_turned_into_text_is_code_again(self):
        turned = [Cell(E_STEP, "e_step", 1, "markdown"), Cell("import jax", "setup", 2, "raw")]

        assert [cell.kind for cell in recognised(turned, RELEASED)] == ["code", "code"]

    def test_a_written_answer_that_was_turned_into_code_is_text_again(self):
        (cell,) = recognised([Cell("Because of x.", "written_em", 1, "code")], RELEASED)

        assert cell.kind == "markdown"

    def test_a_written_answer_is_found_below_its_question(self):
        question = Cell(RELEASED.written["written_em"], None, 1, "markdown")
        answer = Cell("Because of the chicken.", None, 2, "markdown")
        for below in (answer, Cell(answer.source, None, 2, "raw")):
            assert names(recognised([question, below], RELEASED)) == [None, "written_em"]

    def test_a_written_answer_in_the_cell_of_its_question_is_found(self):
        both = Cell(RELEASED.written["written_em"] + "\n\nBecause of the egg.", None, 1, "markdown")

        assert names(recognised([both, Cell("# The end", None, 2, "markdown")], RELEASED)) == ["written_em", None]

    def test_a_missing_answer_is_not_found(self):
        assert names(recognised(cells((None, "# Another text")), RELEASED)) == [None]


class TestWork:
    def test_an_answer_is_judged_at_its_check(self):
        done = work(cells(*COMPLETE, (None, "e_step = 3")), RELEASED)

        assert [cell.grade_id for cell in done.cells] == ["setup", "plots", "e_step", "bic", None]
        assert done.places == {"e_step": (3,), "bic": (4,)}
        assert done.notes == ()

    def test_without_a_check_it_is_judged_after_its_last_cell(self):
        described = [cell for cell in COMPLETE if cell[0] != "check_e_step"]

        done = work(cells(*described, ("e_step", "def e_step(): return 3"), (None, "1")), RELEASED)

        assert done.places["e_step"] == (5,)

    def test_of_several_checks_the_first_and_the_last_count(self):
        check = released("check_e_step")

        done = work(cells(*COMPLETE, check, (None, "1"), check), RELEASED)

        assert done.places["e_step"] == (3, 5)

    def test_a_check_above_the_answer_does_not_count(self):
        check = released("check_e_step")

        assert work(cells(check, *COMPLETE), RELEASED).places["e_step"] == (3,)
        assert work(cells(check, ("e_step", E_STEP)), RELEASED).places["e_step"] == (3,)  # after two given cells

    def test_an_answer_in_the_cell_of_the_check_is_judged_there(self):
        done = work(cells(("check_bic", f'{BIC}\n\ncheck("bic", bic)')), RELEASED)

        assert done.cells[-1].beside == RELEASED.checks["check_bic"]
        assert done.places["bic"] == (len(done.cells),)

    def test_a_locked_cell_is_run_as_released_then_the_additions(self):
        changed = "import jax\nimport math\n\nx = 1"

        given, added = work(cells(("setup", changed), released("plots")), RELEASED).cells[:2]

        assert (given.source, given.beside) == (RELEASED.given["setup"], None)
        assert (added.source, added.beside) == (changed, RELEASED.given["setup"])

    def test_a_copy_of_a_locked_cell_is_the_students_own(self):
        copy = ("setup", "import jax\nimport math\nx = 2")

        done = work(cells(released("setup"), copy, released("plots")), RELEASED)

        assert [(cell.source, cell.beside) for cell in done.cells[:2]] == [
            (RELEASED.given["setup"], None),
            (copy[1], None),
        ]

    def test_an_untouched_copy_of_a_skeleton_is_left_out(self):
        skeleton = released("e_step")

        for order in ((("e_step", E_STEP), skeleton), (skeleton, ("e_step", E_STEP))):
            done = work(cells(released("setup"), released("plots"), *order), RELEASED)
            assert [cell.source for cell in done.cells[2:]] == [E_STEP]
            assert done.notes == ("The cell e_step appears 2 times; the last one that you changed counts.",)
