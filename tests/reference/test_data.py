"""The data sets agree with the tutorial's description of them."""

import numpy as np

from reference.data import BENTOS, COFFEES


def test_the_bentos_are_20_whole_numbers_of_grams():
    assert BENTOS.shape == (20,)
    assert BENTOS.dtype == np.float32
    assert np.all(BENTOS % 1 == 0)
    assert BENTOS[:4].tolist() == [498, 352, 501, 349]
    assert BENTOS[-1] == 500


def test_the_bentos_fall_into_12_tonkatsu_and_8_hamburgers():
    tonkatsu, hamburger = BENTOS[BENTOS > 425].astype(float), BENTOS[BENTOS < 425].astype(float)

    # Deviations from 500: -2 1 -3 3 0 2 -1 -2 1 -1 2 0. They add up to 0, their squares to 38.
    assert (len(tonkatsu), np.mean(tonkatsu)) == (12, 500)
    np.testing.assert_allclose(np.var(tonkatsu), 38 / 12)
    # Deviations from 350: 2 -1 1 -2 0 3 -3 2. They add up to 2, their squares to 32.
    assert (len(hamburger), np.mean(hamburger)) == (8, 350 + 2 / 8)
    np.testing.assert_allclose(np.var(hamburger), 32 / 8 - (2 / 8) ** 2)


def test_the_coffees_are_30_whole_numbers_of_milligrams():
    assert COFFEES.shape == (30,)
    assert COFFEES.dtype == np.float32
    assert np.all(COFFEES % 1 == 0)
    assert COFFEES[:4].tolist() == [82, 118, 155, 80]
    assert COFFEES[-1] == 157


def test_the_coffees_cycle_through_three_blends():
    low, medium, high = COFFEES.reshape(10, 3).T

    assert (low.sum(), medium.sum(), high.sum()) == (810, 1186, 1569)
    assert (low.min(), low.max()) == (78, 84)
    assert (medium.min(), medium.max()) == (115, 122)
    assert (high.min(), high.max()) == (154, 160)
