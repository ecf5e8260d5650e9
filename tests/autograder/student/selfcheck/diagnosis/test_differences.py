"""Wrong answers made from right ones, and the sentence that each of them gets."""

import numpy as np
import pytest

from autograder.student.selfcheck.diagnosis.differences import difference
from autograder.student.selfcheck.rules.arrays import EXACT, FIT, Arrays, Named, Part
from autograder.student.selfcheck.rules.draws import FreshKeys
from autograder.student.selfcheck.values import Opaque, plain
from tests.autograder.trials import trial

TABLE = Arrays((Part("densities", "(N, K)"),))
SCORES = Arrays((Part("scores", "(N,)"),))
NUMBER = Arrays((Part("bic", "()"),))
FOUND = Arrays((Part("boundaries", "(B,)"),))
COUNT = Arrays((Part("the number of modes", "()", EXACT),))
TRACE = Arrays((Part("log_likelihoods", "(num_iters,)", FIT),))
TOGETHER = Arrays((Part("probabilities", "(N, N)"),))
FITTED = Arrays((Part("weights", "(K,)"), Part("means", "(K,)"), Part("stds", "(K,)")))
DRAWS = Named((Part("mu", "(S, K)"), Part("z", "(S, N)")))

rng = np.random.default_rng(0)
X = [np.array([-2.0, 425.0, 0.5, 3.0, 7.0, 1.0], np.float32), np.array([4.0, -3.0, 9.0, 2.5, 0.0, 1.5, 6.0])]
TABLES = [rng.gamma(2, size=(6, 2)), rng.gamma(2, size=(7, 3))]
ROWS = [table / table.sum(axis=1, keepdims=True) for table in TABLES]
LISTS = [table[:, 0] for table in TABLES]
NUMBERS = [np.array(number) for number in (12.5, -3.0, 240.0)]
SQUARES = [rng.gamma(2, size=(4, 4)), rng.gamma(2, size=(5, 5))]
PARTS = [(table[:3, 0], table[:3, 1], table[3:6, 0]) for table in TABLES]
MU = {"mu": TABLES[0], "z": np.array([[0, 1, 1], [1, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 1, 1.0]])}


def sentence_of(rule, truths, wrong, *, visible=(True, False, False)):
    """The sentence, if `wrong` makes a wrong answer from every right one."""
    xs = X * len(truths)
    return difference(
        [
            trial(
                rule,
                plain(wrong(truth)),
                truth,
                case=f"case {i}",
                arguments={"x": x[: len(truth)] if np.ndim(truth) else x, "key": None},
                visible=seen,
            )
            for i, (truth, x, seen) in enumerate(zip(truths, xs, visible, strict=False))
        ]
    )


def changed(where, by=1.0):
    def change(truth):
        value = truth.copy()
        value[where] += by
        return value

    return change


def only(place):
    """All values but those at one place are 0."""

    def change(truth):
        value = np.zeros_like(truth)
        value[place] = truth[place]
        return value

    return change


def by_row(truth):
    return truth * (1 + np.arange(len(truth)))[:, None]


def up_to_its_sum(truth):
    return truth / truth.sum() * 3.5


SENTENCES = [
    (TABLE, TABLES, lambda t: 2.302585 * t, "Every value is 2.303 (ln 10) times the expected one."),
    (TABLE, TABLES, lambda t: (t / 2).astype(np.float32), "Every value is 0.5 times the expected one."),
    (TABLE, TABLES, lambda t: -t, "Every value has the wrong sign."),
    (NUMBER, NUMBERS, lambda t: -t, "Every value has the wrong sign."),
    (TABLE, TABLES, lambda t: t + 0.918939, "Every value is 0.9189 (½ ln 2π) too large."),
    (TABLE, TABLES, lambda t: t - 3, "Every value is 3 too small."),
    (NUMBER, NUMBERS, lambda t: t - 3, "Every value is 3 too small."),
    (TABLE, TABLES, lambda t: t / len(t), "Every value is the expected one divided by the length of x."),
    (SCORES, LISTS, lambda t: t * len(t), "Every value is the expected one multiplied by the length of x."),
    (TABLE, TABLES, lambda t: t.T, "The numbers are right, but rows and columns are swapped."),
    (
        TABLE,
        TABLES,
        lambda t: np.exp(t).T,
        "Rows and columns are swapped; once they are turned round, every value is the exponential of the expected one.",
    ),
    (TABLE, TABLES, lambda t: t.ravel(), "The numbers are right, but not their shape: it should be (N, K)."),
    (SCORES, LISTS, lambda t: t[:, None], "The numbers are right, but not their shape: it should be (N,)."),
    (NUMBER, NUMBERS, lambda t: t[None], "The numbers are right, but not their shape: it should be ()."),
    (SCORES, LISTS, np.sum, "It is the sum of the expected values."),
    (TABLE, TABLES, lambda t: t.mean(axis=0), "It is the mean of the expected values over the observations."),
    (TABLE, TABLES, lambda t: t.max(axis=1), "It is the largest of the expected values over the components."),
    (
        SCORES,
        LISTS,
        lambda t: np.stack([0.2 * t, 0.8 * t], axis=1),
        "It would be right if it were added up over its last axis.",
    ),
    (SCORES, LISTS, lambda t: t[0], "A single number came back instead of an array of shape (N,)."),
    (SCORES, LISTS, lambda t: np.zeros((3, 3)), "An array with 2 axes came back instead of an array of shape (N,)."),
    (TRACE, LISTS, lambda t: t[1:], "The first entry is missing; the others are right."),
    (TRACE, LISTS, lambda t: np.append(t, 9), "There is one entry too many, the last; the others are right."),
    (TRACE, LISTS, lambda t: np.append(9, t[:-1]), "The numbers are right, but every one comes one place too late."),
    (TRACE, LISTS, lambda t: np.append(t[1:], 9), "The numbers are right, but every one comes one place too early."),
    (FOUND, LISTS, lambda t: t[2:4], "What is there is right, but some of it is missing."),
    (FOUND, LISTS, lambda t: np.append(t, [8, 9]), "All that is expected is there, but there is more."),
    (TABLE, TABLES, lambda t: t[:, ::-1], "The numbers are right, but the components come in reverse order."),
    (TABLE, TABLES[1:], lambda t: t[:, [1, 2, 0]], "The numbers are right, but the components come in another order."),
    (TABLE, TABLES, lambda t: np.roll(t, 2, 0), "The numbers are right, but the observations come in another order."),
    (SCORES, LISTS, np.sort, "The numbers are right, but the observations come in another order."),
    (
        TABLE,
        TABLES,
        lambda t: -np.sort(-t, axis=1),
        "For each observation the numbers are right, but the components come in another order.",
    ),
    (TABLE, TABLES, np.square, "Every value is the square of the expected one."),
    (TABLE, TABLES, np.sqrt, "Every value is the square root of the expected one."),
    (TABLE, TABLES, np.log, "Every value is the logarithm of the expected one."),
    (TABLE, TABLES, np.exp, "Every value is the exponential of the expected one."),
    (TABLE, TABLES, lambda t: -np.log(t), "Every value is minus the logarithm of the expected one."),
    (TABLE, TABLES, lambda t: 1 / t, "Every value is 1 divided by the expected one."),
    (TABLE, TABLES, lambda t: 1 - t, "Every value is 1 minus the expected one."),
    (TABLE, TABLES, np.round, "Every value is the nearest whole number to the expected one."),
    (TABLE, TABLES, lambda t: t.astype(int), "Every value is the whole number below the expected one."),
    (TABLE, TABLES, lambda t: 0 * t, "Every value is 0, whatever the input."),
    (TABLE, TABLES, lambda t: np.nan * t, "Every value is NaN."),
    (
        TABLE,
        TABLES,
        changed(1, np.nan),
        "The values are right, except that there is NaN where x is 425 (“case 0”).",
    ),
    (
        TABLE,
        TABLES,
        lambda t: t / t.sum(axis=0),
        "For each component the values are right up to a factor.",
    ),
    (
        TABLE,
        ROWS,
        by_row,
        "For each observation the values are right up to a factor: they should sum to 1, and do not.",
    ),
    (SCORES, LISTS, up_to_its_sum, "In each case the values are right up to a factor."),
    (TABLE, TABLES, lambda t: t - t[0], "For each component the values are all off by the same amount."),
    (TABLE, TABLES, changed(1), "The values are right, except where x is 425 (“case 0”)."),
    (TABLE, TABLES, only(0), "Only the first observation has values; the values of all other observations are 0."),
    (SCORES, LISTS, only(-1), "Only the last observation has values; the values of all other observations are 0."),
    (TABLE, TABLES, changed([0, 3]), "The values are right, except where x is -2 and 3 (“case 0”)."),
    (SCORES, LISTS, changed([1, 4]), "The values are right, except where x is 7 or more (“case 0”)."),
    (TABLE, TABLES, changed(0), "Only the first observation is wrong."),
    (TABLE, TABLES, changed((slice(None), -1), 7), "Only the last component is wrong."),
    (TOGETHER, SQUARES, lambda t: t - np.diag(np.diag(t)), "Only the diagonal is wrong."),
    (TOGETHER, SQUARES, lambda t: np.diag(np.diag(t)), "Only the diagonal is right."),
    (
        FITTED,
        PARTS,
        lambda t: (t[0], t[2], t[1]),
        "The values are right, but in another order: weights, stds and means came back.",
    ),
    (
        FITTED,
        PARTS,
        lambda t: (*t[:2], t[2] ** 2),
        "stds: every value is the square of the expected one; weights and means: right.",
    ),
    (
        FITTED,
        PARTS,
        lambda t: tuple(part[::-1] for part in t),
        "weights, means and stds: the numbers are right, but the components come in reverse order.",
    ),
    (FITTED, PARTS, lambda t: (t[0], *rng.normal(size=(2, 3))), "Right: weights; wrong: means and stds."),
    (
        FITTED,
        PARTS,
        lambda t: (t[0], rng.normal(size=3), t[2] ** 2),
        "means: wrong; stds: every value is the square of the expected one; weights: right.",
    ),
    (
        DRAWS,
        [MU],
        lambda t: t | {"mu": np.sort(t["mu"], axis=1)},
        "mu: for each draw the numbers are right, but the components come in another order; z: right.",
    ),
    (DRAWS, [MU], lambda t: t | {"z": 1 - t["z"]}, "z: every value is 1 minus the expected one; mu: right."),
]


@pytest.mark.parametrize(("rule", "truths", "wrong", "sentence"), SENTENCES, ids=[row[-1] for row in SENTENCES])
def test_a_wrong_answer_gets_its_sentence(rule, truths, wrong, sentence):
    assert sentence_of(rule, truths, wrong) == sentence


@pytest.mark.parametrize("rule", [TABLE, FITTED, NUMBER], ids=["table", "parts", "number"])
def test_right_answers_get_no_sentence(rule):
    truths = {TABLE: TABLES, FITTED: PARTS, NUMBER: NUMBERS}[rule]
    rounded = [tuple(part.astype(np.float32) for part in t) if rule is FITTED else t.astype(np.float32) for t in truths]

    assert sentence_of(rule, truths, lambda t: rounded[[truth is t for truth in truths].index(True)]) is None


@pytest.mark.parametrize(
    "value", [None, "42", (), np.zeros((0, 2)), np.zeros(7), Opaque("Thing"), (np.zeros(2), "x"), {"mu": np.zeros(3)}]
)
@pytest.mark.parametrize("rule", [TABLE, FITTED, DRAWS, FOUND])
def test_any_kind_of_value_is_accepted(rule, value):
    truths = {TABLE: TABLES, FITTED: PARTS, DRAWS: [MU], FOUND: LISTS}[rule]

    said = sentence_of(rule, truths, lambda _: value)
    assert said is None or said.endswith(".")


def test_an_argument_that_is_returned_unchanged_is_named():
    assert sentence_of(SCORES, LISTS, lambda t: X[[numbers is t for numbers in LISTS].index(True)]) == (
        "The argument x came back as it was."
    )


def test_draws_are_not_compared():
    assert sentence_of(FreshKeys(), [np.zeros(3)], lambda t: t) is None


def test_a_relation_that_a_case_contradicts_is_not_used():
    wrong = iter([2 * TABLES[0], 3 * TABLES[1]])

    assert sentence_of(TABLE, TABLES, lambda _: next(wrong)) == "In each case the values are right up to a factor."
    wrong = iter([2 * TABLES[0], TABLES[1] + 1])
    assert sentence_of(TABLE, TABLES, lambda _: next(wrong)) is None


def test_a_factor_of_0_is_no_factor():
    def without_two_rows(truth):
        return truth * np.r_[0, 0, rng.uniform(1, 2, len(truth) - 2)][:, None]

    assert sentence_of(TABLE, TABLES, without_two_rows) is None


def test_a_relation_on_wrong_cases_only_says_so():
    wrong = iter([TABLES[0], 3 * TABLES[1]])

    said = sentence_of(TABLE, TABLES, lambda _: next(wrong), visible=(True, True))
    assert said == "On the cases that are wrong: every value is 3 times the expected one."


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((4, 2, 2), "On the cases that are wrong: the number is too large."),
        ((0, 1, 1), "On the cases that are wrong: the number is too small."),
        ((5, 7, 3), "The number is too large."),
        ((3, 0, 2), None),
        ((1, 1, 2), None),
    ],
)
def test_a_count_needs_two_cases_in_the_same_direction(counts, sentence):
    truths = [np.array(number) for number in (2, 1, 2)]
    given = iter(counts)

    found = sentence_of(COUNT, truths, lambda truth: np.array(next(given)))

    assert found == sentence


def test_a_single_number_explains_nothing():
    assert sentence_of(NUMBER, NUMBERS[:1], lambda t: 3 * t) is None
    assert sentence_of(NUMBER, NUMBERS[:1], lambda t: -t) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda t: 2 * t, "Every value is the expected one times a number."),
        (lambda t: t + 3, "Every value is off by the same amount."),
        (lambda t: 0 * t + 7, "Every value is the same, whatever the input."),
        (changed(([1, 2], [0, 1])), None),
        (changed(2, np.nan), "The values are right, except that there is NaN."),
    ],
)
def test_sentences_have_no_numbers_or_positions_of_hidden_cases(wrong, sentence):
    assert sentence_of(TABLE, TABLES, wrong, visible=(False, False)) == sentence


def test_a_right_visible_case_reveals_no_number_of_a_hidden_case():
    """A function may remember the inputs of a hidden case, and answer with them in the next."""
    wrong = iter([0 * TABLES[0], 425.125 * TABLES[1]])

    said = sentence_of(TABLE, [0 * TABLES[0], TABLES[1]], lambda _: next(wrong))
    assert said == "Every value is the expected one times a number."


SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_factor_is_found(seed):
    rng = np.random.default_rng(seed)
    factor = float(np.exp(rng.choice([-1, 1]) * rng.uniform(0.1, 3))) * rng.choice([-1, 1])
    truths = [rng.normal(size=(rng.integers(2, 9), rng.integers(1, 5))) for _ in range(3)]

    said = sentence_of(TABLE, truths, lambda t: (factor * t).astype(np.float32))
    assert said is not None
    assert said.startswith(f"Every value is {factor:.4g} ")


@pytest.mark.parametrize("seed", SEEDS)
def test_any_permutation_is_found(seed):
    rng = np.random.default_rng(seed)
    truths = [rng.normal(size=(6, k)) for k in rng.integers(3, 6, 3)]
    axis = int(rng.integers(2))

    def permuted(truth):
        order = np.roll(rng.permutation(truth.shape[axis] - 1), 1)
        return np.take(truth, [truth.shape[axis] - 1, *order], axis=axis).astype(np.float32)

    said = sentence_of(TABLE, truths, permuted)
    assert said is not None
    assert f"the {('observations', 'components')[axis]} come in" in said


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [0.01, 1, 100])
def test_noise_is_not_explained(seed, size):
    rng = np.random.default_rng(seed)
    truths = [rng.gamma(2, size=(6, 2)), rng.gamma(2, size=(7, 3))]

    assert sentence_of(TABLE, truths, lambda t: t + size * rng.normal(size=t.shape)) is None
    assert sentence_of(TABLE, truths, lambda t: t * np.exp(size * rng.normal(size=t.shape))) is None
    assert sentence_of(SCORES, [t[:, 0] for t in truths], lambda t: t + size * rng.normal(size=t.shape)) is None
    assert sentence_of(NUMBER, NUMBERS, lambda t: t + size * rng.normal()) is None
