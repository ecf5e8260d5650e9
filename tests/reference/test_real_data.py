"""The real data sets agree with the published facts about them."""

import numpy as np

from reference.real_data import HOUSEHOLDS, portrait


def test_the_households_are_235_budgets_in_whole_francs():
    assert HOUSEHOLDS.shape == (235, 2)
    assert HOUSEHOLDS.dtype == np.float32
    assert np.all(HOUSEHOLDS % 1 == 0)
    assert np.all(HOUSEHOLDS[:, 1] < HOUSEHOLDS[:, 0])


def test_the_households_give_the_published_regression_of_food_on_income():
    income, food = HOUSEHOLDS.astype(float).T
    slope, intercept = np.polyfit(income, food, 1)

    # From the unrounded francs: 147.47539 + 0.48518 income (Koenker, Quantile Regression in R: A Vignette).
    np.testing.assert_allclose(slope, 0.48518, rtol=1e-3)
    np.testing.assert_allclose(intercept, 147.47539, rtol=1e-3)


def test_the_portrait_has_a_blue_sky_a_dark_coat_and_a_face_between():
    image = portrait(12)

    assert image.shape == (50, 42, 3)
    assert image.dtype == np.float32
    assert np.all((image >= 0) & (image <= 1))
    red, green, blue = image[2, -2]
    assert blue > green > red
    assert np.all(image[45, 10] < 0.25)
    red, green, blue = image[18, 22]
    assert red > green > blue


def test_blocks_are_averaged():
    np.testing.assert_allclose(portrait(12)[3, 5], portrait(6)[6:8, 10:12].mean(axis=(0, 1)), atol=1e-6)
