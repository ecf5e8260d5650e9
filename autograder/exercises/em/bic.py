"""The Bayesian information criterion."""

from itertools import product

import numpy as np

from autograder.exercises import STEP, Arrays, Aspect, Exercise, KnownMistake, Part, catalogue
from autograder.exercises.em.numpy_em import penalised
from reference import em

BIC = Exercise(
    "bic",
    truth=em.bic,
    rule=Arrays((Part("bic", "()", STEP),)),
    aspects=(
        Aspect(
            "the score",
            points=2,
            hint="Twice the negative log likelihood, plus log N for each free parameter. K components: how many "
            "means, how many standard deviations, and how many weights that are free?",
            closer="For K = 3 there are three means and three standard deviations. The weights sum to 1: how many of"
            " them are left to choose? And which of the two terms is doubled?",
            visible={"two components, 20 bentos": (-54.25, 2, 20), "three components, 30 cups": (-94.5, 3, 30)},
            hidden={
                "four components, 60 observations": (-203.25, 4, 60),
                "one component, 100 observations": (-350.75, 1, 100),
                "five components, a positive log likelihood": (12.5, 5, 7),
            },
        ),
    ),
)


@BIC.mistake(
    says="The log likelihood was added, not subtracted.",
    hint="Lower is better: what should a better fit do to the score?",
)
def sign_of_likelihood(ll, k, n):
    return penalised(-ll, k, n)


@BIC.mistake(
    says="The sign of the whole score is turned round.",
    hint="Here lower is better.",
    forms=(lambda ll, k, n: -penalised(ll, k, n) / 2,),
)
def higher_is_better(ll, k, n):
    return -penalised(ll, k, n)


@BIC.mistake(says="The penalty was subtracted.", hint="Lower is better: what should another parameter do to the score?")
def penalty_subtracted(ll, k, n):
    return -penalised(-ll, k, n)


def _counting(count):
    return lambda ll, k, n: penalised(ll, k, n, count=count(k))


BIC.add(
    KnownMistake(
        name="weights_counted_in_full",
        says="The penalty counts 3K parameters.",
        hint="The weights sum to 1: how many of them are free?",
        variant=_counting(lambda k: 3 * k),
    ),
    KnownMistake(
        name="one_free_weight_too_few",
        says="The penalty counts 3K - 2 parameters.",
        hint="K weights that sum to 1: how many of them can you choose?",
        variant=_counting(lambda k: 3 * k - 2),
    ),
    KnownMistake(
        name="constraint_added",
        says="The penalty counts 3K + 1 parameters.",
        hint="The weights sum to 1. Does that free a parameter, or fix one?",
        variant=_counting(lambda k: 3 * k + 1),
    ),
    KnownMistake(
        name="components_as_parameters",
        says="The penalty counts K parameters.",
        hint="Each component brings a mean, a standard deviation and a weight.",
        variant=_counting(lambda k: k),
    ),
    KnownMistake(
        name="weights_forgotten",
        says="The penalty counts 2K parameters.",
        hint="The weights are parameters too.",
        variant=_counting(lambda k: 2 * k),
    ),
    KnownMistake(
        name="stds_forgotten",
        says="The penalty counts 2K - 1 parameters.",
        hint="Each component has a mean and a weight, and what else?",
        variant=_counting(lambda k: 2 * k - 1),
    ),
)


@BIC.mistake(
    says="This is Akaike's criterion: 2 for each parameter.",
    hint="The Bayesian criterion's price of a parameter grows with the data.",
)
def aic_for_bic(ll, k, n):
    return penalised(ll, k, n, price=lambda _: 2)


@BIC.mistake(says="Each parameter costs N, not log N.", hint="What stands before N in the formula?")
def log_forgotten(ll, k, n):
    return penalised(ll, k, n, price=lambda n: n)


@BIC.mistake(says="The log likelihood was counted once.", hint="On this scale the log likelihood counts twice.")
def factor_2_missing(ll, k, n):
    return penalised(ll / 2, k, n)


@BIC.mistake(says="The score is half of what it should be.", hint="Both terms are on the scale of -2 log likelihood.")
def half_scale(ll, k, n):
    return penalised(ll, k, n) / 2


@BIC.mistake(says="The penalty was counted twice.", hint="Each parameter costs log N on this scale, once.")
def penalty_doubled(ll, k, n):
    return penalised(ll, k, n, price=lambda n: 2 * np.log(n))


@BIC.mistake(catalogue.DECIMAL_LOGARITHM, hint="log in this course is the natural one.")
def decimal_logarithm(ll, k, n):
    return penalised(ll, k, n, price=np.log10)


_COUNTS = {
    "weights_counted_in_full": lambda k: 3 * k,
    "components_as_parameters": lambda k: k,
    "weights_forgotten": lambda k: 2 * k,
}
_SCORES = {
    "sign_of_likelihood": lambda ll, k, n, count: penalised(-ll, k, n, count=count),
    "higher_is_better": lambda ll, k, n, count: -penalised(ll, k, n, count=count),
    "penalty_subtracted": lambda ll, k, n, count: -penalised(-ll, k, n, count=count),
    "aic_for_bic": lambda ll, k, n, count: penalised(ll, k, n, count=count, price=lambda _: 2),
    "factor_2_missing": lambda ll, k, n, count: penalised(ll / 2, k, n, count=count),
    "half_scale": lambda ll, k, n, count: penalised(ll, k, n, count=count) / 2,
}

# Two mistakes give K log N - log likelihood: for that value, no mistake is named.
_IN_TWO_WAYS = (("components_as_parameters", "factor_2_missing"), ("weights_forgotten", "half_scale"))


def _combine(count, score):
    BIC.combine(count, score, change=lambda _: lambda ll, k, n: _SCORES[score](ll, k, n, _COUNTS[count](k)))


for _pair in product(_COUNTS, _SCORES):
    if _pair not in _IN_TWO_WAYS:
        _combine(*_pair)
