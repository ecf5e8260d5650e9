"""What the alternative texts of the pictures say is what their numbers show."""

import numpy as np
import pytest

from autograder.exercises.bayesian_gmm import pictures
from autograder.student.selfcheck.pictures import bayesian_gmm as drawings


@pytest.fixture(scope="module")
def numbers():
    return pictures.numbers()


@pytest.fixture(scope="module")
def said(numbers):
    """The alternative texts of the pictures by name."""
    texts = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, values in numbers.items():
            patch.setattr(drawings, "still", lambda figure, alt, name=name: texts.update({name: alt}))
            getattr(drawings, name)(values)
    return texts


def test_the_hills_of_doubt(numbers, said):
    share, density = numbers["doubt"]["share"], numbers["doubt"]["share_density"]
    cumulative = np.cumsum(density) / density.sum()
    low, high = share[np.searchsorted(cumulative, [0.005, 0.995])]
    assert (round(low, 1), round(high, 1)) == (0.3, 0.8)
    assert share[density.argmax()] == pytest.approx(0.6, abs=0.01)
    sigma, densities = numbers["doubt"]["sigma"], numbers["doubt"]["sigma_densities"]
    np.testing.assert_allclose(sigma[densities.argmax(axis=1)], 2, atol=0.25)
    np.testing.assert_allclose(densities.sum(axis=1) * (sigma[1] - sigma[0]), 1, atol=0.02)
    light, heavy = numbers["doubt"]["em_sigmas"]
    assert f"dotted lines, at {heavy:.1f} and {light:.1f} g" in said["doubt"]
    assert f"a single line at {numbers['doubt']['em_share']}" in said["doubt"]


def test_the_worlds_differ(numbers, said):
    x, z = numbers["worlds"]["x"], numbers["worlds"]["z"]
    sizes = z.sum(axis=1)
    apart = [abs(row[own == 0].mean() - row[own == 1].mean()) for row, own in zip(x, z, strict=True) if np.ptp(own)]
    assert len(x) == 12
    assert sum(gap > 20 for gap in apart) > 6  # "in most of them the marks form two narrow groups"
    assert min(apart) < 20  # "in some the groups lie close together"
    assert np.sum((sizes <= 2) | (sizes >= 18)) >= 2  # "in some nearly all bentos belong to one"
    assert 280 < x.min() < x.max() < 500
    assert "anywhere between 300 and 500 g" in said["worlds"]


def test_the_best_guesses_share_the_weight(numbers, said):
    one, two, twenty = numbers["guesses"]["nine_tenths"]
    assert f"the best {one} have nine tenths of it, with two bentos the best {two}" in said["guesses"]
    assert one > 100 > two > 1 == twenty
    assert np.all(np.diff(numbers["guesses"]["sums"], axis=1) >= 0)
