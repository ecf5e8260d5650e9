from datetime import datetime

import pytest

from autograder.submissions import times

SIX_UTC = datetime(2026, 12, 3, 18)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-03 18:00:00 UTC",
        "2026-12-03 18:00:00.000000 UTC",
        "2026-12-03 18:00:00",
        "2026-12-03 18:00",
        "2026-12-03T18:00:00Z",
        "20261203T180000Z",
        "2026-12-03 19:00:00 +0100",
        "2026-12-03 19:00:00 +01:00",
        "2026-12-03 19:00:00+01",
        "2026-12-03T19:00:00.5+01:00",
        "2026-12-03 19:00:00 CET",
        "2026-12-03 20:00:00 CEST",
        "2026-12-03 10:00:00 PST",
        "2026-12-03 10:00:00 -0800",
        "2026-12-03 13:00:00 EST",
        "2026-12-04 04:30:00 ACDT",
        "2026-12-03 19:00:00 Europe/Berlin",
        "2026-12-03 15:00:00 America/Argentina/Buenos_Aires",
        "2026-12-03 13:00:00 EST5EDT",
        "2026-12-03 20:00:00 UTC+2",
        "2026-12-03 20:00:00 GMT+0200 (Eastern European Standard Time)",
        "2026-12-03 19:00:00 +0100 (CET)",
        "Thu Dec  3 19:00:00 CET 2026",
        "Thu, 03 Dec 2026 19:00:00 +0100",
        "3 December 2026, 6 pm",
        "12/13/2026 6:00 PM",
    ],
)
def test_a_time_is_understood_in_many_forms(text):
    expected = SIX_UTC.replace(day=13) if "/13/" in text else SIX_UTC

    assert times.parse(text).replace(microsecond=0) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("soon", "that is not a time"),
        ("18:30", "that is not a date and time, or may mean several"),
        ("10", "that is not a date and time, or may mean several"),
        ("Thursday", "that is not a date and time, or may mean several"),
        ("December 2026", "that is not a date and time, or may mean several"),
        ("2026-12-03", "that is not a date and time, or may mean several"),
        ("02/03/2026 18:30", "that is not a date and time, or may mean several"),
        ("03.12.26 18:30", "that is not a date and time, or may mean several"),
        ("2026-12-03 18:30:00 CST", "the zone CST is unknown, or means several"),
        ("2026-12-03 18:30:00 IST", "the zone IST is unknown, or means several"),
        ("2026-12-03 18:30:00 XYZ", "the zone XYZ is unknown, or means several"),
        ("2026-12-03 18:30:00 Middle/Earth", "the zone Middle/Earth is unknown"),
        ("2026-13-03 18:30:00", "that is not a time"),
        ("1796000000", "that is not a time"),
        ("0001-01-01 00:00:00 +1400", "that time is out of range"),
        ("9" * 400, "that is not a time"),
        ("2026-12-03 18:30:00 " * 50, "that is not a time"),
        ("2026-12-03 18:30:00 +99999", "that is not a time"),
    ],
)
def test_text_that_is_not_a_time_or_means_several_is_reported(text, says):
    with pytest.raises(ValueError, match=f"^{says}$"):
        times.parse(text)


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("America/Chicago", "2026-12-03 12:00:00 CST"),
        ("Asia/Shanghai", "2026-12-04 02:00:00 CST"),
        ("Asia/Kolkata", "2026-12-03 23:30:00 IST"),
        ("Europe/London", "2026-12-03 19:00:00 BST"),
    ],
)
def test_abbreviations_are_read_as_the_courses_own_zone(own, text):
    assert times.parse(text, zone=own) == SIX_UTC


@pytest.mark.parametrize(
    "content",
    [b"2026-12-03 19:00 +0100", b"\xef\xbb\xbf2026-12-03 19:00 CET\r\n", "2026-12-03 18:00 UTC\r\n".encode("utf-16")],
)
def test_the_time_beside_a_notebook_is_read(tmp_path, content):
    (tmp_path / "timestamp.txt").write_bytes(content)

    assert times.noted(tmp_path) == (SIX_UTC, "")


def test_without_a_timestamp_nothing_is_reported(tmp_path):
    assert times.noted(tmp_path) == (None, "")
    assert times.noted(tmp_path / "nowhere") == (None, "")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "timestamp.txt is empty"),
        (b" \r\n\t", "timestamp.txt is empty"),
        (b"soon\x1b[31m", "timestamp.txt says “soon�[31m”: that is not a time"),
        (b"2026-12-03 18:30:00 CST", "the zone CST is unknown"),
        (b"\xff\x00\xff", "timestamp.txt is not text"),
    ],
)
def test_an_unreadable_timestamp_is_reported(tmp_path, content, says):
    (tmp_path / "timestamp.txt").write_bytes(content)

    moment, problem = times.noted(tmp_path)

    assert moment is None
    assert says in problem
    assert problem.endswith(times.UNKNOWN)


def test_a_link_or_a_folder_in_its_place_is_reported(tmp_path):
    (tmp_path / "a" / "timestamp.txt").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "timestamp.txt").symlink_to("/etc/hostname")

    assert [times.noted(tmp_path / name)[0] for name in "ab"] == [None, None]
    assert "it is a folder" in times.noted(tmp_path / "a")[1]
    assert "it is a link" in times.noted(tmp_path / "b")[1]
