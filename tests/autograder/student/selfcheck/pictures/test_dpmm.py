"""The pictures of the mixture with any number of clusters: each is drawn, and its description has the exact numbers."""

import matplotlib as mpl
import numpy as np
import pytest

from autograder.exercises.dpmm import pictures as made
from autograder.student.selfcheck import codec
from autograder.student.selfcheck.pictures import dpmm
from reference import exact_partitions as exact

mpl.use("agg")


@pytest.fixture(scope="module")
def numbers():
    return codec.decode(codec.encode(made.numbers()))


@pytest.fixture
def shown(numbers, monkeypatch):
    """The descriptions of a picture, and the function that its sliders draw with."""

    def show(name):
        from matplotlib import pyplot as plt

        found, live = [], []
        monkeypatch.setattr(dpmm, "still", lambda figure, alt: found.append(alt))
        monkeypatch.setattr(dpmm, "live", lambda draw, controls: live.append((draw, controls)))
        getattr(dpmm, name)(numbers[name])
        plt.close("all")
        return found, live

    return show


def test_every_picture_is_drawn_and_described(numbers, shown):
    assert set(numbers) == {"odd", "restaurants", "stick", "priors", "one_kind", "chapter"}
    for name in numbers:
        [alt], live = shown(name)
        assert alt.endswith(".")
        assert bool(live) == (name == "priors")


@pytest.mark.parametrize("alpha", [0.02, 0.3, 1.0, 20.0])
def test_the_sliders_show_the_exact_posterior(numbers, alpha):
    for count, log_terms in zip(made.COUNTS, numbers["priors"]["log_terms"], strict=True):
        loc, _, shape, rate = made.BASE
        expected, _ = exact.num_clusters_by_subsets(made.TEN, alpha, (loc, count, shape, rate))
        np.testing.assert_allclose(dpmm.shares(log_terms, alpha), expected, rtol=1e-8, atol=1e-15)


def test_a_slider_is_described_by_what_it_shows(shown):
    from matplotlib import pyplot as plt

    _, [(draw, controls)] = shown("priors")
    _, alt = draw(**{name: control.value for name, control in controls.items()})
    plt.close("all")

    assert alt == "Alpha 1, count 0.0025: K = 3 is the most probable, with 0.88."


def test_pieces_and_tables_sum_to_the_whole(numbers, shown):
    fractions = numbers["stick"]["fractions"]
    left = np.prod(1 - fractions)
    [alt], _ = shown("stick")
    assert f"{left:.3f} is left" in alt
    tables = numbers["restaurants"]["tables"]
    assert tables.sum(axis=2).tolist() == [[1, 5, 20]] * 3
    assert np.all(np.diff(np.sum(tables[:, -1] > 0, axis=1)) > 0)  # a larger alpha, more tables


def test_more_bentos_of_one_kind_do_not_make_one_cluster_more_probable(numbers):
    posterior = numbers["one_kind"]["posterior"]

    np.testing.assert_allclose(posterior.sum(axis=1), 1)
    assert np.all(np.diff(posterior[:, 0]) < 0)
