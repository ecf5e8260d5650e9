"""Known mistakes in choosing the number of components: wrong variants of the reference, and what to say of them."""

from itertools import product

import numpy as np

from autograder.exercises import Misconception, Together
from autograder.exercises.em.fit_mistakes import em_path
from autograder.exercises.guards import one_of

# --- bic ---


def _bic(log_likelihood, num_components, num_observations, *, count=None, price=np.log):
    """The right score, unless the parameters are counted or paid for in another way."""
    count = 3 * num_components - 1 if count is None else count
    return count * price(num_observations) - 2 * log_likelihood


def _counting(count):
    return lambda ll, k, n: _bic(ll, k, n, count=count(k))


BIC = (
    Misconception(
        name="sign_of_likelihood",
        says="The log likelihood was added, not subtracted.",
        hint="Lower is better: what should a better fit do to the score?",
        variant=lambda ll, k, n: _bic(-ll, k, n),
    ),
    Misconception(
        name="higher_is_better",
        says="The sign of the whole score is turned round.",
        hint="Here lower is better.",
        variant=lambda ll, k, n: -_bic(ll, k, n),
        forms=(lambda ll, k, n: -_bic(ll, k, n) / 2,),
    ),
    Misconception(
        name="penalty_subtracted",
        says="The penalty was subtracted.",
        hint="Lower is better: what should another parameter do to the score?",
        variant=lambda ll, k, n: -_bic(-ll, k, n),
    ),
    Misconception(
        name="weights_counted_in_full",
        says="The penalty counts 3K parameters.",
        hint="The weights sum to 1: how many of them are free?",
        variant=_counting(lambda k: 3 * k),
    ),
    Misconception(
        name="one_free_weight_too_few",
        says="The penalty counts 3K - 2 parameters.",
        hint="K weights that sum to 1: how many of them can you choose?",
        variant=_counting(lambda k: 3 * k - 2),
    ),
    Misconception(
        name="constraint_added",
        says="The penalty counts 3K + 1 parameters.",
        hint="The weights sum to 1. Does that free a parameter, or fix one?",
        variant=_counting(lambda k: 3 * k + 1),
    ),
    Misconception(
        name="components_as_parameters",
        says="The penalty counts K parameters.",
        hint="Each component brings a mean, a standard deviation and a weight.",
        variant=_counting(lambda k: k),
    ),
    Misconception(
        name="weights_forgotten",
        says="The penalty counts 2K parameters.",
        hint="The weights are parameters too.",
        variant=_counting(lambda k: 2 * k),
    ),
    Misconception(
        name="stds_forgotten",
        says="The penalty counts 2K - 1 parameters.",
        hint="Each component has a mean and a weight, and what else?",
        variant=_counting(lambda k: 2 * k - 1),
    ),
    Misconception(
        name="aic_for_bic",
        says="This is Akaike's criterion: 2 for each parameter.",
        hint="The Bayesian criterion's price of a parameter grows with the data.",
        variant=lambda ll, k, n: _bic(ll, k, n, price=lambda _: 2),
    ),
    Misconception(
        name="log_forgotten",
        says="Each parameter costs N, not log N.",
        hint="What stands before N in the formula?",
        variant=lambda ll, k, n: _bic(ll, k, n, price=lambda n: n),
    ),
    Misconception(
        name="factor_2_missing",
        says="The log likelihood was counted once.",
        hint="On this scale the log likelihood counts twice.",
        variant=lambda ll, k, n: _bic(ll / 2, k, n),
    ),
    Misconception(
        name="half_scale",
        says="The score is half of what it should be.",
        hint="Both terms are on the scale of -2 log likelihood.",
        variant=lambda ll, k, n: _bic(ll, k, n) / 2,
    ),
    Misconception(
        name="penalty_doubled",
        says="The penalty was counted twice.",
        hint="Each parameter costs log N on this scale, once.",
        variant=lambda ll, k, n: _bic(ll, k, n, price=lambda n: 2 * np.log(n)),
    ),
    Misconception(
        name="decimal_logarithm",
        says="The logarithm is to base 10.",
        hint="log in this course is the natural one.",
        variant=lambda ll, k, n: _bic(ll, k, n, price=np.log10),
    ),
)

_COUNTS = {
    "weights_counted_in_full": lambda k: 3 * k,
    "components_as_parameters": lambda k: k,
    "weights_forgotten": lambda k: 2 * k,
}
_SCORES = {
    "sign_of_likelihood": lambda ll, k, n, count: _bic(-ll, k, n, count=count),
    "higher_is_better": lambda ll, k, n, count: -_bic(ll, k, n, count=count),
    "penalty_subtracted": lambda ll, k, n, count: -_bic(-ll, k, n, count=count),
    "aic_for_bic": lambda ll, k, n, count: _bic(ll, k, n, count=count, price=lambda _: 2),
    "factor_2_missing": lambda ll, k, n, count: _bic(ll / 2, k, n, count=count),
    "half_scale": lambda ll, k, n, count: _bic(ll, k, n, count=count) / 2,
}


def _both(count, score):
    return lambda ll, k, n: score(ll, k, n, count(k))


# K log N - log likelihood can be come by in two ways: there, nothing is named.
_IN_TWO_WAYS = (("components_as_parameters", "factor_2_missing"), ("weights_forgotten", "half_scale"))

BIC_TOGETHER = tuple(
    Together(mistakes=(one_of(BIC, count), one_of(BIC, score)), variant=_both(_COUNTS[count], _SCORES[score]))
    for count, score in product(_COUNTS, _SCORES)
    if (count, score) not in _IN_TWO_WAYS
)


# --- select_num_components ---


def _select(x, candidates, score):
    """The candidate with the lowest score of (best log likelihood, K, N), from a few sensible starts."""
    scores = []
    for num_components in candidates:
        fits = [em_path(x, *_start(x, num_components, spread), 60)[1][-1] for spread in (0.5, 1.0)]
        scores.append(score(max(fits), num_components, len(x)))
    return candidates[scores.index(min(scores))]


def _start(x, num_components, spread):
    quantiles = np.quantile(x, (np.arange(num_components) + 0.5) / num_components)
    return np.full(num_components, 1 / num_components), quantiles, np.full(num_components, spread * np.std(x))


SELECT_NUM_COMPONENTS = (
    Misconception(
        name="no_penalty",
        says="The number with the highest likelihood was chosen.",
        hint="More components always fit better: what makes them pay for it?",
        variant=lambda key, x, candidates: max(candidates),
    ),
    Misconception(
        name="highest_bic",
        says="The number with the highest BIC was chosen.",
        hint="Lower is better.",
        variant=lambda key, x, candidates: _select(x, candidates, lambda *fit: -_bic(*fit)),
    ),
    Misconception(
        name="smallest_candidate",
        says="The smallest candidate was chosen.",
        hint="Fewer parameters cost less, but fit worse. What does the score weigh against each other?",
        variant=lambda key, x, candidates: min(candidates),
    ),
    Misconception(
        name="index_for_number",
        says="The position in candidates came back, not the number of components.",
        hint="argmin says where the lowest score stands: what stands there in candidates?",
        variant=lambda key, x, candidates: candidates.index(_select(x, candidates, _bic)),
    ),
    Misconception(
        name="number_of_best_from_one",
        says="The position counted from 1 came back, not the number of components.",
        hint="The candidates need not start at 1, nor be in order.",
        variant=lambda key, x, candidates: candidates.index(_select(x, candidates, _bic)) + 1,
    ),
)
