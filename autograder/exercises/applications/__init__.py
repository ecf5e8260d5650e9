"""Mixtures at work, in D dimensions: cases, tolerances, points and hints."""

import numpy as np

from autograder.exercises import Aspect, Assignment, Case, Exercise, Written, f32
from autograder.exercises.applications import pictures, step_mistakes, use_mistakes
from autograder.student.selfcheck.rules.arrays import EXACT, Arrays, Part
from reference import applications
from reference.real_data import HOUSEHOLDS, portrait


def _cov(stds: tuple[float, ...], correlation: float) -> np.ndarray:
    """A covariance matrix in which any two coordinates are equally correlated."""
    num_dims = len(stds)
    correlations = np.full((num_dims, num_dims), correlation) + (1 - correlation) * np.eye(num_dims)
    return (np.outer(stds, stds) * correlations).astype(np.float32)


def _soft(columns: int, seed: int) -> np.ndarray:
    """Responsibilities for eight observations, drawn at random: rows that sum to one."""
    return np.random.default_rng(seed).dirichlet(np.full(columns, 0.7), 8).astype(np.float32)


# Eight observations whose groups overlap, so that every mistake in a soft assignment shows.
CLOUD = f32([-2, -1.5], [-1, -2.25], [-0.5, 0.25], [0.25, -0.75], [0.75, 1.5], [1.5, 0.5], [2.5, 2.75], [3.25, 1.25])
SCATTER = f32([-4.5, 2], [-3.25, -1], [-1.5, 3.5], [-0.75, -2.5], [0, 0.5], [2.25, -3.75], [4, 1.75], [6.5, -0.5])
SOLID = np.column_stack([CLOUD, f32(1, -0.5, 2, 0.25, -1.75, 3, 0.5, -2)])
FOUR = np.column_stack([SCATTER, SOLID[:, 1:]])

MEANS = f32([-1, -1], [2, 1.5], [0.5, -0.5])
COVS = np.stack([_cov((1, 1.5), 0.6), _cov((1.25, 0.75), -0.5), _cov((2, 2.5), 0.8)])
OTHER_MEANS = f32([-3, 1], [1.5, -1], [4, 0.5])
OTHER_COVS = np.stack([_cov((2, 1), -0.7), _cov((3, 1.5), 0.4), _cov((1.5, 2), 0.75)])
SOLID_MEANS, SOLID_COVS = f32([-1, -1, 0.5], [2, 1.5, -0.5]), np.stack([_cov((1, 2, 1.5), 0.5), _cov((2, 1, 3), -0.3)])
FOUR_MEANS, FOUR_COVS = (
    f32([0.5, 0, 0.25, -0.5], [-1, 1, 0.5, 0.5]),
    np.stack([_cov((3, 2, 1, 2), 0.6), _cov((2, 3, 2, 1.5), -0.2)]),
)

# Bentos in grams and yen; one of them lies between two kinds, 15 standard deviations from either.
MENU = f32([498, 648], [352, 503], [425, 575], [349, 497], [497, 653], [503, 649], [380, 540], [500, 655])
KINDS = f32([500, 650], [350, 500], [800, 900])
KIND_COVS = np.stack([_cov((6, 6), 1 / 3), _cov((6, 6), 1 / 3), _cov((20, 30), 0.5)])
# On a loaded tray at a wedding: so large that the mean product less the product of the means has no digits left.
TRAYS = MENU + f32(10000, 20000)

# Sky, coat, skin; a flag's red, and grey.
COLOURS = f32([0.375, 0.5, 0.75], [0.0625, 0.0625, 0.125], [0.75, 0.5, 0.375], [0.375, 0.15, 0.15], [0.45, 0.4, 0.45])
COLOUR_COVS = np.stack(
    [
        _cov((0.09, 0.1, 0.1), 0.8),
        _cov((0.06, 0.06, 0.1), 0.6),
        _cov((0.17, 0.18, 0.19), 0.85),
        _cov((0.13, 0.08, 0.06), 0.3),
        _cov((0.2, 0.2, 0.2), 0.9),
    ]
)
PORTRAIT = portrait(20)


def _crop(row: int, column: int) -> np.ndarray:
    """A piece of the portrait, five pixels high and eight wide."""
    return PORTRAIT[row : row + 5, column : column + 8]


def _bytes(image: np.ndarray) -> np.ndarray:
    return np.round(255 * image).astype(np.uint8)


# Two segments of households, as a fit to all of them finds them.
SEGMENTS = f32(0.8, 0.2), f32([800, 550], [1700, 1000]), f32([[64, 40], [40, 28]], [[460, 180], [180, 116]]) * f32(1000)

MULTIVARIATE_LOG_DENSITY = Exercise(
    name="multivariate_log_density",
    truth=applications.multivariate_log_density,
    rule=Arrays((Part("log densities", "(N, K)"),)),
    aspects=(
        Aspect(
            name="two dimensions",
            points=1,
            hint="Three terms: minus half the squared distance, measured with the inverse of the covariance matrix; "
            "minus half its log determinant; and a constant that depends on D.",
            cases=(
                Case(name="eight points, three components", args=(CLOUD, MEANS, COVS), visible=True),
                Case(name="other points", args=(SCATTER, MEANS, COVS)),
                Case(name="other components", args=(CLOUD, OTHER_MEANS, OTHER_COVS)),
            ),
        ),
        Aspect(
            name="any number of dimensions and components",
            points=1,
            hint="D is the number of columns of x and K the number of means: nothing in the code should know either.",
            cases=(
                Case(name="three dimensions", args=(SOLID, SOLID_MEANS, SOLID_COVS), visible=True),
                Case(name="three dimensions, other components", args=(SOLID, SOLID_MEANS[::-1] + 1, 2 * SOLID_COVS)),
                Case(name="one dimension", args=(CLOUD[:, :1], f32([0.5]), f32([[2.25]]))),
                Case(name="four dimensions", args=(FOUR, FOUR_MEANS, FOUR_COVS)),
            ),
        ),
        Aspect(
            name="far from every mean",
            points=2,
            hint="A density below 1e-38 is 0 in float32, and log 0 is infinite: add up the logs of the factors.",
            cases=(
                Case(name="a thousand times as far", args=(1000 * CLOUD, MEANS, COVS), visible=True),
                Case(name="other points, far away", args=(1000 * SCATTER, MEANS, COVS)),
                Case(name="bentos, one of them of no kind", args=(MENU, KINDS, KIND_COVS)),
            ),
        ),
    ),
    misconceptions=step_mistakes.MULTIVARIATE_LOG_DENSITY,
)

E_STEP_FULL = Exercise(
    name="e_step_full",
    truth=applications.e_step_full,
    rule=Arrays((Part("resp", "(N, K)"), Part("log_likelihood", "()"))),
    aspects=(
        Aspect(
            name="two dimensions",
            points=2,
            hint="First the joint log density of every observation with every component, (N, K). Normalise each "
            "row for resp; add up each row (as densities) for p(x_i), whose logs sum to the log likelihood.",
            cases=(
                Case(
                    name="eight points, three components", args=(CLOUD, f32(0.2, 0.5, 0.3), MEANS, COVS), visible=True
                ),
                Case(name="unbalanced weights", args=(SCATTER, f32(0.05, 0.15, 0.8), MEANS, COVS)),
                Case(name="other components", args=(CLOUD, f32(0.3, 0.6, 0.1), OTHER_MEANS, OTHER_COVS)),
            ),
        ),
        Aspect(
            name="any number of dimensions and components",
            points=1,
            hint="D is the number of columns of x and K the length of weights: nothing in the code should know either.",
            cases=(
                Case(name="three dimensions", args=(SOLID, f32(0.6, 0.4), SOLID_MEANS, SOLID_COVS), visible=True),
                Case(name="one component", args=(CLOUD[:, :1], f32(1), f32([0.5]), f32([[2.25]]))),
                Case(name="four dimensions", args=(FOUR, f32(0.25, 0.75), FOUR_MEANS, FOUR_COVS)),
            ),
        ),
        Aspect(
            name="far from every mean",
            points=1,
            hint="exp(-115) is 0 in float32, and 0/0 is NaN. Stay with logarithms until the row is normalised: "
            "only differences of log densities matter there.",
            cases=(
                Case(
                    name="bentos, one of them of no kind",
                    args=(MENU, f32(0.6, 0.3, 0.1), KINDS, KIND_COVS),
                    visible=True,
                ),
                Case(name="bentos by another recipe", args=(MENU, f32(0.25, 0.7, 0.05), KINDS, KIND_COVS)),
                Case(name="heavier and dearer by far", args=(1000 * MENU, f32(0.6, 0.3, 0.1), KINDS, KIND_COVS)),
            ),
        ),
    ),
    misconceptions=step_mistakes.E_STEP_FULL,
)

M_STEP_FULL = Exercise(
    name="m_step_full",
    truth=applications.m_step_full,
    rule=Arrays((Part("weights", "(K,)"), Part("means", "(K, D)"), Part("covs", "(K, D, D)"))),
    aspects=(
        Aspect(
            name="two dimensions",
            points=2,
            hint="First how many observations each component is worth, then weighted means, then the outer product of "
            "each deviation from the new mean with itself, weighted by resp[i, k] and averaged.",
            cases=(
                Case(name="eight points, soft", args=(CLOUD, _soft(3, seed=1)), visible=True),
                Case(name="other responsibilities", args=(CLOUD, _soft(3, seed=2))),
                Case(name="other points", args=(SCATTER, _soft(3, seed=3))),
            ),
        ),
        Aspect(
            name="any number of dimensions and components",
            points=1,
            hint="D is the number of columns of x and K that of resp: nothing in the code should know either.",
            cases=(
                Case(name="three dimensions", args=(SOLID, _soft(2, seed=4)), visible=True),
                Case(name="one dimension, one component", args=(CLOUD[:, :1], np.ones((8, 1), np.float32))),
                Case(name="four dimensions", args=(FOUR, _soft(2, seed=5))),
            ),
        ),
        Aspect(
            name="large numbers",
            points=2,
            hint="float32 keeps seven digits. The mean product less the product of the means uses them all up: "
            "subtract the mean from the observations, then multiply.",
            cases=(
                Case(name="trays of bentos", args=(TRAYS, _soft(3, seed=6)), visible=True),
                Case(name="trays, other responsibilities", args=(TRAYS, _soft(3, seed=7))),
                Case(name="trays, in another order", args=(TRAYS[::-1].copy(), _soft(3, seed=8))),
            ),
        ),
    ),
    misconceptions=step_mistakes.M_STEP_FULL,
)

SEGMENT_IMAGE = Exercise(
    name="segment_image",
    truth=applications.segment_image,
    rule=Arrays((Part("labels", "(H, W)", EXACT),)),
    aspects=(
        Aspect(
            name="three colours",
            points=2,
            hint="Each pixel is one observation in three dimensions. Reshape the image so that each row is one pixel's "
            "colour, find the most probable component of each row, and reshape the labels back.",
            cases=(
                Case(
                    name="forehead and cap",
                    args=(_crop(5, 14), f32(0.3, 0.4, 0.3), COLOURS[:3], COLOUR_COVS[:3]),
                    visible=True,
                ),
                Case(name="another part", args=(_crop(5, 3), f32(0.5, 0.1, 0.4), COLOURS[:3], COLOUR_COVS[:3])),
                Case(name="a third part", args=(_crop(0, 9), f32(0.6, 0.35, 0.05), COLOURS[:3], COLOUR_COVS[:3])),
            ),
        ),
        Aspect(
            name="any number of colours",
            points=1,
            hint="K is the length of weights: nothing in the code should know that it is 3.",
            cases=(
                Case(
                    name="five colours",
                    args=(_crop(5, 14), f32(0.3, 0.3, 0.3, 0.05, 0.05), COLOURS, COLOUR_COVS),
                    visible=True,
                ),
                Case(
                    name="five colours, another part",
                    args=(_crop(8, 2), f32(0.2, 0.4, 0.2, 0.1, 0.1), COLOURS, COLOUR_COVS),
                ),
                Case(
                    name="five colours, a third part",
                    args=(_crop(24, 14), f32(0.1, 0.3, 0.1, 0.1, 0.4), COLOURS, COLOUR_COVS),
                ),
            ),
        ),
        Aspect(
            name="bytes",
            points=1,
            hint="A photograph holds bytes (uint8), from 0 to 255. The means are on a scale from 0 to 1.",
            cases=(
                Case(
                    name="forehead and cap, in bytes",
                    args=(_bytes(_crop(5, 14)), f32(0.3, 0.4, 0.3), COLOURS[:3], COLOUR_COVS[:3]),
                    visible=True,
                ),
                Case(
                    name="another part, in bytes",
                    args=(_bytes(_crop(16, 3)), f32(0.3, 0.4, 0.3), COLOURS[:3], COLOUR_COVS[:3]),
                ),
                Case(
                    name="a third part, in bytes",
                    args=(_bytes(_crop(6, 2)), f32(0.3, 0.4, 0.3), COLOURS[:3], COLOUR_COVS[:3]),
                ),
            ),
        ),
    ),
    misconceptions=use_mistakes.SEGMENT_IMAGE,
)

FLAG_ANOMALIES = Exercise(
    name="flag_anomalies",
    truth=applications.flag_anomalies,
    rule=Arrays((Part("flags", "(N,)", EXACT),)),
    aspects=(
        Aspect(
            name="households",
            points=2,
            hint="First log p(x_i) for each observation, all components added up. Then flag the M = share times N "
            "observations where it is lowest.",
            cases=(
                Case(name="24 households, a quarter of them", args=(HOUSEHOLDS[27:51], *SEGMENTS, 0.25), visible=True),
                Case(name="other households", args=(HOUSEHOLDS[77:101], *SEGMENTS, 0.25)),
                Case(name="an eighth of them", args=(HOUSEHOLDS[95:119], *SEGMENTS, 0.125)),
                Case(name="half of them", args=(HOUSEHOLDS[88:112], *SEGMENTS, 0.5)),
            ),
        ),
        Aspect(
            name="far from every mean",
            points=1,
            hint="Where all densities are 0 in float32, their logarithms still tell which is lowest.",
            cases=(
                Case(name="in centimes", args=(100 * HOUSEHOLDS[:24], *SEGMENTS, 0.25), visible=True),
                Case(name="other households, in centimes", args=(100 * HOUSEHOLDS[124:148], *SEGMENTS, 0.25)),
                Case(name="half of them, in centimes", args=(100 * HOUSEHOLDS[120:144], *SEGMENTS, 0.5)),
            ),
        ),
    ),
    misconceptions=use_mistakes.FLAG_ANOMALIES,
)

ASSIGNMENT = Assignment(
    name="applications",
    title="Mixtures at work: pictures, anomalies, segments",
    pictures=pictures.numbers,
    exercises=(
        MULTIVARIATE_LOG_DENSITY,
        E_STEP_FULL,
        M_STEP_FULL,
        SEGMENT_IMAGE,
        FLAG_ANOMALIES,
        Written(name="written_applications", points=5),
    ),
)
