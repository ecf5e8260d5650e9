import pytest

from autograder import fingerprint


def test_a_change_of_code_or_text_changes_the_kit(tmp_path, monkeypatch):
    for folder in ("assignments", "autograder", "reference"):
        (tmp_path / folder).mkdir()
    source = tmp_path / "reference" / "em.py"
    source.write_text("a = 1")
    monkeypatch.setattr("autograder.paths.ROOT", tmp_path)
    uncached = fingerprint.kit.__wrapped__
    first = uncached()

    source.write_text("a = 2")

    assert uncached() != first


@pytest.mark.parametrize("name", ["autograder/exercises/em/answers/ada.py", "autograder/sample_class/em/ada.md"])
def test_files_that_no_mark_depends_on_do_not_change_the_kit(tmp_path, monkeypatch, name):
    source = tmp_path / name
    source.parent.mkdir(parents=True)
    source.write_text("a = 1")
    monkeypatch.setattr("autograder.paths.ROOT", tmp_path)
    uncached = fingerprint.kit.__wrapped__
    first = uncached()

    source.write_text("a = 2")

    assert uncached() == first


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A small kit: exercises `a` with two files, and `b` that shares the rules."""
    files = {
        "autograder/__init__.py": "",
        "autograder/exercises/__init__.py": "import hashlib\nfrom autograder.student.selfcheck.rules import Rule\n",
        "autograder/exercises/a.py": "import jax\nfrom autograder.exercises import Case, a_mistakes\n",
        "autograder/exercises/a_mistakes.py": "import reference.a as answers\n",
        "autograder/exercises/b.py": "from autograder.exercises import Case\n",
        "autograder/student/selfcheck/__init__.py": "from .shown import show\n",
        "autograder/student/selfcheck/rules/__init__.py": "from ..values import plain\nfrom .. import codec\n",
        "autograder/student/selfcheck/values.py": "from ..worker import wire\n",
        "autograder/student/selfcheck/codec.py": "",
        "autograder/student/selfcheck/shown.py": "",
        "autograder/student/worker/wire.py": "",
        "reference/a.py": "",
        # Libraries in the same folder as an installed kit, with the names of their versions.
        "hashlib.py": "",
        "jax/__init__.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr("autograder.paths.ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("autograder/exercises/a.py", "a"),
        ("autograder/exercises/a_mistakes.py", "a"),
        ("reference/a.py", "a"),
        ("autograder/exercises/b.py", "b"),
        ("autograder/exercises/__init__.py", "ab"),
        ("autograder/student/selfcheck/rules/__init__.py", "ab"),
        ("autograder/student/selfcheck/values.py", "ab"),
        ("autograder/student/selfcheck/codec.py", "ab"),
        ("autograder/student/worker/wire.py", "ab"),
        ("autograder/student/selfcheck/shown.py", ""),
        ("hashlib.py", ""),
        ("jax/__init__.py", ""),
    ],
)
def test_the_checks_depend_on_everything_that_the_exercises_import(kit, file, changed):
    uncached = fingerprint.checks.__wrapped__
    before = {name: uncached(name) for name in "ab"}

    with (kit / file).open("a") as source:
        source.write("\n# changed")

    assert {name for name in "ab" if uncached(name) != before[name]} == set(changed)


def test_the_checks_do_not_depend_on_docstrings(kit):
    uncached = fingerprint.checks.__wrapped__
    path = kit / "autograder" / "exercises" / "a.py"
    path.write_text('"""Old."""\n\ndef f():\n    """Old,\n    and long."""\n    return """code"""\n')
    before = uncached("a")

    path.write_text('"""New."""\n\ndef f():\n    """New."""\n    return """code"""\n')
    assert uncached("a") == before
    path.write_text('"""New."""\n\ndef f():\n    """New."""\n    return """other"""\n')
    assert uncached("a") != before
