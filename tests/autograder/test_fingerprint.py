import os

from autograder import fingerprint


def test_the_same_file_has_the_same_hash(tmp_path):
    path = tmp_path / "em.ipynb"
    path.write_text("{}")
    first = fingerprint.submission(path)

    assert fingerprint.submission(path) == first
    path.write_text("{} ")
    assert fingerprint.submission(path) != first


def test_the_kit_is_part_of_it(tmp_path, monkeypatch):
    path = tmp_path / "em.ipynb"
    path.write_text("{}")
    first = fingerprint.submission(path)

    monkeypatch.setattr(fingerprint, "kit", lambda: "another version")

    assert fingerprint.submission(path) != first


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


def test_a_link_is_not_what_it_leads_to(tmp_path):
    (tmp_path / "ada.ipynb").write_text("{}")
    (tmp_path / "bo.ipynb").symlink_to("ada.ipynb")

    assert fingerprint.submission(tmp_path / "bo.ipynb") != fingerprint.submission(tmp_path / "ada.ipynb")


def test_what_is_missing_or_no_file_has_a_hash_too(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")

    paths = [tmp_path / "pipe.ipynb", tmp_path / "missing.ipynb", tmp_path]
    assert len({fingerprint.submission(path) for path in paths}) == 3
