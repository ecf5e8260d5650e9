"""Zips and folders that must not be unpacked: each is refused with the name of the entry, and nothing is written."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from autograder.course.folder import Course
from autograder.errors import DownloadError
from autograder.submissions import files
from autograder.systems import download
from autograder.systems.collect import collect
from autograder.systems.download import opened, views
from tests.lms import zips

NOTEBOOK = "{}"
GOOD = {"lovelaceada_11_9001_em.ipynb": NOTEBOOK}


def entry(name: str, *, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = mode << 16
    return info


def hostile(path: Path, *entries: tuple[zipfile.ZipInfo, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
        for info, content in entries:
            archive.writestr(info, content)
    return path


@pytest.fixture
def refused(tmp_path):
    """Collect a zip that must be refused; return the message."""

    def collected(*entries) -> str:
        course = tmp_path / "deep" / "course"
        course.mkdir(parents=True)
        before = {path for path in tmp_path.rglob("*") if ".kit" not in path.parts}
        path = hostile(tmp_path / "submissions.zip", *entries)
        with pytest.raises(DownloadError) as error:
            collect(Course(course), "em", path)
        after = {item for item in tmp_path.rglob("*") if ".kit" not in item.parts}
        assert after - before == {path}
        return str(error.value)

    return collected


@pytest.mark.parametrize(
    "name",
    [
        "../evil_12_9002_em.ipynb",
        "a/../../evil_12_9002_em.ipynb",
        "..\\evil_12_9002_em.ipynb",
        "/evil_12_9002_em.ipynb",
        "\\evil_12_9002_em.ipynb",
        "C:\\evil_12_9002_em.ipynb",
        "C:/evil_12_9002_em.ipynb",
        "a//evil_12_9002_em.ipynb",
        "./evil_12_9002_em.ipynb",
        "a\\evil_12_9002_em.ipynb",
        "../evil/",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(refused, name):
    said = refused((entry(name), NOTEBOOK))

    assert f"the entry {name} " in said
    assert "nothing was collected" in said


@pytest.mark.parametrize(
    ("kind", "what"),
    [(stat.S_IFLNK, "a link"), (stat.S_IFIFO, "a pipe"), (stat.S_IFCHR, "a device"), (stat.S_IFSOCK, "a socket")],
)
def test_an_entry_that_is_not_a_file_is_refused(refused, kind, what):
    said = refused((entry("evil_12_9002_em.ipynb", mode=kind | 0o777), "/etc/passwd"))

    assert f"the entry evil_12_9002_em.ipynb is {what}" in said


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("roe_12_9002_em.ipynb", "ROE_12_9002_em.ipynb"),
        ("roe_12_9002_em.ipynb", "roe_12_9002_EM.IPYNB"),
        ("zoë_12_9002_em.ipynb", "zoe\u0308_12_9002_em.ipynb"),
        ("STRASSE_12_9002_em.ipynb", "straße_12_9002_em.ipynb"),
        ("a_1_2_b/x", "A_1_2_b/y"),
    ],
)
def test_two_names_that_are_the_same_on_some_systems_are_refused(refused, first, other):
    said = refused((entry(first), NOTEBOOK), (entry(other), NOTEBOOK))

    assert "only in case or in the form of an accent" in said
    assert first.split("/")[0] in said
    assert other.split("/")[0] in said


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_name_that_is_there_twice_is_refused(refused):
    said = refused((entry("roe_12_9002_em.ipynb"), "1"), (entry("roe_12_9002_em.ipynb"), "2"))

    assert "the entry roe_12_9002_em.ipynb appears twice" in said


def test_a_name_of_both_a_file_and_a_folder_is_refused(refused):
    said = refused((entry("roe_12_9002_em"), "1"), (entry("roe_12_9002_em/em.ipynb"), "2"))

    assert "the entry roe_12_9002_em is both a file and a folder" in said


def test_a_bomb_is_refused(refused):
    said = refused((entry("evil_12_9002_em.ipynb"), b"\0" * (files.MAX_BYTES + 1)))

    assert "the entry evil_12_9002_em.ipynb unpacks" in said


def test_entries_that_share_bytes_are_refused(tmp_path):
    path = hostile(tmp_path / "submissions.zip", (entry("a_12_9002_em.ipynb"), os.urandom(1000)))
    data = path.read_bytes()
    start, end = data.rindex(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    again = b"".join(data[start:end].replace(b"a_12", f"b_{number}".encode()) for number in range(10, 30))
    tail = bytearray(data[end:])
    count = int.from_bytes(tail[8:10], "little") + 20
    tail[8:10] = tail[10:12] = count.to_bytes(2, "little")
    tail[12:16] = (int.from_bytes(tail[12:16], "little") + len(again)).to_bytes(4, "little")
    path.write_bytes(data[:end] + again + bytes(tail))

    with pytest.raises(DownloadError, match=r"longer than the zip|cannot be read"):
        collect(Course(tmp_path / "course"), "em", path)


def test_encrypted_entries_and_other_compression_methods_are_refused(tmp_path):
    path = tmp_path / "submissions.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("roe_12_9002_em.ipynb", NOTEBOOK * 100)

    with pytest.raises(DownloadError, match=r"roe_12_9002_em\.ipynb is compressed by"):
        collect(Course(tmp_path / "course"), "em", path)


def test_a_broken_entry_leaves_nothing_behind(tmp_path):
    path = zips.write(tmp_path / "submissions.zip", {**GOOD, "roe_12_9002_em.ipynb": os.urandom(5000)})
    data = bytearray(path.read_bytes())
    data[-3000] ^= 0xFF
    path.write_bytes(data)
    course = Course(tmp_path / "course")

    with pytest.raises(DownloadError, match=r"roe_12_9002_em\.ipynb"):
        collect(course, "em", path)

    assert not course.submitted().exists()
    assert not (course.root / "roster.csv").exists()
    assert [item.name for item in course.root.rglob("*") if item.is_file()] == ["em.lock"]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 no zip", b"PK\x05\x06" + b"\0" * 10])
def test_a_file_that_is_not_a_zip_is_refused(tmp_path, content):
    path = tmp_path / "submissions.zip"
    path.write_bytes(content)

    with pytest.raises(DownloadError, match="neither a folder nor a readable zip"):
        collect(Course(tmp_path / "course"), "em", path)


def test_a_missing_download_is_reported(tmp_path):
    with pytest.raises(DownloadError, match="does not exist"):
        collect(Course(tmp_path / "course"), "em", tmp_path / "submissions.zip")


def test_a_download_that_does_not_fit_on_the_disk_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "RESERVE", 2**62)

    with pytest.raises(DownloadError, match="are free at"):
        collect(Course(tmp_path / "course"), "em", zips.write(tmp_path / "submissions.zip", GOOD))


def test_a_refused_entry_can_be_left_out_and_the_rest_is_collected(tmp_path):
    path = hostile(
        tmp_path / "submissions.zip",
        (entry("../evil_12_9002_em.ipynb"), "1"),
        (entry("roe_13_9003_em.ipynb"), "1"),
        (entry("ROE_13_9003_em.ipynb"), "2"),
    )
    course = Course(tmp_path / "course")

    collect(course, "em", path, skip=["../evil_12_9002_em.ipynb", "ROE_13_9003_em.ipynb"])

    assert sorted(item.name for item in course.submitted().iterdir()) == ["lovelaceada", "roe"]
    assert (course.submitted() / "roe/em/em.ipynb").read_text() == "1"


@pytest.mark.parametrize("to", ["/etc/passwd", "lovelaceada_11_9001_em.ipynb", "nowhere"])
def test_a_link_in_a_folder_is_refused(tmp_path, to):
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / "lovelaceada_11_9001_em.ipynb").write_text(NOTEBOOK)
    (folder / "evil_12_9002_em.ipynb").symlink_to(to)

    with pytest.raises(DownloadError, match=r"the entry evil_12_9002_em\.ipynb is a link"):
        collect(Course(tmp_path / "course"), "em", folder)


def test_a_pipe_in_a_folder_is_refused_and_not_waited_for(tmp_path):
    folder = tmp_path / "submissions"
    folder.mkdir()
    os.mkfifo(folder / "evil_12_9002_em.ipynb")

    with pytest.raises(DownloadError, match="is a pipe"):
        collect(Course(tmp_path / "course"), "em", folder)


def test_names_in_a_zip_made_with_ruby_are_read_as_utf_8(tmp_path):
    names = ["müllerzoë_11_9001_em.ipynb", "小明王_12_9002_em.ipynb", "шевченкоолена_13_9003_em.ipynb"]
    path = zips.write_as_ruby(tmp_path / "submissions.zip", dict.fromkeys(names, NOTEBOOK))

    with opened(path, room=tmp_path) as found:
        assert [*found.sizes] == names
        assert all(found.content(name) == NOTEBOOK.encode() for name in names)


def test_files_that_programs_leave_are_ignored(tmp_path):
    noise = ["__MACOSX/._em.ipynb", ".DS_Store", "a/.ipynb_checkpoints/em.ipynb", "a/Thumbs.db"]
    path = zips.write(tmp_path / "submissions.zip", dict.fromkeys([*GOOD, *noise], ""))

    with opened(path, room=tmp_path) as found:
        assert [*found.sizes] == [*GOOD]


def test_a_folder_with_only_such_files_counts_as_empty(tmp_path):
    path = zips.write(
        tmp_path / "submissions.zip", {"ada/.DS_Store": "", "bilal/em.ipynb": "", "chiara/x/Thumbs.db": ""}
    )

    with opened(path, room=tmp_path) as found:
        assert found.empty == ("ada", "chiara", "chiara/x")


def test_views_descend_while_one_folder_holds_everything(tmp_path):
    path = zips.write(tmp_path / "x.zip", {"a/b/c.ipynb": "", "a/b/d/": ""})

    with opened(path, room=tmp_path) as found:
        assert [sorted(view.entries) for view in views(found)] == [
            ["a/b/c.ipynb", "a/b/d"],
            ["b/c.ipynb", "b/d"],
            ["c.ipynb", "d"],
        ]
