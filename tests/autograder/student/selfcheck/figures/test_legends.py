import numpy as np
import pytest

from autograder.exercises.categorization.plot_mixture import NAMES as MIXTURE
from autograder.exercises.coffee.plot_assignments import NAMES as BLENDS
from autograder.student.selfcheck.figures.legends import called, holds, named, normal

THREE, FIVE = called(BLENDS), called(MIXTURE)
SHORT = {"p": "p(x)", "0": "component 0", "1": "component 1", "P": "P(c = 0 given x)", "Q": "P(c = 1 given x)"}


def understood(texts, things) -> list[set[str]]:
    return [{name.split(" (its")[0] for name in names} for names in named(texts, things)]


@pytest.mark.parametrize(
    "texts",
    [
        ("low", "medium", "high"),
        ("LOW", "Medium blend", "the High one"),
        ("P(low)", "P(medium)", "P(high)"),
        (r"$P_{\mathrm{low}}$", r"$P_{\mathrm{medium}}$", r"$P_{\mathrm{high}}$"),
        ("P_low", "P_mid", "P_high"),
        ("0", "1", "2"),
        ("1", "2", "3"),
        ("blend 0", "blend 1", "blend 2"),
        ("$z_i=1$", "$z_i=2$", "$z_i=3$"),
        ("c₀", "c₁", "c₂"),
        ("p0", "p1", "p2"),
        ("component-0", "component-1", "component-2"),
        ("first", "second", "third"),
        ("niedrig", "mittel", "hoch"),
        ("wenig Koffein", "mittelstark", "stark"),
        ("faible", "moyenne", "élevée"),
        ("bajo", "medio", "alto"),
        ("低", "中", "高"),
        ("low (μ = 80 mg)", "medium (μ = 120 mg)", "high (μ = 160 mg)"),
    ],
)
def test_texts_name_the_blends(texts):
    assert understood(texts, THREE) == [{"P(low)"}, {"P(medium)"}, {"P(high)"}]


@pytest.mark.parametrize(
    "texts",
    [
        ("a", "b", "c"),
        ("decaf", "house", "espresso"),
        ("80 mg", "120 mg", "160 mg"),
        ("0", "1"),
        ("1", "2"),
        ("0", "1", "2", "3"),
        ("0.0", "1.0", "2.0"),
        ("-1", "0", "1"),
        ("N(0, 1)", "N(1, 2)", "N(2, 3)"),
        ("ひくい", "ふつう", "たかい"),
        ("below", "mediocre", "highway"),
    ],
)
def test_texts_that_name_nothing(texts):
    assert understood(texts, THREE) == [set()] * len(texts)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("p(x)", "p"),
        ("$p(x)$", "p"),
        ("Mixture density", "p"),
        (r"$p(x) = \sum_k \pi_k N_k$", "p"),
        ("p(x) = π_0 N_0 + π_1 N_1", "p"),
        ("tonkatsu", "0P"),
        ("HAMBURGER (weighted)", "1Q"),
        ("component 0", "0P"),
        ("c = 1", "1Q"),
        (r"$\pi_0 \mathcal{N}(x; \mu_0, \sigma_0)$", "0P"),
        ("p(x|c=0) p(c=0)", "0P"),
        ("0.7 N(500, 2)", ""),
        ("mixture component 1", "p1Q"),
        ("posterior", "PQ"),
        ("P(c = 0 | x)", "P"),
        (r"$P(c=0 \mid x)$", "P"),
        ("P(c=1|x)", "Q"),
        ("P(c = 0 given x)", "P"),
        ("responsibility of 0", "P"),
        ("P(hamburger | x_i)", "Q"),
        (r"$\gamma_0(x)$", "P"),
        ("density", ""),
        ("decision boundary", ""),
        ("who?", ""),
    ],
)
def test_texts_in_a_figure_of_a_mixture(text, names):
    [found, *_] = understood([text, "component 0", "component 1"], FIVE)

    assert found == {SHORT[name] for name in names}


def test_numbers_count_from_one_if_all_do():
    texts = ["p(x)", "component 1", "component 2", "P(c = 1 | x)"]
    assert understood(texts, FIVE)[1:] == [
        {"component 0", "P(c = 0 given x)"},
        {"component 1", "P(c = 1 given x)"},
        {"P(c = 0 given x)"},
    ]
    assert understood([*texts, "P(c = 0 | x)"], FIVE)[1] == set()


def test_without_names_nothing_is_understood():
    assert named(["low", "0"], called(None)) == [frozenset(), frozenset()]


def test_latex_commands_are_removed_from_a_text():
    assert normal(r"$\mathrm{P}_{0}( x \mid  c )$") == "p 0(x|c)"


def test_numbers_in_texts_are_rounded_to_their_digits():
    levels = np.array([96.0, 96.4, 103.25])

    assert holds(levels, ["96", "cup 3: 96.4 mg", "103,25", "low"]).tolist() == [
        [True, False, False, False],
        [True, True, False, False],
        [False, False, True, False],
    ]
