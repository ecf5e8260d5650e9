"""What the alternative texts of the pictures say is what their numbers show."""

import numpy as np
import pytest

from autograder.exercises.gibbs_sampling import pictures
from autograder.student.selfcheck.pictures import gibbs_sampling as drawings


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
            patch.setattr(drawings, "moving", lambda figure, draw, frames, alt, name=name: texts.update({name: alt}))
            getattr(drawings, name)(values)
    return texts


def test_hardly_a_guess_lies_near_the_posterior(numbers, said):
    guesses, posterior = numbers["haystack"]["guesses"], numbers["haystack"]["posterior"]
    for mode in ((350, 500), (500, 350)):
        assert np.sum(np.hypot(*(guesses - mode).T) < 3) <= 1
        assert np.any(np.hypot(*(posterior - mode).T) < 3)
    assert len(guesses) == 1000
    assert "hardly a guess near them" in said["haystack"]


def test_the_chain_crosses_once_and_stays(numbers, said):
    path = numbers["chain"]["path"]
    side = path[:, 0] > path[:, 1]
    assert not np.any(side[:12])
    assert np.all(side[-10:])
    assert "it crosses the diagonal once" in said["chain"]
    assert f"In {len(path) - 1} sweeps" in said["chain"]


def test_the_posterior_behind_the_chain_has_two_mirror_clouds(numbers):
    first, second = numbers["chain"]["posterior"].T
    assert np.mean(first < second) == pytest.approx(0.5, abs=0.06)
    assert np.mean(np.abs(first - second) < 1) < 0.2  # "a bridge of few points"


def test_the_walk_of_log_sigma(numbers, said):
    walk = numbers["metropolis"]
    assert walk["here"][0] == pytest.approx(1.8, abs=0.05)
    assert 0.3 < walk["here"][10:].min() < walk["here"][10:].max() < 1.4
    refused, here = walk["proposed"][~walk["accepted"]], walk["here"][~walk["accepted"]]
    assert np.median(np.abs(refused - here)) > 0.5  # "most of them far above or below it"
    assert walk["grid"][walk["density"].argmax()] == pytest.approx(0.7, abs=0.05)
    assert f"{walk['accepted'].sum()} of 60 are accepted" in said["metropolis"]
    # What follows a proposal is that proposal, if it was accepted, and the old place otherwise.
    after = np.where(walk["accepted"], walk["proposed"], walk["here"])[:-1]
    np.testing.assert_array_equal(walk["here"][1:], after)
