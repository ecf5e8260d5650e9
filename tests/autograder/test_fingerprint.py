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
