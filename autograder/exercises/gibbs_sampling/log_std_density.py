"""The log density of the logarithm of a standard deviation, up to a constant."""

from typing import Any

import jax.numpy as jnp

from autograder.exercises import Arrays, Aspect, Exercise, Part, UpToConstant, catalogue, f32
from reference import gibbs_sampling as reference

GRID = f32(-0.5, 0, 0.25, 0.75, 1, 1.5, 2.25)

LOG_STD_DENSITY = Exercise(
    "log_std_density",
    truth=lambda u, *rest: _from_the_first(reference.log_std_density(u, *rest)),
    rule=Arrays((Part("log density, less that at the first u", "(M,)"),)),
    aspects=(
        Aspect(
            "a component with observations",
            points=1,
            hint="Write down log p(sigma) + log p(x given sigma) with sigma = e^u: the gamma prior, and a normal "
            "density for each of the observations. Then ask what the change from sigma to u adds.",
            closer="Powers of sigma come from three places: shape - 1 from the prior, -1 from each observation, and "
            "one from the Jacobian. As logarithms they are multiples of u. Two more terms have e^u in them: "
            "one of the prior, one of the squares.",
            probe=UpToConstant(),
            visible={"five observations": (GRID, 5, 12.5, 3.0, 0.5)},
            hidden={
                "one observation": (f32(-1, -0.25, 0.5, 1.25, 2), 1, 0.75, 1.5, 2.5),
                "twelve observations": (f32(0.5, 0.75, 1, 1.25, 1.5, 2), 12, 60.0, 2.5, 0.25),
            },
        ),
        Aspect(
            "a component without observations",
            points=1,
            hint="Without observations sigma follows its prior. What is the density of log sigma then?",
            closer="Take the gamma density of sigma, multiply it by the derivative of sigma = e^u, and write the "
            "logarithm in terms of u.",
            probe=UpToConstant(),
            visible={"no observation": (GRID, 0, 0.0, 1.5, 2.0)},
            hidden={
                "no observation, another prior": (f32(-2, -1, 0, 0.5, 1), 0, 0.0, 4.0, 3.0),
                "no observation, a wide prior": (f32(-0.5, 1, 2, 3), 0, 0.0, 2.0, 0.125),
            },
        ),
    ),
)


def _from_the_first(values: Any) -> Any:
    return values - values.ravel()[0]


@LOG_STD_DENSITY.mistake(
    catalogue.JACOBIAN_MISSING, hint="A density of sigma becomes one of u = log sigma by a factor. Which one?"
)
def jacobian_missing(u, count, squares, shape, rate):
    return reference.log_std_density(u, count, squares, shape, rate) - u


@LOG_STD_DENSITY.mistake(
    says="The Jacobian was divided by, where it should multiply.",
    hint="p(u) = p(sigma) |d sigma / d u|. Write sigma as a function of u, and take the derivative.",
)
def jacobian_upside_down(u, count, squares, shape, rate):
    return reference.log_std_density(u, count, squares, shape, rate) - 2 * u


@LOG_STD_DENSITY.mistake(
    says="The Jacobian was added as it is, without its logarithm.",
    hint="Factors of a density become sums of logarithms. What is the logarithm of e^u?",
)
def jacobian_not_logged(u, count, squares, shape, rate):
    return reference.log_std_density(u, count, squares, shape, rate) - u + jnp.exp(u)


@LOG_STD_DENSITY.mistake(
    says="The power of sigma is one too large.",
    hint="Count the factors sigma: shape - 1 from the prior, one from the Jacobian, minus one for each observation.",
)
def power_one_too_large(u, count, squares, shape, rate):
    return reference.log_std_density(u, count, squares, shape, rate) + u


@LOG_STD_DENSITY.mistake(
    says="The prior of sigma is missing.",
    hint="The distribution given everything else is prior times likelihood.",
    forms=(lambda u, count, squares, shape, rate: -count * u - squares / (2 * jnp.exp(2 * u)),),
)
def prior_dropped(u, count, squares, shape, rate):
    return (1 - count) * u - squares / (2 * jnp.exp(2 * u))


@LOG_STD_DENSITY.mistake(
    catalogue.SCALE_FOR_RATE, hint="The mean of the prior is shape / rate: a large rate means a small sigma."
)
def scale_for_rate(u, count, squares, shape, rate):
    return reference.log_std_density(u, count, squares, shape, 1 / rate)


@LOG_STD_DENSITY.mistake(
    says="The rate is multiplied by u, where it belongs to sigma.",
    hint="The gamma density falls as exp(-rate sigma). What is sigma, in terms of u?",
)
def rate_times_u(u, count, squares, shape, rate):
    return (shape - rate - count) * u - squares / (2 * jnp.exp(2 * u))


@LOG_STD_DENSITY.mistake(
    catalogue.LIKELIHOOD_MISSING, hint="Where do count and squares come in? sigma has to explain deviations."
)
def likelihood_missing(u, count, squares, shape, rate):
    return shape * u - rate * jnp.exp(u)


@LOG_STD_DENSITY.mistake(
    catalogue.NORMALISATION_DROPPED,
    hint="A normal density has 1/sigma in front of the exponential. It changes with sigma: it does not cancel.",
)
def normalisation_dropped(u, count, squares, shape, rate):
    return reference.log_std_density(u, count, squares, shape, rate) + count * u


@LOG_STD_DENSITY.mistake(
    says="The factor 1/sigma is there once, not once for each observation.",
    hint="The likelihood is a product of densities: how many of them are there?",
)
def one_observation_counted(u, count, squares, shape, rate):
    return reference.log_std_density(u, 1, squares, shape, rate)


@LOG_STD_DENSITY.mistake(catalogue.HALF_MISSING, hint="A normal density has the squares over twice the variance.")
def half_missing(u, count, squares, shape, rate):
    return reference.log_std_density(u, count, 2 * squares, shape, rate)


@LOG_STD_DENSITY.mistake(
    catalogue.STD_FOR_VARIANCE,
    hint="A normal density has the squares over twice the variance. Which power of e^u is that?",
)
def std_for_variance(u, count, squares, shape, rate):
    return (shape - count) * u - rate * jnp.exp(u) - squares / (2 * jnp.exp(u))


@LOG_STD_DENSITY.mistake(
    says="The squares were averaged over the observations.",
    hint="Log densities of independent observations add up. squares is that sum already.",
)
def squares_averaged(u, count, squares, shape, rate):
    return reference.log_std_density(u, count, squares / jnp.float32(count), shape, rate)


@LOG_STD_DENSITY.mistake(
    says="The squares have the wrong sign.",
    hint="Are large deviations easier to explain with a small sigma, or with a large one?",
)
def sign_of_the_squares(u, count, squares, shape, rate):
    return reference.log_std_density(u, count, -squares, shape, rate)


@LOG_STD_DENSITY.mistake(
    says="u was taken for sigma.",
    hint="u is the logarithm of sigma, and may be negative. Which function turns it into sigma?",
    forms=(lambda u, count, squares, shape, rate: (shape - count) * jnp.log(u) - rate * u - squares / (2 * u**2),),
)
def u_taken_for_sigma(u, count, squares, shape, rate):
    return (shape - 1 - count) * jnp.log(u) - rate * u - squares / (2 * u**2)


@LOG_STD_DENSITY.mistake(catalogue.SIGN, hint="Large where sigma is probable, small where it is not: is it so?")
def sign(u, count, squares, shape, rate):
    return -reference.log_std_density(u, count, squares, shape, rate)


@LOG_STD_DENSITY.mistake(
    says="The density came back, not its logarithm.", hint="Add up logarithms, and leave it at that."
)
def density_returned(u, count, squares, shape, rate):
    return jnp.exp(reference.log_std_density(u, count, squares, shape, rate))
