import zipfile

import pytest

from autograder.submissions import companions, locate


def lay(folder, **contents):
    for name, content in contents.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def taken(folder, student="ada"):
    (submission,) = (submission for submission in locate.find([folder], "em") if submission.student == student)
    return companions.read(submission.path, submission.beside, "em")


def test_modules_and_data_belong_to_a_notebook(tmp_path):
    own = tmp_path / "ada" / "em"
    lay(own, em_dot_ipynb="{}", helper_dot_py="A = 1", data__x_dot_csv="1,2")

    assert taken(tmp_path) == ((("data/x.csv", b"1,2"), ("helper.py", b"A = 1")), "")


def test_released_files_and_files_of_programs_do_not_belong_to_it(tmp_path):
    own = tmp_path / "ada" / "em"
    lay(
        own,
        em_dot_ipynb="{}",
        em_dot_json="{}",
        requirements_dot_txt="jax",
        selfcheck__values_dot_py="",
        other_dot_ipynb="",
    )
    lay(own, timestamp_dot_txt="", _dot_DS_Store="", __pycache____a_dot_pyc="")

    assert taken(tmp_path) == ((), "")


def test_loose_files_belong_to_no_other_students_notebook(tmp_path):
    lay(tmp_path, ada_dot_ipynb="{}", bo_dot_ipynb="{}", ada_dot_py="A = 1")

    assert taken(tmp_path)[0] == ()


def test_the_files_of_an_archive_belong_to_its_notebook(tmp_path):
    own = tmp_path / "ada" / "em"
    own.mkdir(parents=True)
    with zipfile.ZipFile(own / "work.zip", "w") as packed:
        for name, content in {"work/em.ipynb": '{"cells": []}', "work/helper.py": "A = 1", "else.py": "B = 2"}.items():
            packed.writestr(name, content)

    found, left = companions.read(own / "work.zip" / "work" / "em.ipynb", (own / "work.zip",), "em")

    assert (found, left) == ((("helper.py", b"A = 1"),), "")


def test_links_are_reported_and_not_followed(tmp_path):
    own = tmp_path / "ada" / "em"
    lay(own, em_dot_ipynb="{}")
    (tmp_path / "secret").write_text("s")
    (own / "way.txt").symlink_to(tmp_path / "secret")

    found, left = taken(tmp_path)

    assert found == ()
    assert "were left out: way.txt" in left


@pytest.mark.parametrize(("count", "size"), [(companions.MAX_FILES + 5, 1), (3, companions.MAX_BYTES // 2)])
def test_number_and_size_are_limited(tmp_path, count, size):
    own = tmp_path / "ada" / "em"
    lay(own, em_dot_ipynb="{}", **{f"data{i:03}_dot_bin": "x" * size for i in range(count)})

    found, left = taken(tmp_path)

    assert len(found) == min(companions.MAX_FILES, 2 if size > 1 else count)
    assert "were left out: data" in left


def test_existing_files_stay(tmp_path):
    (tmp_path / "em.json").write_text("the release's")

    companions.write((("em.json", b"mine"), ("em.json/below", b"mine"), ("a/b.txt", b"mine")), tmp_path)

    assert (tmp_path / "em.json").read_text() == "the release's"
    assert (tmp_path / "a" / "b.txt").read_text() == "mine"
    assert (tmp_path / "a" / "b.txt").stat().st_mode & 0o777 == 0o444
