"""The M-step with full covariance matrices."""

import numpy as np

from autograder.exercises import Arrays, Aspect, Exercise, Part, catalogue, f32
from autograder.exercises.applications.data import (
    CLOUD,
    FOUR,
    MENU,
    SCATTER,
    SOLID,
)
from autograder.exercises.applications.ridge import ridge_added
from autograder.exercises.numpy_gaussian import one_hot
from autograder.exercises.numpy_multivariate import diagonal
from reference import applications

# On a loaded tray at a wedding: E[x y] - E[x] E[y] of such large numbers has no correct digits in float32.
TRAYS = MENU + f32(10000, 20000)


def _soft(columns: int, seed: int) -> np.ndarray:
    """Responsibilities for eight observations, drawn at random; each row sums to 1."""
    return np.random.default_rng(seed).dirichlet(np.full(columns, 0.7), 8).astype(np.float32)


M_STEP_FULL = Exercise(
    "m_step_full",
    truth=applications.m_step_full,
    rule=Arrays((Part("weights", "(K,)"), Part("means", "(K, D)"), Part("covs", "(K, D, D)"))),
    aspects=(
        Aspect(
            "two dimensions",
            points=2,
            hint="First how many observations each component is worth, then weighted means, then the outer product of "
            "each deviation from the new mean with itself, weighted by resp[i, k] and averaged.",
            closer="Two observations, (0, 0) and (2, 2), of one component: the mean is (1, 1), and all four entries "
            "of the covariance matrix are 1. Which axes does your sum run over, and which remain?",
            visible={
                "eight points, soft": (CLOUD, _soft(3, seed=1)),
                "eight points close together": (CLOUD / np.float32(30), _soft(3, seed=9)),
            },
            hidden={
                "other responsibilities": (CLOUD, _soft(3, seed=2)),
                "other points close together": (SCATTER / np.float32(60), _soft(3, seed=10)),
                "other points": (SCATTER, _soft(3, seed=3)),
            },
        ),
        Aspect(
            "any number of dimensions and components",
            points=1,
            hint="D is the number of columns of x and K that of resp: nothing in the code should know either.",
            visible={"three dimensions": (SOLID, _soft(2, seed=4))},
            hidden={
                "one dimension, one component": (CLOUD[:, :1], np.ones((8, 1), np.float32)),
                "four dimensions": (FOUR, _soft(2, seed=5)),
            },
        ),
        Aspect(
            "large numbers",
            points=2,
            hint="float32 keeps seven digits. The mean product less the product of the means uses them all up: "
            "subtract the mean from the observations, then multiply.",
            closer="Look at the products in your code: what is subtracted from x before two of its columns are "
            "multiplied?",
            visible={"trays of bentos": (TRAYS, _soft(3, seed=6))},
            hidden={
                "trays, other responsibilities": (TRAYS, _soft(3, seed=7)),
                "trays, in another order": (TRAYS[::-1].copy(), _soft(3, seed=8)),
            },
        ),
    ),
)


def _m_step(x, resp, *, centres=None, products=None, divisors=None):
    """A right M-step, except for the replaced parts."""
    x, resp = np.asarray(x), np.asarray(resp)
    counts = resp.sum(axis=0)
    means = resp.T @ x / counts[:, None]
    deviations = x[:, None] - (means if centres is None else centres)
    shares = resp if products is None else products
    covs = np.einsum("nk,nkd,nke->kde", shares, deviations, deviations)
    return counts / len(x), means, covs / (counts if divisors is None else divisors)[:, None, None]


@M_STEP_FULL.mistake(
    says="Every observation counts fully in every covariance matrix.",
    hint="An observation counts for component k by its responsibility, in the spread as in the mean.",
)
def products_unweighted(x, resp):
    return _m_step(x, resp, products=np.ones_like(resp), divisors=np.full(resp.shape[1], len(x), np.float32))


@M_STEP_FULL.mistake(
    catalogue.DIVIDED_BY_N,
    hint="A mean of component k is over the observations that k is responsible for: how many are those?",
)
def divided_by_n(x, resp):
    weights, means, _ = _m_step(x, resp)
    means *= weights[:, None]
    return weights, means, _m_step(x, resp, centres=means, divisors=np.full(len(means), len(x), np.float32))[2]


@M_STEP_FULL.mistake(
    catalogue.DIVIDED_BY_COUNT_MINUS_1, hint="That makes them unbiased. Which divisor makes the data most likely?"
)
def divided_by_count_minus_1(x, resp):
    return _m_step(x, resp, divisors=np.sum(resp, axis=0) - 1)


def _m_raised(raised):
    def m_step_full(x, resp):
        weights, means, covs = _m_step(x, resp)
        return weights, means, raised(covs)

    return m_step_full


M_STEP_FULL.add(ridge_added(_m_raised))


@M_STEP_FULL.mistake(catalogue.COUNTS_FOR_WEIGHTS, hint="Mixing proportions sum to 1.")
def counts_for_weights(x, resp):
    weights, means, covs = _m_step(x, resp)
    return weights * len(x), means, covs


@M_STEP_FULL.mistake(
    catalogue.HARD_ASSIGNMENT,
    hint="An observation counts for each component by its responsibility, not all or nothing.",
)
def hard_assignment(x, resp):
    return _m_step(x, one_hot(np.argmax(resp, axis=1), resp.shape[1]))


@M_STEP_FULL.mistake(catalogue.OVERALL_MEAN_IN_SPREAD, hint="Which mean does component k spread around?")
def overall_mean_in_spread(x, resp):
    return _m_step(x, resp, centres=np.mean(x, axis=0))


@M_STEP_FULL.mistake(
    says="The products are of the observations, not of their deviations from the mean.",
    hint="Move all observations by 1000: should their spread change?",
)
def mean_not_subtracted(x, resp):
    return _m_step(x, resp, centres=np.float32(0))


@M_STEP_FULL.mistake(
    catalogue.RESPONSIBILITY_SQUARED,
    hint="It is a weight of the product of two deviations: how often may it stand there?",
)
def responsibility_squared(x, resp):
    return _m_step(x, resp, products=np.square(resp))


@M_STEP_FULL.mistake(
    catalogue.CORRELATIONS_IGNORED,
    hint="Do two coordinates that rise together have a covariance of 0? Multiply each deviation with each other.",
)
def correlations_ignored(x, resp):
    weights, means, covs = _m_step(x, resp)
    return weights, means, diagonal(covs)


@M_STEP_FULL.mistake(
    says="Correlations came back where covariances belong.", hint="In which unit is a covariance of grams and yen?"
)
def correlations_for_covariances(x, resp):
    weights, means, covs = _m_step(x, resp)
    stds = np.sqrt(np.diagonal(covs, axis1=1, axis2=2))
    return weights, means, covs / (stds[:, :, None] * stds[:, None])


@M_STEP_FULL.mistake(
    says="All components share one covariance matrix.",
    hint="Each component has a spread of its own, around its own mean.",
)
def one_covariance_for_all(x, resp):
    weights, means, covs = _m_step(x, resp)
    return weights, means, np.broadcast_to(np.einsum("k,kde->de", weights, covs), covs.shape)


@M_STEP_FULL.mistake(
    catalogue.DIGITS_LOST,
    hint="float32 keeps seven digits, and two large numbers that differ by little use them up. What comes first?",
)
def digits_lost(x, resp):
    weights, means, _ = _m_step(x, resp)
    squares = _m_step(x, resp, centres=np.float32(0))[2]
    return weights, means, squares - means[:, :, None] * means[:, None]
