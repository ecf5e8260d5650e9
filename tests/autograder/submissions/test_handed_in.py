"""What students hand in is read if it holds a notebook, and reported if it holds none; nothing is ignored."""

import io
import json
import shutil
import unicodedata
import zipfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import SubmissionError, UnreadableNotebook
from autograder.grading import run
from autograder.publish.class_report import trouble
from autograder.submissions import locate
from autograder.submissions.cells import Work
from autograder.submissions.locate import Submission
from autograder.submissions.read import read_work
from tests.autograder.submissions.test_locate import RELEASED, tagged, write


def packed(**files: bytes) -> bytes:
    """Make a zip archive; two underscores in a name stand for its dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()


def outcome(submission: Submission) -> str:
    work = run.read(submission, RELEASED, "em")
    return work.says if isinstance(work, run.Unreadable) else work.cells[1].source


NOTEBOOK = json.dumps(new_notebook(cells=[new_code_cell("e_step = 1")])).encode()
HOLDS_A_NOTEBOOK = {
    "ada.ipynb": NOTEBOOK,
    "ada.IPYNB": NOTEBOOK,
    "ada.Ipynb": NOTEBOOK,
    "ada.ipynb.txt": NOTEBOOK,
    "ada.ipynb.json": NOTEBOOK,
    "ada.ipynb.download": NOTEBOOK,
    "ada.ipynb.ipynb": NOTEBOOK,
    "ada.ipynb (1)": NOTEBOOK,
    "ada.ipynb ": NOTEBOOK,
    "ada .ipynb": NOTEBOOK,
    "ada.json": NOTEBOOK,
    "ada.txt": b"\xef\xbb\xbf\n " + NOTEBOOK,
    "ada.ipynb.pdf": NOTEBOOK,
    "ada": NOTEBOOK,
    "ada.ipynb.txt  ": NOTEBOOK.decode().encode("utf-16"),
    "ada.zip": packed(em__ipynb=NOTEBOOK),
    "ada.ZIP": packed(**{"em/em__ipynb": NOTEBOOK, "em/data__csv": b"1,2"}),
    "ada.ipynb.zip": packed(em__ipynb__txt=NOTEBOOK),
    "ada.ipynb.zip.ipynb": packed(em__json=NOTEBOOK, readme__md=b"Here."),
}
HOLDS_NONE = {
    "ada.pdf": (b"%PDF-1.4", "the file is a PDF, not a notebook: hand in the .ipynb file itself"),
    "ada.ipynb": (b"%PDF-1.4", "the file is a PDF"),
    "ada.docx": (packed(**{"word/document__xml": b"<"}), "the file is a Word document"),
    "ada.xlsx": (packed(**{"xl/workbook__xml": b"<"}), "the file is an Excel workbook"),
    "ada.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "the file is an Office document"),
    "ada.rtf": (b"{\\rtf1", "the file is a text document (RTF)"),
    "ada.html": (b"<!doctype html>", "the file is a web page"),
    "ada.png": (b"\x89PNG\r\n", "the file is a picture"),
    "ada.tar.gz": (b"\x1f\x8b\x08", "the file is a gzip archive"),
    "ada.tar": (b"em.ipynb".ljust(257, b"\0") + b"ustar\x0000", "the file is a tar archive"),
    "ada.7z": (b"7z\xbc\xaf\x27\x1c", "the file is a 7z archive"),
    "ada.rar": (b"Rar!\x1a", "the file is a RAR archive"),
    "ada.py": (b"def e_step(): return 1", "the file is a text, not a notebook: hand in the .ipynb file itself"),
    "ada.heic": (b"\0\0\0\x18ftypheic", "the file is a binary file"),
    "ada.ipynb.txt": (b"", "the file is empty"),
    "ada.json": (b'{"url": "https://example.org"}', "the file is JSON but not a notebook"),
    "ada.zip": (packed(essay__pdf=b"%PDF"), "the file is a zip archive, not a notebook, and holds none: essay.pdf"),
    "ada.ZIP": (packed(inner__zip=packed(em__ipynb=NOTEBOOK)), "and holds none: inner.zip"),
    "ada.ipynb.zip": (packed(em__ipynb=b" " * 30_000_000), "the file has more than 20 MB when it is unpacked"),
    "ada (1).zip": (b"PK\x03\x04\x14\0\0", "and no file can be read in it: hand in the .ipynb file itself"),
}


class TestNobodyVanishes:
    @pytest.mark.parametrize("name", HOLDS_A_NOTEBOOK)
    def test_a_loose_notebook_is_read_under_any_name(self, tmp_path, name):
        (tmp_path / name).write_bytes(HOLDS_A_NOTEBOOK[name])

        (submission,) = locate.find([tmp_path], "em")

        assert submission.student == "ada"
        assert outcome(submission) == "e_step = 1"
        assert locate.find([tmp_path / name], "em") == [submission]

    @pytest.mark.parametrize("name", HOLDS_A_NOTEBOOK)
    @pytest.mark.parametrize("beside", [False, True])
    def test_a_notebook_in_the_students_own_folder_is_read_under_any_name(self, tmp_path, name, beside):
        folder = tmp_path / "ada" / "em"
        folder.mkdir(parents=True)
        (folder / name).write_bytes(HOLDS_A_NOTEBOOK[name])
        if beside:
            write(folder / "em.ipynb", tagged(RELEASED.skeletons["e_step"], "e_step"))
            (folder / "requirements.txt").write_text("jax")
            (folder / "figure.png").write_bytes(b"\x89PNG")
            (folder / "em.json").write_text("{}")
            (folder / "timestamp.txt").write_text("2026-12-01 12:00:00 UTC")

        (submission,) = locate.find([tmp_path], "em")

        assert (submission.student, submission.place) == ("ada", folder)
        assert outcome(submission) == "e_step = 1"

    @pytest.mark.parametrize("name", HOLDS_NONE)
    def test_anything_else_is_reported(self, tmp_path, name):
        content, says = HOLDS_NONE[name]
        loose, tree = tmp_path / "loose", tmp_path / "tree"
        write(loose / "zoe.ipynb", new_code_cell("e_step = 1"))
        write(tree / "zoe" / "em" / "em.ipynb", new_code_cell("e_step = 1"))
        (loose / name).write_bytes(content)
        (tree / "ada" / "em").mkdir(parents=True)
        (tree / "ada" / "em" / name).write_bytes(content)

        for folder in (loose, tree):
            ada, zoe = locate.find([folder], "em")
            assert ada.student.startswith("ada")
            assert outcome(zoe) == "e_step = 1"
            told = outcome(ada)
            assert says in told or (folder == tree and f"the folder holds: {name}" in told)
            assert any(words in told for words in ("hand in the .ipynb file itself", "hand it in", "clear its outputs"))
            unreadable = run.read(ada, RELEASED, "em")
            assert isinstance(unreadable, run.Unreadable)
            assert unreadable.kind in trouble.REASONS

    def test_an_empty_folder_is_reported(self, tmp_path):
        write(tmp_path / "loose" / "zoe.ipynb")
        (tmp_path / "loose" / "ada").mkdir()
        (tmp_path / "tree" / "ada" / "em").mkdir(parents=True)
        (tmp_path / "tree" / "bo").mkdir()

        found = locate.find([tmp_path / "loose"], "em")[:1] + locate.find([tmp_path / "tree"], "em")

        assert [submission.student for submission in found] == ["ada", "ada", "bo"]
        for submission in found:
            assert outcome(submission) == (
                "em.ipynb was not handed in; the folder is empty: hand in the .ipynb file itself"
            )

    def test_folders_beside_loose_files_are_submissions_too(self, tmp_path):
        write(tmp_path / "ada.ipynb", new_code_cell("e_step = 1"))
        write(tmp_path / "bo" / "homework" / "work.ipynb", new_code_cell("e_step = 2"))
        write(tmp_path / "cem" / "em" / "em.ipynb", new_code_cell("e_step = 3"))
        (tmp_path / "dan.ipynb").mkdir()

        found = {submission.student: outcome(submission) for submission in locate.find([tmp_path], "em")}

        # In nbgrader's layout, a folder may hold assignments that the kit does not know; elsewhere, any folder counts.
        assert found.keys() == {"ada", "cem", "dan"}
        shutil.rmtree(tmp_path / "cem")
        found = {submission.student: outcome(submission) for submission in locate.find([tmp_path], "em")}
        assert found.keys() == {"ada", "bo", "dan"}
        assert found["bo"] == "e_step = 2"
        assert "the folder is empty" in found["dan"]

    def test_a_folder_for_each_student(self, tmp_path):
        write(tmp_path / "Ada Lovelace_123_assignsubmission_file" / "em.ipynb", new_code_cell("e_step = 1"))
        write(tmp_path / "bo" / "mine.ipynb", new_code_cell("e_step = 2"))

        found = {submission.student: outcome(submission) for submission in locate.find([tmp_path], "em")}

        assert found == {"Ada Lovelace_123_assignsubmission_file": "e_step = 1", "bo": "e_step = 2"}

    def test_work_for_other_assignments_is_left_out(self, tmp_path):
        write(tmp_path / "ada" / "em" / "em.ipynb", new_code_cell("e_step = 1"))
        write(tmp_path / "bo" / "categorization" / "categorization.ipynb")
        write(tmp_path / "bo" / "ps1" / "ps1.ipynb")
        (tmp_path / "bo" / ".DS_Store").touch()

        assert [submission.student for submission in locate.find([tmp_path], "em")] == ["ada"]

    def test_files_that_nobody_hands_in_make_no_student(self, tmp_path):
        write(tmp_path / "ada.ipynb")
        for name in (
            ".DS_Store",
            "Thumbs.db",
            "desktop.ini",
            "timestamp.txt",
            "requirements.txt",
            "em.json",
            "._ada.ipynb",
        ):
            (tmp_path / name).touch()
        for name in ("__MACOSX", ".ipynb_checkpoints", "selfcheck", "__pycache__"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "em.ipynb").touch()

        assert locate.find([tmp_path], "em") == [Submission("ada", tmp_path / "ada.ipynb")]

    def test_a_single_student(self, tmp_path):
        write(tmp_path / "ada" / "em" / "em.ipynb")
        write(tmp_path / "ada" / "categorization" / "categorization.ipynb")

        for folder in (tmp_path / "ada", tmp_path / "ada" / "em"):
            (found,) = locate.find([folder], "em")
            assert found == Submission("ada", tmp_path / "ada" / "em" / "em.ipynb")

    def test_the_same_work_twice_is_one_submission(self, tmp_path):
        paths = {name: tmp_path / name for name in ("ada.ipynb", "ada.pdf", "ada.zip", "ada-Copy1.ipynb")}
        write(paths["ada.ipynb"], tagged(RELEASED.skeletons["e_step"], "e_step"))
        write(paths["ada-Copy1.ipynb"], tagged("e_step = 2", "e_step"))
        paths["ada.pdf"].write_bytes(b"%PDF")
        paths["ada.zip"].write_bytes(packed(em__ipynb=paths["ada.ipynb"].read_bytes()))

        (submission,) = locate.find([tmp_path], "em")

        assert submission == Submission("ada", paths["ada.ipynb"], (paths["ada-Copy1.ipynb"], paths["ada.zip"]))
        assert outcome(submission) == "e_step = 2"

    @pytest.mark.parametrize("unpacked", ["em.ipynb", "em/em.ipynb", None])
    def test_an_archive_and_its_unpacked_files_are_one_submission(self, tmp_path, unpacked):
        (tmp_path / "ada.zip").write_bytes(packed(em__ipynb=NOTEBOOK))
        (tmp_path / "ada").mkdir()
        write(tmp_path / "bo.ipynb")
        if unpacked:
            (tmp_path / "ada" / "work" / unpacked).parent.mkdir(parents=True)
            (tmp_path / "ada" / "work" / unpacked).write_bytes(NOTEBOOK)

        ada, bo = locate.find([tmp_path], "em")

        assert (ada.student, ada.place, bo.student) == ("ada", tmp_path, "bo")
        assert len(ada.paths) == (2 if unpacked else 1)
        assert outcome(ada) == "e_step = 1"

    def test_people_with_numbers_stay_apart(self, tmp_path):
        for name in ("Zoe.ipynb", "Zoe (2).ipynb"):
            write(tmp_path / name)

        assert [submission.student for submission in locate.find([tmp_path], "em")] == ["Zoe", "Zoe (2)"]

    def test_a_name_in_two_forms_is_one_student(self, tmp_path):
        composed, decomposed = (unicodedata.normalize(form, "Zoë") for form in ("NFC", "NFD"))
        write(tmp_path / decomposed / "em" / "em.ipynb")

        (submission,) = locate.find([tmp_path], "em")

        assert submission == Submission(composed, tmp_path / decomposed / "em" / "em.ipynb")
        write(tmp_path / composed / "em" / "em.ipynb")
        with pytest.raises(SubmissionError, match=f"2 notebooks for the student {composed}"):
            locate.find([tmp_path], "em")


class TestSeveralNotebooks:
    @pytest.mark.parametrize("work", ["em-Copy1.ipynb", "em (1).ipynb", "final.ipynb", "sub/em.ipynb", "em.ipynb.txt"])
    def test_the_work_counts_and_a_note_names_it(self, tmp_path, work):
        folder = tmp_path / "ada" / "em"
        write(folder / "em.ipynb", tagged(RELEASED.skeletons["e_step"], "e_step"))
        (folder / work).parent.mkdir(exist_ok=True)
        (folder / work).write_bytes(NOTEBOOK)

        (submission,) = locate.find([tmp_path], "em")
        work_done = run.read(submission, RELEASED, "em")

        assert isinstance(work_done, Work)
        assert submission.place == folder
        assert work_done.path == folder / work
        assert work_done.notes[0].endswith(f"{Path(work).name} counts: the others are as they were released.")
        assert submission.at(work_done.path).place == folder

    def test_a_folder_of_a_students_copies_is_one_student(self, tmp_path):
        for name in ("em.ipynb", "em-Copy1.ipynb", "em (1).ipynb"):
            write(tmp_path / "ada" / name)

        for paths in ([tmp_path / "ada"], sorted((tmp_path / "ada").iterdir())):
            (submission,) = locate.find(paths, "em")
            assert submission.student == "ada"
            assert len(submission.paths) == 3

    @pytest.mark.parametrize("where", ["..", "../../bo/em"])
    def test_an_archive_cannot_lead_to_another_students_work(self, tmp_path, where):
        write(tmp_path / "bo" / "em" / "em.ipynb", new_code_cell("secret = 1"))
        (tmp_path / "ada" / "em").mkdir(parents=True)
        (tmp_path / "ada" / "em" / "w.zip").write_bytes(packed(**{f"{where}/em__ipynb": NOTEBOOK}))

        ada, _ = locate.find([tmp_path], "em")

        assert "no file can be read in it" in outcome(ada)

    def test_an_archive_that_is_a_link_is_not_followed(self, tmp_path):
        (tmp_path / "ada").mkdir()
        (tmp_path / "ada" / "w.zip").write_bytes(packed(em__ipynb=NOTEBOOK))
        (tmp_path / "bo.zip").symlink_to("ada/w.zip")

        (bo,) = locate.find([tmp_path / "bo.zip"], "em")

        assert "it is a link" in outcome(bo)
        with pytest.raises(UnreadableNotebook, match="was not handed in"):
            read_work(tmp_path / "bo.zip" / "em.ipynb", RELEASED)

    def test_a_pile_of_files_is_bounded(self, tmp_path):
        folder = tmp_path / "ada" / "em"
        write(folder / "em.ipynb", tagged("e_step = 1", "e_step"))
        for number in range(locate.MAX_FILES + 100):
            (folder / f"a{number:04}.txt").write_text("{")

        (submission,) = locate.find([tmp_path], "em")

        assert submission.path == folder / "em.ipynb"
        assert len(submission.paths) <= locate.MAX_FILES + 1
        assert outcome(submission) == "e_step = 1"
