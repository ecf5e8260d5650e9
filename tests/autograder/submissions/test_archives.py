import io
import stat
import struct
import time
import tracemalloc
import zipfile
from random import Random

import pytest

from autograder.errors import ArchiveError
from autograder.submissions import archives

MOST = 1_000_000


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_are_read(method):
    data = packed({"em.ipynb": b"{}", "folder/b.ipynb": b"[]", "empty/": b""}, method)

    assert archives.names(data) == ["em.ipynb", "folder/b.ipynb"]
    assert archives.member(data, "folder/b.ipynb", most=MOST) == b"[]"


def test_a_bomb_is_cut_off_and_costs_no_memory():
    data = packed({"em.ipynb": b"\0" * 100_000_000})
    assert len(data) < 120_000

    tracemalloc.start()
    read = archives.member(data, "em.ipynb", most=MOST)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(read) == MOST + 1
    assert peak < 10 * MOST


def test_a_false_size_is_not_trusted():
    data = packed({"em.ipynb": b"\0" * 10 * MOST})
    lying = data.replace(struct.pack("<L", 10 * MOST), struct.pack("<L", 3))
    assert lying != data

    with pytest.raises(ArchiveError, match="is broken"):
        archives.member(lying, "em.ipynb", most=MOST)


def test_an_archive_is_opened_once_for_the_beginnings_of_many_files(monkeypatch):
    data = packed({f"{number}.json": b"{" + b" " * number for number in range(1_000)})
    inside, opened, really = archives.names(data), [], zipfile.ZipFile
    monkeypatch.setattr(zipfile, "ZipFile", lambda *args: opened.append(args) or really(*args))

    found = archives.beginnings(data, [*inside[:500], "nowhere", "../x"], 3)

    assert len(opened) == 1

    assert len(found) == 500
    assert found["0.json"] == b"{"
    assert found["99.json"] == b"{  "
    assert archives.beginnings(b"PK", ["0.json"], 3) == {}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_methods_without_a_bound_are_refused(method):
    data = packed({"em.ipynb": b"\0" * 10_000}, method)

    with pytest.raises(ArchiveError, match="compressed by a method that is not supported"):
        archives.member(data, "em.ipynb", most=MOST)


def test_an_encrypted_archive_is_reported():
    data = bytearray(packed({"em.ipynb": b"{}"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(ArchiveError, match="locked with a password"):
        archives.member(bytes(data), "em.ipynb", most=MOST)


@pytest.mark.parametrize("name", ["../em.ipynb", "/etc/em.ipynb", "a/../../em.ipynb", "a//em.ipynb", "./em.ipynb"])
def test_paths_outside_the_folder_are_left_out(name):
    data = packed({name: b"{}", "em.ipynb": b"[]"})

    assert archives.names(data) == ["em.ipynb"]
    with pytest.raises(ArchiveError, match="is not there"):
        archives.member(data, name, most=MOST)


def test_links_are_left_out():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("em.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../bo/em.ipynb")

    assert archives.names(target.getvalue()) == []


def test_a_list_of_a_million_files_is_not_read():
    directory = (b"PK\x01\x02" + bytes(42)) * 400_000
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 65535, 65535, len(directory), 0, 0)

    started = time.process_time()
    assert archives.names(directory + end) == []
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("word/document.xml", "a Word document"),
        ("xl/workbook.xml", "an Excel workbook"),
        ("ppt/presentation.xml", "a PowerPoint presentation"),
        ("META-INF/manifest.xml", "an OpenDocument file"),
        ("em.ipynb", None),
    ],
)
def test_documents_that_are_archives_are_recognised(inside, what):
    assert archives.document(packed({inside: b""})) == what


def test_any_bytes_are_read_or_reported():
    random = Random(17)
    good = packed({"em.ipynb": b"{}" * 500, "folder/em.ipynb": b"[1]" * 99})
    outcomes = set()
    for _ in range(3_000):
        data = bytearray(good)
        for _ in range(random.randint(1, 6)):
            data[random.randrange(len(data))] = random.choice([0, 1, 127, 255, random.randrange(256)])
        cut = bytes(data[: random.randint(1, len(data))] if random.random() < 0.2 else data)
        archives.document(cut)
        archives.beginnings(cut, ["em.ipynb", "folder/em.ipynb"], 10)
        for name in archives.names(cut):
            try:
                outcomes.add(len(archives.member(cut, name, most=MOST)) > 0)
            except ArchiveError:
                outcomes.add(None)
    assert outcomes >= {True, None}
