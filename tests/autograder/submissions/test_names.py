import unicodedata

import pytest

from autograder import exercises
from autograder.notebooks import build
from autograder.submissions import names

COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "Zoë Ångström") for form in ("NFC", "NFD"))


@pytest.mark.parametrize(
    ("file", "stem"),
    [
        ("ada.ipynb", "ada"),
        ("ada.IPYNB", "ada"),
        ("ada.ipynb.txt", "ada"),
        ("ada.ipynb.json", "ada"),
        ("ada.ipynb.zip", "ada"),
        ("ada.ipynb.ipynb", "ada"),
        ("ada.ipynb (1)", "ada"),
        ("ada.ipynb ", "ada"),
        ("ada (1).ipynb", "ada (1)"),
        ("ada.pdf", "ada"),
        ("ada.tar.gz", "ada"),
        ("ada", "ada"),
        ("ada.lovelace", "ada.lovelace"),
        ("ada.lovelace.ipynb", "ada.lovelace"),
        (".ipynb", ".ipynb"),
        ("..ipynb", "."),
    ],
)
def test_endings_that_programs_add_are_removed(file, stem):
    assert names.stem(file) == stem


@pytest.mark.parametrize(
    ("file", "number"),
    [
        ("em.ipynb", 0),
        ("em-Copy1.ipynb", 1),
        ("em-Copy12.ipynb", 12),
        ("em-Copy1-Copy2.ipynb", 2),
        ("em (2).ipynb", 2),
        ("em(3).ipynb", 3),
        ("em.ipynb (4)", 4),
        ("em copy.ipynb", 1),
        ("em copy 2.ipynb", 2),
        ("em - Copy.ipynb", 1),
        ("em - Copy (5).ipynb", 5),
        ("em (1).ipynb.txt", 1),
        (f"em ({'9' * 200}).ipynb", 999_999_999),
    ],
)
def test_copies_are_recognised_by_their_names(file, number):
    assert names.copy_number(file) == number
    assert names.original(file) == "em"


@pytest.mark.parametrize("file", ["copy.ipynb", "xerocopy.ipynb", "Copy1.ipynb", "em1.ipynb", "(1).ipynb"])
def test_a_name_that_only_looks_like_a_copys_stays_whole(file):
    assert names.original(file) == names.stem(file)


@pytest.mark.parametrize(
    "file",
    [
        *(
            ".DS_Store",
            "._ada.ipynb",
            ".~ada.ipynb",
            "Thumbs.db",
            "thumbs.DB",
            "desktop.ini",
            "__MACOSX",
            "~$hana.docx",
        ),
        *(".ipynb_checkpoints", "__pycache__", "timestamp.txt", "submission_secret.txt", ".gitignore", "ada.ipynb~"),
    ],
)
def test_files_that_programs_leave_are_recognised(file):
    assert names.is_left_by_a_program(file)


@pytest.mark.parametrize(
    "file", ["ada.ipynb", ".ipynb", ".ada.ipynb", "hana.pdf", "timestamp.ipynb", "DS_Store", "a.txt"]
)
def test_students_work_is_not_mistaken_for_such_a_file(file):
    assert not names.is_left_by_a_program(file)


def test_files_of_a_release_are_recognised(tmp_path):
    build.write_bundle(exercises.load("em"), tmp_path)

    assert all(names.is_released(path.name, "em") for path in tmp_path.iterdir())
    assert not names.is_released("dana.json", "em")


def test_names_are_compared_in_one_form():
    assert COMPOSED != DECOMPOSED
    assert names.normal(DECOMPOSED) == COMPOSED == names.student(DECOMPOSED)
    assert names.key(f" {DECOMPOSED.upper()} ") == names.key(COMPOSED)


@pytest.mark.parametrize("there", [COMPOSED, DECOMPOSED])
def test_a_file_is_found_under_either_form_of_its_name(tmp_path, there):
    (tmp_path / f"{there}.json").touch()

    for asked in (COMPOSED, DECOMPOSED):
        assert names.existing(tmp_path / f"{asked}.json") == tmp_path / f"{there}.json"
    assert names.existing(tmp_path / "é.json") == tmp_path / "é.json"
    assert names.existing(tmp_path / "nowhere" / "é.json") == tmp_path / "nowhere" / "é.json"
