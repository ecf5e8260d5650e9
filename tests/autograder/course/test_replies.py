"""Kept replies on disk."""

import pytest

from autograder.course import replies as on_disk
from autograder.sandbox.replies import Replies

KEY, OTHER = "ab" * 32, "cd" * 32


def some() -> Replies:
    replies = Replies()
    for number in range(3):
        replies.get(f"{number:064x}")
        replies.put(f"{number:064x}", {"value": "long " * number, "output": ""})
    return replies


def test_replies_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "replies" / "zoë.replies"
    on_disk.write(path, KEY, some())
    assert on_disk.read(path, KEY).frames == some().frames


def test_only_what_the_last_run_asked_is_kept(tmp_path):
    path = tmp_path / "ada.replies"
    on_disk.write(path, KEY, some())
    again = on_disk.read(path, KEY)
    assert again.get(f"{1:064x}") == {"value": "long ", "output": ""}
    on_disk.write(path, KEY, again)
    assert list(on_disk.read(path, KEY).frames) == [f"{1:064x}"]


def test_another_notebook_has_no_replies(tmp_path):
    path = tmp_path / "ada.replies"
    assert on_disk.read(path, KEY).frames == {}
    on_disk.write(path, KEY, some())
    assert on_disk.read(path, OTHER).frames == {}


def test_the_same_replies_are_not_written_again(tmp_path):
    path = tmp_path / "ada.replies"
    on_disk.write(path, KEY, some())
    again = on_disk.read(path, KEY)
    for question in list(again.frames):
        again.get(question)
    path.unlink()
    on_disk.write(path, KEY, again)
    assert not path.exists()


def test_incomplete_replies_are_not_written(tmp_path):
    path = tmp_path / "ada.replies"
    replies = some()
    replies.complete = False
    on_disk.write(path, KEY, replies)
    assert not path.exists()


def test_too_many_bytes_are_not_kept(tmp_path, monkeypatch):
    path = tmp_path / "ada.replies"
    on_disk.write(path, KEY, some())
    monkeypatch.setattr(on_disk, "MAX_BYTES", 100)
    on_disk.write(path, KEY, some())
    assert not path.exists()


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b[:40], lambda b: b[:-5] + b"xxxxx", lambda b: b + b"x"]
)
def test_a_damaged_file_is_ignored(tmp_path, caplog, damage):
    path = tmp_path / "ada.replies"
    on_disk.write(path, KEY, some())
    path.write_bytes(damage(path.read_bytes()))
    assert on_disk.read(path, KEY).frames == {}
    assert "is damaged" in caplog.text
