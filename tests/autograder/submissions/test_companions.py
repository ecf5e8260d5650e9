import zipfile

import pytest

from autograder.submissions import companions, locate


def lay(folder, **contents):
    for name, content in contents.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def taken(folder, student="ada"):
    (one,) = (one for one in locate.find([folder], "em") if one.student == student)
    return companions.read(one.path, one.beside, "em")


def test_modules_and_data_go_with_a_notebook(tmp_path):
    own = tmp_path / "ada" / "em"
    lay(own, em_dot_ipynb="{}", helper_dot_py="A = 1", data__x_dot_csv="1,2")

    assert taken(tmp_path) == ((("data/x.csv", b"1,2"), ("helper.py", b"A = 1")), "")


def test_what_the_release_or_a_program_has_put_there_does_not(tmp_path):
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


def test_of_loose_files_nothing_goes_with_another_students_notebook(tmp_path):
    lay(tmp_path, ada_dot_ipynb="{}", bo_dot_ipynb="{}", ada_dot_py="A = 1")

    assert taken(tmp_path)[0] == ()


def test_of_an_archive_its_files_go_with_the_notebook(tmp_path):
    own = tmp_path / "ada" / "em"
    own.mkdir(parents=True)
    with zipfile.ZipFile(own / "work.zip", "w") as packed:
        for name, content in {"work/em.ipynb": '{"cells": []}', "work/helper.py": "A = 1", "else.py": "B = 2"}.items():
            packed.writestr(name, content)

    found, left = companions.read(own / "work.zip" / "work" / "em.ipynb", (own / "work.zip",), "em")

    assert (found, left) == ((("helper.py", b"A = 1"),), "")


def test_links_are_not_followed_and_are_told(tmp_path):
    own = tmp_path / "ada" / "em"
    lay(own, em_dot_ipynb="{}")
    (tmp_path / "secret").write_text("s")
    (own / "way.txt").symlink_to(tmp_path / "secret")

    found, left = taken(tmp_path)

    assert found == ()
    assert "could not be taken along: way.txt" in left


@pytest.mark.parametrize(("count", "size"), [(companions.MAX_FILES + 5, 1), (3, companions.MAX_BYTES // 2)])
def test_there_is_a_limit(tmp_path, count, size):
    own = tmp_path / "ada" / "em"
    lay(own, em_dot_ipynb="{}", **{f"data{i:03}_dot_bin": "x" * size for i in range(count)})

    found, left = taken(tmp_path)

    assert len(found) == min(companions.MAX_FILES, 2 if size > 1 else count)
    assert "could not be taken along: data" in left


def test_what_is_there_already_stays(tmp_path):
    (tmp_path / "em.json").write_text("the release's")

    companions.write((("em.json", b"mine"), ("em.json/below", b"mine"), ("a/b.txt", b"mine")), tmp_path)

    assert (tmp_path / "em.json").read_text() == "the release's"
    assert (tmp_path / "a" / "b.txt").read_text() == "mine"
    assert (tmp_path / "a" / "b.txt").stat().st_mode & 0o777 == 0o444
