import numpy as np
import pytest

from autograder.exercises import cache

VALUES = {
    "an array": np.array([[1.5, np.nan], [np.inf, -0.0]]),
    "float32": np.array([1, 2], np.float32),
    "nested": {"pair": (np.array(3), None), "text": "words"},
    "nothing": None,
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setattr(cache, "SHIPPED", tmp_path / "shipped")
    return tmp_path / "gmm-teaching-kit"


def test_written_values_are_read_back():
    cache.write("em", VALUES)
    values = cache.read("em")

    assert list(values) == list(VALUES)
    np.testing.assert_array_equal(values["an array"], VALUES["an array"])
    assert isinstance(values["float32"], np.ndarray)
    assert values["float32"].dtype == np.float32
    assert values["nested"] == VALUES["nested"]
    assert values["nothing"] is None


def test_the_cache_is_empty_at_first():
    assert cache.read("em") == {}


def test_values_that_are_too_large_are_left_out():
    cache.write("em", {"large": (np.zeros(cache.MAX_BYTES // 8), np.zeros(1)), "small": np.zeros(3)})

    assert list(cache.read("em")) == ["small"]


@pytest.mark.parametrize("damage", [b"", b"\0", b"\0" * 12, b"no frame at all, but long enough for two lengths"])
def test_a_damaged_file_counts_as_missing(folder, damage):
    cache.write("em", VALUES)
    [path] = folder.iterdir()
    path.write_bytes(damage)

    assert cache.read("em") == {}


def test_another_version_of_the_checks_has_its_own_values(folder, monkeypatch):
    cache.write("em", VALUES)
    cache.write("coffee", VALUES)
    monkeypatch.setattr(cache, "version_of", lambda assignment: "another")

    assert cache.read("em") == {}
    cache.write("em", {"new": np.zeros(1)})
    assert list(cache.read("em")) == ["new"]
    assert sorted(path.name.split("-")[0] for path in folder.iterdir()) == ["coffee", "em"]


def test_the_kit_comes_with_values_that_are_not_kept_again(folder):
    cache.ship("em", {"shipped": np.ones(3)})
    cache.write("em", {"shipped": np.ones(3), "own": np.zeros(2)})

    assert sorted(cache.read("em")) == ["own", "shipped"]
    [path] = folder.iterdir()
    assert path.stat().st_size < 200
    path.unlink()
    np.testing.assert_array_equal(cache.read("em")["shipped"], np.ones(3))

    cache.write("em", {"shipped": np.ones(3)})
    assert not [*folder.iterdir()]


def test_values_of_another_version_of_the_checks_do_not_count(monkeypatch):
    cache.ship("em", VALUES)
    monkeypatch.setattr(cache, "version_of", lambda assignment: "another")

    assert cache.shipped("em") == {}


def test_damaged_values_of_the_kit_are_as_good_as_none():
    cache.ship("em", VALUES)
    path = cache.SHIPPED / "em.values"
    path.write_bytes(path.read_bytes()[:-5])

    assert cache.read("em") == {}


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(cache, "user_cache_path", lambda name: tmp_path / "file" / name)

    cache.write("em", VALUES)

    assert cache.read("em") == {}
