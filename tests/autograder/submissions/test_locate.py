import json
import os
from itertools import islice
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.errors import SubmissionError, UnreadableNotebook
from autograder.notebooks.released import Released
from autograder.submissions import files, locate, names, notebooks
from autograder.submissions.locate import Submission
from autograder.submissions.read import read_work
from tests.fuzz import changes, readers

RELEASED = Released(
    given={"setup": "import jax"},
    skeletons={"e_step": "def e_step(): raise NotImplementedError"},
    checks={"check_e_step": 'check("e_step", e_step)'},
    written={"written_em": "# Question"},
)


def tagged(source, grade_id):
    return new_code_cell(source, metadata={"nbgrader": {"grade_id": grade_id}})


def write(path, *cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


@pytest.fixture
def complete():
    return [
        new_markdown_cell("# EM"),
        tagged("import jax", "setup"),
        tagged("def e_step(): return 1", "e_step"),
        tagged('check("e_step", e_step)', "check_e_step"),
        new_code_cell("e_step()"),
    ]


def sources(work):
    return [cell.source for cell in work.cells]


class TestFind:
    def test_a_notebook_is_named_after_its_file(self, tmp_path):
        path = write(tmp_path / "ada.ipynb")

        assert locate.find([path], "em") == [Submission("ada", path)]

    def test_or_after_its_folder(self, tmp_path):
        path = write(tmp_path / "ada" / "em.ipynb")

        assert locate.find([path], "em") == [Submission("ada", path)]

    def test_a_folder_of_notebooks(self, tmp_path):
        paths = [write(tmp_path / f"{name}.ipynb") for name in ("bo", "ada")]

        assert locate.find([tmp_path], "em") == [Submission("ada", paths[1]), Submission("bo", paths[0])]

    def test_a_relative_path_becomes_absolute_without_following_links(self, tmp_path, monkeypatch):
        write(tmp_path / "inbox" / "ada.ipynb")
        (tmp_path / "bo" / "em").mkdir(parents=True)
        (tmp_path / "bo" / "em" / "em.ipynb").symlink_to(tmp_path / "inbox" / "ada.ipynb")
        (tmp_path / "link").symlink_to("inbox")
        monkeypatch.chdir(tmp_path / "bo")
        typed = [Path("em") / "em.ipynb", Path("..") / "link" / "ada.ipynb"]

        found = {submission.student: submission.path for submission in locate.find(typed, "em")}

        assert found == {
            "bo": tmp_path / "bo" / "em" / "em.ipynb",
            "ada": tmp_path / "bo" / ".." / "link" / "ada.ipynb",
        }

    def test_a_submitted_tree(self, tmp_path):
        path = write(tmp_path / "ada" / "em" / "em.ipynb")
        write(tmp_path / "ada" / "em" / ".ipynb_checkpoints" / "em-checkpoint.ipynb")
        write(tmp_path / "bo" / "categorization" / "categorization.ipynb")

        assert locate.find([tmp_path], "em") == [Submission("ada", path)]

    def test_a_renamed_notebook_is_found_if_it_is_the_only_notebook(self, tmp_path):
        path = write(tmp_path / "ada" / "em" / "em (1).ipynb")

        assert locate.find([tmp_path], "em") == [Submission("ada", path)]

    def test_a_single_notebook_of_a_submitted_tree(self, tmp_path):
        path = write(tmp_path / "ada" / "em" / "em.ipynb")

        assert locate.find([path], "em") == [Submission("ada", path)]

    def test_an_empty_folder_is_a_submission(self, tmp_path):
        folder = tmp_path / "ada" / "em"
        folder.mkdir(parents=True)
        (folder / "essay.docx").touch()

        (submission,) = locate.find([tmp_path], "em")

        with pytest.raises(UnreadableNotebook, match=r"em\.ipynb was not handed in; the folder holds: essay\.docx"):
            read_work(submission.path, RELEASED)

    def test_a_missing_path_is_refused(self, tmp_path):
        with pytest.raises(SubmissionError, match="no submission of em"):
            locate.find([tmp_path], "em")
        with pytest.raises(SubmissionError, match="does not exist"):
            locate.find([tmp_path / "nowhere"], "em")

    def test_a_class_folder_without_permission_is_refused(self, tmp_path, monkeypatch):
        def denied(self: Path) -> list[Path]:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "iterdir", denied)
        with pytest.raises(SubmissionError, match="could not be opened: Permission denied"):
            locate.find([tmp_path], "em")

    def test_two_notebooks_of_one_student_are_refused(self, tmp_path):
        paths = [write(tmp_path / folder / "ada.ipynb") for folder in ("monday", "tuesday")]

        with pytest.raises(SubmissionError, match="2 notebooks for the student ada"):
            locate.find(paths, "em")

    @pytest.mark.parametrize(
        ("file", "student"),
        [
            ("Zoë Ångström (2).ipynb", "Zoë Ångström (2)"),
            ("ada.lovelace.ipynb", "ada.lovelace"),
            ("..ipynb", "%2E"),
            ("...ipynb", "%2E%2E"),
            (".ipynb", "%2Eipynb"),
            (" .ipynb", "%20"),
            ("-rf.ipynb", "%2Drf"),
            ("a\nb.ipynb", "a%0Ab"),
            ("\udcff.ipynb", "%FF"),
        ],
    )
    def test_a_name_is_made_harmless(self, tmp_path, file, student):
        path = tmp_path / file
        path.touch()

        assert locate.find([path], "em") == [Submission(student, path)]

    def test_long_names_are_shortened_and_stay_apart(self, tmp_path):
        for last in "ab":
            (tmp_path / f"{'é' * 120}{last}.ipynb").touch()

        students = [submission.student for submission in locate.find([tmp_path], "em")]

        assert len(set(students)) == 2
        assert all(len(student.encode()) <= names.MAX_NAME for student in students)

    def test_links_are_found_but_not_followed(self, tmp_path):
        write(tmp_path / "ada" / "em" / "em.ipynb")
        (tmp_path / "bo").symlink_to("ada")
        (tmp_path / "cem").mkdir()
        (tmp_path / "cem" / "em").symlink_to("../ada/em")
        (tmp_path / "dan.ipynb").symlink_to("ada/em/em.ipynb")
        (tmp_path / "eve.ipynb").symlink_to("nowhere")

        found = {submission.student: submission.path for submission in locate.find([tmp_path], "em")}

        assert list(found) == ["ada", "bo", "cem", "dan", "eve"]
        for student in ("bo", "cem", "dan", "eve"):
            with pytest.raises(UnreadableNotebook, match="was not handed in: it is a link"):
                read_work(found[student], RELEASED)

    @pytest.mark.parametrize("inner", [".", "em"])
    def test_a_linked_folder_given_as_a_path_is_not_followed(self, tmp_path, inner):
        write(tmp_path / "ada" / inner / "em.ipynb")
        (tmp_path / "bo").symlink_to("ada")

        (submission,) = locate.find([tmp_path / "bo" / inner / "em.ipynb"], "em")

        assert submission == Submission("bo", tmp_path / "bo")

    def test_a_folder_of_the_class_may_be_a_link(self, tmp_path):
        write(tmp_path / "real" / "ada" / "em" / "em.ipynb")
        (tmp_path / "submitted").symlink_to("real")

        (submission,) = locate.find([tmp_path / "submitted"], "em")

        assert sources(read_work(submission.path, RELEASED)) == ["import jax"]

    def test_a_folder_with_a_notebook_s_name_belongs_to_one_student(self, tmp_path):
        (tmp_path / "ada.ipynb").mkdir()

        (submission,) = locate.find([tmp_path / "ada.ipynb"], "em")

        assert submission.student == "ada"
        with pytest.raises(UnreadableNotebook, match="it is a folder"):
            read_work(submission.path, RELEASED)

    @pytest.mark.parametrize("closed", ["ada", "ada/em", "ada/em/em.ipynb"])
    def test_a_folder_without_permission_is_reported(self, tmp_path, closed):
        write(tmp_path / "ada" / "em" / "em.ipynb")
        (tmp_path / closed).chmod(0)
        try:
            if os.access(tmp_path / closed, os.R_OK):
                pytest.skip("root may open all")
            (submission,) = locate.find([tmp_path], "em")
            with pytest.raises(UnreadableNotebook, match="could not be opened: Permission denied"):
                read_work(submission.path, RELEASED)
        finally:
            (tmp_path / closed).chmod(0o700)

    def test_a_notebook_without_permission_is_reported(self, tmp_path, monkeypatch):
        path = write(tmp_path / "ada.ipynb")

        def denied(self: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", denied)
        with pytest.raises(UnreadableNotebook, match=r"ada\.ipynb could not be opened: Permission denied"):
            read_work(path, RELEASED)


class TestRead:
    def test_code_runs_in_order_without_the_checks(self, tmp_path, complete):
        work = read_work(write(tmp_path / "a.ipynb", *complete), RELEASED)

        assert sources(work) == ["import jax", "def e_step(): return 1", "e_step()"]
        assert [cell.number for cell in work.cells] == [2, 3, 5]
        assert work.notes == ()

    def test_a_deleted_given_cell_is_run_as_released(self, tmp_path, complete):
        del complete[1]

        work = read_work(write(tmp_path / "a.ipynb", *complete), RELEASED)

        assert sources(work)[0] == "import jax"
        assert work.notes == ("These given cells were missing, and the grader ran them as released: setup.",)

    def test_an_edited_given_cell_is_run_as_released(self, tmp_path, complete):
        complete[1].source = "import os; os._exit(0)"

        work = read_work(write(tmp_path / "a.ipynb", *complete), RELEASED)

        assert sources(work)[0] == "import jax"

    @pytest.mark.parametrize("skeleton_first", [True, False])
    def test_an_untouched_copy_does_not_undo_an_answer(self, tmp_path, complete, skeleton_first):
        complete.insert(2 if skeleton_first else 3, tagged(RELEASED.skeletons["e_step"], "e_step"))

        work = read_work(write(tmp_path / "a.ipynb", *complete), RELEASED)

        assert sources(work) == ["import jax", "def e_step(): return 1", "e_step()"]
        assert work.notes == ("The cell e_step appears 2 times; the version at its check counts.",)

    def test_a_single_skeleton_is_run(self, tmp_path, complete):
        complete[2].source = RELEASED.skeletons["e_step"]

        assert RELEASED.skeletons["e_step"] in sources(read_work(write(tmp_path / "a.ipynb", *complete), RELEASED))

    def test_tags_of_cells_do_not_change_grading(self, tmp_path, complete):
        complete[2].metadata["tags"] = ["skip-execution", "remove-cell"]

        assert len(read_work(write(tmp_path / "a.ipynb", *complete), RELEASED).cells) == 3

    def test_names_of_cells_that_were_not_released_are_ignored(self, tmp_path, complete):
        complete[4].metadata["nbgrader"] = {"grade_id": "../../m_step\n"}

        work = read_work(write(tmp_path / "a.ipynb", *complete), RELEASED)

        assert [cell.grade_id for cell in work.cells] == ["setup", "e_step", None]

    def test_an_old_notebook_format_is_read(self, tmp_path):
        notebook = nbformat.v3.new_notebook(
            worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell(input="e_step = 1")])]
        )
        path = tmp_path / "a.ipynb"
        path.write_text(json.dumps(notebook))

        assert "e_step = 1" in sources(read_work(path, RELEASED))

    def test_a_byte_order_mark_does_no_harm(self, tmp_path, complete):
        path = write(tmp_path / "a.ipynb", *complete)
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

        assert len(read_work(path, RELEASED).cells) == 3

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "the file is empty"),
            (b" \n", "the file is empty"),
            (b"{", "not a valid notebook: its JSON breaks at line 1, column 2; it may have been cut off"),
            (b"{\xff\xfe\x00", "not UTF-8"),
            (b"\xff\xfe{\x00", "not a valid notebook: its JSON breaks at line 1, column 2"),
            (b"PK\x03\x04\x80\x81", "the file is a zip archive, not a notebook"),
            (b"%PDF-1.7", "the file is a PDF, not a notebook"),
            (b"\n<!doctype html>", "the file is a web page, not a notebook"),
            (b"[]", "JSON but not a notebook"),
            (b"3", "JSON but not a notebook"),
            (b"null", "JSON but not a notebook"),
            (b"{}", "JSON but not a notebook"),
            (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "no list of cells"),
            (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 3}', "no list of cells"),
            (b"[" * 100_000, "not a valid notebook: its JSON is nested too deep"),
            (b"9" * 5_000, "not a valid notebook: a number in it has too many digits"),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_a_broken_file_is_reported(self, tmp_path, content, says):
        path = tmp_path / "a.ipynb"
        path.write_bytes(content)

        with pytest.raises(UnreadableNotebook, match=says):
            read_work(path, RELEASED)

    def test_strange_cells_are_skipped(self, tmp_path):
        cells = [
            None,
            3,
            {},
            {"cell_type": "code"},
            {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "metadata": None},
            {"cell_type": "code", "source": 7, "metadata": {"nbgrader": 3}},
            {"cell_type": "code", "source": "c = 3", "metadata": {"nbgrader": {"grade_id": ["e_step"]}}},
        ]
        path = tmp_path / "a.ipynb"
        path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))

        assert sources(read_work(path, RELEASED)) == ["import jax", "", "a = 1\nb = 2", "", "c = 3"]

    def test_sizes_are_bounded(self, tmp_path):
        path = tmp_path / "a.ipynb"
        with path.open("wb") as file:
            file.truncate(files.MAX_BYTES + 1)
        with pytest.raises(UnreadableNotebook, match="20 MB; at most 20 MB are read: clear its outputs"):
            read_work(path, RELEASED)

        path = tmp_path / "b.ipynb"
        cells = [{"cell_type": "code", "source": ""}] * (notebooks.MAX_CELLS + 1)
        path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
        with pytest.raises(UnreadableNotebook, match="5001 cells; at most 5000 are read"):
            read_work(path, RELEASED)

    def test_any_content_of_a_file_is_read_or_reported(self):
        with readers.scratch() as path:
            tally = readers.fuzz(islice(changes.notebooks(changes.SEED), 3_000), readers.notebook_outcome(path))

        assert tally.findings == []
        assert tally.outcomes["accepted"] > 100
        assert tally.outcomes.total() == 3_000
