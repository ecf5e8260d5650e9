"""Known mistakes with densities: wrong variants of the reference, and what to say of them."""

import numpy as np

from autograder.exercises import Misconception
from autograder.exercises.guards import bounded, guarded, named, on_top, one_of, spread_floor
from autograder.exercises.numpy_gaussian import (
    LOG_2PI,
    joint,
    log_joint,
    log_sum,
    logpdf,
    pdf,
    pi_shadowed,
    std_as_variance,
    two_only,
)

# --- component_log_density ---


def _square_multiplied_out(x, means, stds):
    square = x[:, None] ** 2 - 2 * x[:, None] * means + means**2
    return -square / (2 * stds**2) - np.log(stds) - 0.5 * LOG_2PI


def _tiled(x, means, stds):
    deviations = (np.tile(x, len(means)).reshape(len(x), -1) - means) / stds
    return -0.5 * deviations**2 - np.log(stds) - 0.5 * LOG_2PI


LOGS_GUARDED = (
    *guarded(lambda e, x, m, s: np.log(pdf(x, m, s) + e), lambda e, x, m, s: np.log(np.maximum(pdf(x, m, s), e))),
    *bounded(
        lambda b, x, m, s: np.maximum(logpdf(x, m, s), -b),
        lambda b, x, m, s: (
            logpdf(np.zeros(1), -np.clip((x[:, None] - m) / s, -b, b).ravel(), np.ones(1)).reshape(len(x), -1)
            - np.log(s)
        ),
    ),
)

COMPONENT_LOG_DENSITY = (
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The formula squares the standard deviation: in which unit is what you divide by?",
        variant=lambda x, m, s: logpdf(x, m, np.sqrt(s)),
    ),
    Misconception(
        name="std_squared_twice",
        says="The standard deviation was squared once too often.",
        hint="stds are standard deviations already, not variances: in which unit is the distance that you square?",
        variant=lambda x, m, s: logpdf(x, m, s**2),
    ),
    Misconception(
        name="constant_forgotten",
        says="The constant of the Gaussian is missing.",
        hint="A density integrates to 1: which term with pi makes it so?",
        variant=lambda x, m, s: logpdf(x, m, s) + 0.5 * LOG_2PI,
    ),
    Misconception(
        name="spread_forgotten_in_constant",
        says="The factor 1/std in front of the Gaussian is missing.",
        hint="A wider bell is a lower one.",
        variant=lambda x, m, s: logpdf(x, m, s) + np.log(s),
    ),
    Misconception(
        name="half_forgotten",
        says="The half in the exponent is missing.",
        hint="Look at the exponent of the Gaussian again: what stands before the square?",
        variant=lambda x, m, s: logpdf(x, m, s) - 0.5 * ((x[:, None] - m) / s) ** 2,
    ),
    Misconception(
        name="two_pi_not_halved",
        says="The whole of log 2 pi was subtracted, not half of it.",
        hint="In the density, 2 pi stands under a root: what does a logarithm make of a root?",
        variant=lambda x, m, s: logpdf(x, m, s) - 0.5 * LOG_2PI,
    ),
    Misconception(
        name="log_std_halved",
        says="Half of the logarithm of the standard deviation was subtracted, not all of it.",
        hint="The half belongs to the logarithm of the variance. What is it for the standard deviation?",
        variant=lambda x, m, s: logpdf(x, m, s) + 0.5 * np.log(s),
    ),
    Misconception(
        name="decimal_logarithm",
        says="The logarithm is to base 10.",
        hint="log in this course is the natural one.",
        variant=lambda x, m, s: logpdf(x, m, s) / np.log(np.float32(10)),
    ),
    Misconception(
        name="density_for_log_density",
        says="The density came back, not its logarithm.",
        hint="Far from the mean the density is 0 in float32; its logarithm is an ordinary number.",
        variant=lambda x, m, s: pdf(x, m, s),
    ),
    Misconception(
        name="log_of_underflowed_density",
        says="The logarithm was taken of the density.",
        hint="Far from the mean the density is already 0 in float32. Take the logarithm of the formula, on paper.",
        variant=lambda x, m, s: np.log(pdf(x, m, s)),
    ),
    Misconception(
        name="small_constant_added",
        says="A small constant keeps the logarithm finite.",
        hint="It makes all that is improbable equally improbable. Which formula for the logarithm has no 0 in it?",
        variant=LOGS_GUARDED[0],
        forms=LOGS_GUARDED[1:],
    ),
    spread_floor(lambda raised: lambda x, m, s: logpdf(x, m, raised(s))),
    Misconception(
        name="digits_lost",
        says="The square of the deviation was multiplied out, in float32.",
        hint="Three numbers near 250 000 that add up to 4: float32 keeps seven digits. Subtract before you square.",
        variant=_square_multiplied_out,
        rounding=True,
    ),
    Misconception(
        name="two_components_only",
        says="Only the first two components are there.",
        hint="K is the length of means. Which line of your code knows that it is 2?",
        variant=lambda x, m, s: two_only(lambda x, _, m, s: logpdf(x, m, s))(x, m, m, s),
        forms=(lambda x, m, s: logpdf(x, m[:2], s[:2]),),
    ),
    Misconception(
        name="observations_mixed_up",
        says="The observations were copied into a table in another order than its rows.",
        hint="Print the table that holds x for each component: is each row one observation?",
        variant=_tiled,
        forms=(lambda x, m, s: logpdf(x, m, s).T.reshape(-1, len(m)),),
    ),
    Misconception(
        name="transposed",
        says="Rows and columns are swapped.",
        hint="One row for each observation, one column for each component.",
        variant=lambda x, m, s: logpdf(x, m, s).T,
    ),
)

COMPONENT_LOG_DENSITY_TOGETHER = on_top(
    COMPONENT_LOG_DENSITY[0],
    named(
        COMPONENT_LOG_DENSITY,
        "constant_forgotten",
        "spread_forgotten_in_constant",
        "half_forgotten",
        "two_pi_not_halved",
        "density_for_log_density",
        "transposed",
        "two_components_only",
    ),
    lambda variant: lambda x, m, s: variant(x, m, np.sqrt(s)),
)


# --- marginal_density ---


def _marginal(x, weights, means, stds):
    return joint(x, weights, means, stds).sum(axis=1)


def _moments_matched(x, weights, means, stds):
    mean = np.sum(weights * means)
    return pdf(x, mean, np.sqrt(np.sum(weights * (stds**2 + (means - mean) ** 2))))[:, 0]


MARGINAL_DENSITY = (
    Misconception(
        name="log_for_density",
        says="The logarithm of the density came back.",
        hint="p(x) is asked for; go back from the logarithm at the end.",
        variant=lambda x, w, m, s: log_sum(log_joint(x, w, m, s)),
    ),
    Misconception(
        name="weights_ignored",
        says="The component densities were added without their weights.",
        hint="The mixture is an average of its components: weighted by what?",
        variant=lambda x, w, m, s: pdf(x, m, s).sum(axis=1),
    ),
    Misconception(
        name="plain_average",
        says="The component densities were averaged with equal weights.",
        hint="A common component counts for more.",
        variant=lambda x, w, m, s: pdf(x, m, s).mean(axis=1),
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The formula squares the standard deviation: in which unit is what you divide by?",
        variant=std_as_variance(_marginal),
    ),
    Misconception(
        name="std_squared_twice",
        says="The standard deviation was squared once too often.",
        hint="stds are standard deviations already, not variances.",
        variant=lambda x, w, m, s: joint(x, w, m, s**2).sum(axis=1),
    ),
    spread_floor(lambda raised: lambda x, w, m, s: _marginal(x, w, m, raised(s))),
    Misconception(
        name="spread_forgotten_in_constant",
        says="The factor 1/std in front of each Gaussian is missing.",
        hint="A wider bell is a lower one.",
        variant=lambda x, w, m, s: (s * joint(x, w, m, s)).sum(axis=1),
    ),
    Misconception(
        name="constant_forgotten",
        says="The constant of the Gaussian is missing.",
        hint="A density integrates to 1: which factor with pi makes it so?",
        variant=lambda x, w, m, s: _marginal(x, w, m, s) * np.exp(0.5 * LOG_2PI),
        forms=(lambda x, w, m, s: (s * joint(x, w, m, s)).sum(axis=1) * np.exp(0.5 * LOG_2PI),),
    ),
    Misconception(
        name="half_forgotten",
        says="The half in the exponent is missing.",
        hint="Look at the exponent of the Gaussian again: what stands before the square?",
        variant=lambda x, w, m, s: _marginal(x, w, m, s / np.sqrt(np.float32(2))) / np.sqrt(np.float32(2)),
    ),
    Misconception(
        name="pi_shadowed",
        says="The mixing proportions were taken for the number 3.14159.",
        hint="Which of your names is pi, and what does it hold where you take the root of 2 pi?",
        variant=lambda x, w, m, s: pi_shadowed(joint)(x, w, m, s).sum(axis=1),
    ),
    Misconception(
        name="sum_of_random_variables",
        says="This is the density of a weighted sum of the components.",
        hint="A bento is not 70 % tonkatsu and 30 % hamburger: it is one or the other. What do you add up, then?",
        variant=lambda x, w, m, s: pdf(x, np.sum(w * m), np.sqrt(np.sum(w**2 * s**2)))[:, 0],
    ),
    Misconception(
        name="moments_matched",
        says="This is the one Gaussian that has the mean and the spread of the mixture.",
        hint="One Gaussian has one peak, wherever the mixture has its own. Add up densities, not moments.",
        variant=_moments_matched,
    ),
    Misconception(
        name="logarithms_averaged",
        says="The logarithms of the densities were averaged.",
        hint="A mean of logarithms is the logarithm of a product. What does the sum rule add up?",
        variant=lambda x, w, m, s: np.exp((w * logpdf(x, m, s)).sum(axis=1)),
    ),
    Misconception(
        name="divided_by_the_sum",
        says="The densities were divided by their sum over the observations.",
        hint="A density integrates to 1 over all x. Do the values at a few points have to add up to 1?",
        variant=lambda x, w, m, s: _marginal(x, w, m, s) / _marginal(x, w, m, s).sum(),
    ),
    Misconception(
        name="summed_over_observations",
        says="The sum is over the observations, not over the components.",
        hint="One number for each observation: along which axis are its components?",
        variant=lambda x, w, m, s: joint(x, w, m, s).sum(axis=0),
    ),
    Misconception(
        name="two_components_only",
        says="Only the first two components are there.",
        hint="K is the length of weights. Which line of your code knows that it is 2?",
        variant=two_only(_marginal),
    ),
    Misconception(
        name="one_bell",
        says="The parameters were averaged, and one Gaussian was evaluated there.",
        hint="A mixture adds up densities, not parameters: two peaks do not make one in the middle.",
        variant=lambda x, w, m, s: pdf(x, np.sum(w * m), np.sum(w * s))[:, 0],
        forms=(lambda x, w, m, s: pdf(x, np.sum(w * m), np.sqrt(np.sum(w * s**2)))[:, 0],),
    ),
    Misconception(
        name="product_of_components",
        says="The component densities were multiplied.",
        hint="An observation comes from one component or another: `or` adds.",
        variant=lambda x, w, m, s: np.prod(joint(x, w, m, s), axis=1),
    ),
    Misconception(
        name="best_component_only",
        says="Only the best component of each observation counted.",
        hint="p(x) adds up all components.",
        variant=lambda x, w, m, s: np.max(joint(x, w, m, s), axis=1),
    ),
    Misconception(
        name="not_summed",
        says="The components were not added up.",
        hint="One number for each observation: what does p(x) do with the components?",
        variant=joint,
    ),
)

MARGINAL_DENSITY_TOGETHER = on_top(
    one_of(MARGINAL_DENSITY, "std_as_variance"),
    named(
        MARGINAL_DENSITY,
        "log_for_density",
        "weights_ignored",
        "plain_average",
        "best_component_only",
        "not_summed",
        "constant_forgotten",
        "half_forgotten",
        "spread_forgotten_in_constant",
        "two_components_only",
    ),
    std_as_variance,
) + on_top(
    one_of(MARGINAL_DENSITY, "weights_ignored"),
    named(
        MARGINAL_DENSITY,
        "log_for_density",
        "best_component_only",
        "not_summed",
        "constant_forgotten",
        "half_forgotten",
        "spread_forgotten_in_constant",
        "two_components_only",
    ),
    lambda variant: lambda x, w, m, s: variant(x, np.ones(len(w), np.float32), m, s),
)
