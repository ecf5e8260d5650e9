"""Known mistakes in categorization: wrong variants of the reference, and what to say of them."""

import numpy as np
from scipy.special import log_softmax, softmax

from autograder.exercises import Misconception
from autograder.exercises.gaussian import LOG_2PI, joint, log_joint, log_sum, logpdf, one_hot, pdf
from reference import categorization

# --- component_log_density ---

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
        name="transposed",
        says="Rows and columns are swapped.",
        hint="One row for each observation, one column for each component.",
        variant=lambda x, m, s: logpdf(x, m, s).T,
    ),
)


# --- responsibilities ---


def _exponentiated_first(x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    return densities / densities.sum(axis=1, keepdims=True)


def _constant_added(x, weights, means, stds):
    densities = joint(x, weights, means, stds) + np.float32(1e-12)
    return densities / densities.sum(axis=1, keepdims=True)


RESPONSIBILITIES = (
    Misconception(
        name="exponentiated_first",
        says="The densities were exponentiated before they were normalised.",
        hint="Far from every mean they are all 0 in float32, and 0/0 is NaN. What stays finite there?",
        variant=_exponentiated_first,
    ),
    Misconception(
        name="small_constant_added",
        says="A small constant was added to keep the division finite.",
        hint="It hides the 0/0 and makes the answer wrong where it matters: at 425 g both components look equal.",
        variant=_constant_added,
    ),
    Misconception(
        name="prior_ignored",
        says="The mixing proportions play no part.",
        hint="Bayes' rule has a prior in it.",
        variant=lambda x, w, m, s: softmax(logpdf(x, m, s), axis=1),
    ),
    Misconception(
        name="prior_not_logged",
        says="The weights were added to log densities as they are.",
        hint="A product of densities is a sum of logs: of which logs?",
        variant=lambda x, w, m, s: softmax(w + logpdf(x, m, s), axis=1),
    ),
    Misconception(
        name="joint_for_posterior",
        says="The joint density came back.",
        hint="Probabilities of the components of one observation sum to 1: what is missing?",
        variant=joint,
    ),
    Misconception(
        name="logs_for_probabilities",
        says="Logarithms of the probabilities came back.",
        hint="The answer is a probability, between 0 and 1.",
        variant=lambda x, w, m, s: log_softmax(log_joint(x, w, m, s), axis=1),
    ),
    Misconception(
        name="normalised_over_observations",
        says="The probabilities sum to 1 over the observations.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=lambda x, w, m, s: softmax(log_joint(x, w, m, s), axis=0),
    ),
    Misconception(
        name="normalised_over_everything",
        says="The probabilities of all observations together sum to 1.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=lambda x, w, m, s: softmax(log_joint(x, w, m, s)),
    ),
    Misconception(
        name="hard_assignment",
        says="Every observation went wholly to its most probable component.",
        hint="The doubt is the answer: what are the probabilities?",
        variant=lambda x, w, m, s: one_hot(np.argmax(log_joint(x, w, m, s), axis=1), len(w)),
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The formula squares the standard deviation.",
        variant=lambda x, w, m, s: softmax(log_joint(x, w, m, np.sqrt(s)), axis=1),
    ),
    Misconception(
        name="spread_forgotten_in_constant",
        says="The factor 1/std in front of each Gaussian is missing.",
        hint="It cancels only where all components are equally wide.",
        variant=lambda x, w, m, s: softmax(log_joint(x, w, m, s) + np.log(s), axis=1),
    ),
)


# --- marginal_density ---

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
        variant=lambda x, w, m, s: joint(x, w, m, np.sqrt(s)).sum(axis=1),
    ),
    Misconception(
        name="one_bell",
        says="The parameters were averaged, and one Gaussian was evaluated there.",
        hint="A mixture adds up densities, not parameters: two peaks do not make one in the middle.",
        variant=lambda x, w, m, s: pdf(x, np.sum(w * m), np.sum(w * s))[:, 0],
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


# --- decision_boundaries ---


def _boundaries(weights, means, stds):
    return np.asarray(categorization.decision_boundaries(weights, means, stds))


def _between_the_means(weights, means, stds):
    roots = _boundaries(weights, means, stds)
    return roots[(roots > np.min(means)) & (roots < np.max(means))]


DECISION_BOUNDARIES = (
    Misconception(
        name="prior_ignored",
        says="The mixing proportions play no part.",
        hint="A common component is the better guess even somewhat beyond the middle.",
        variant=lambda w, m, s: _boundaries(np.full(2, 0.5), m, s),
    ),
    Misconception(
        name="prior_turned_round",
        says="The mixing proportions push the boundary the wrong way.",
        hint="The region of the more common component should grow: towards which mean does the boundary move?",
        variant=lambda w, m, s: _boundaries(w[::-1], m, s),
    ),
    Misconception(
        name="midpoint_of_means",
        says="The midpoint of the means came back.",
        hint="That is right only for equal weights and equal spreads. At which x are the two joint densities equal?",
        variant=lambda w, m, s: np.mean(m, keepdims=True),
    ),
    Misconception(
        name="one_spread_for_both",
        says="Both components were given the same spread.",
        hint="With two spreads the log odds are a quadratic in x: how many roots can it have?",
        variant=lambda w, m, s: _boundaries(w, m, np.full(2, np.sqrt(np.mean(s**2)))),
    ),
    Misconception(
        name="only_between_the_means",
        says="Only the boundary between the means was found.",
        hint="The wider component wins again on the far side of the narrower one.",
        variant=_between_the_means,
    ),
    Misconception(
        name="unsorted",
        says="The boundaries are in descending order.",
        hint="Ascending order is asked for.",
        variant=lambda w, m, s: _boundaries(w, m, s)[::-1],
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The exponent divides by the squared standard deviation.",
        variant=lambda w, m, s: _boundaries(w, m, np.sqrt(s)),
    ),
    Misconception(
        name="spread_forgotten_in_constant",
        says="The factor 1/std in front of each Gaussian is missing.",
        hint="It cancels only where both components are equally wide.",
        variant=lambda w, m, s: _boundaries(w * s / np.sum(w * s), m, s),
    ),
)


# --- count_modes ---


def _further_than(weights, means, stds, width):
    return 2 if abs(means[0] - means[1]) > 2 * width else 1


COUNT_MODES = (
    Misconception(
        name="components_for_modes",
        says="The components were counted.",
        hint="Two bells that overlap may make one hill.",
        variant=lambda w, m, s: len(m),
    ),
    Misconception(
        name="two_sigma_rule",
        says="The distance of the means was compared with the sum of the standard deviations.",
        hint="That rule is exact only for equal weights and equal spreads: a small component can vanish in a slope. "
        "Look at the density itself.",
        variant=lambda w, m, s: _further_than(w, m, s, (s[0] + s[1]) / 2),
    ),
    Misconception(
        name="wider_spread_rule",
        says="The distance of the means was compared with twice the larger standard deviation.",
        hint="No rule of the distance alone is right for every weight: look at the density itself.",
        variant=lambda w, m, s: _further_than(w, m, s, np.max(s)),
    ),
    Misconception(
        name="narrower_spread_rule",
        says="The distance of the means was compared with twice the smaller standard deviation.",
        hint="No rule of the distance alone is right for every weight: look at the density itself.",
        variant=lambda w, m, s: _further_than(w, m, s, np.min(s)),
    ),
    Misconception(
        name="weights_ignored",
        says="The weights play no part.",
        hint="With very unequal weights the small peak can drown in the slope of the large one.",
        variant=lambda w, m, s: categorization.count_modes(np.full(2, 0.5), m, s),
    ),
    Misconception(
        name="boundaries_for_modes",
        says="The decision boundaries were counted.",
        hint="A boundary is where the components are equally probable; a mode is a peak of p(x).",
        variant=lambda w, m, s: len(_boundaries(w, m, s)),
    ),
)
