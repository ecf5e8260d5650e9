"""Known mistakes in the prior of partitions: the restaurant, the number of tables, the stick, the program."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from genjax import beta, categorical, gamma, gen, normal

from autograder.exercises import Misconception
from reference import dpmm as right

# --- the next customer ---


def _shares(weights):
    return weights / weights.sum()


CRP_PROBABILITIES = (
    Misconception(
        name="new_table_forgotten",
        says="The new table is missing.",
        hint="The result has one entry more than there are occupied tables.",
        variant=lambda counts, alpha: counts / (counts.sum() + alpha),
        forms=(lambda counts, alpha: counts / counts.sum(),),
    ),
    Misconception(
        name="new_table_first",
        says="The new table stands first.",
        hint="Occupied tables first, in their order; the new one last.",
        variant=lambda counts, alpha: _shares(jnp.append(alpha, 1.0 * counts)),
    ),
    Misconception(
        name="one_customer_too_few",
        says="The denominator is n - 1 + alpha.",
        hint="All n customers are seated when the next one comes. What must the probabilities sum to?",
        variant=lambda counts, alpha: jnp.append(1.0 * counts, alpha) / (counts.sum() - 1 + alpha),
    ),
    Misconception(
        name="one_customer_too_many",
        says="The denominator is n + 1 + alpha.",
        hint="The customer who comes is not seated yet. What must the probabilities sum to?",
        variant=lambda counts, alpha: jnp.append(1.0 * counts, alpha) / (counts.sum() + 1 + alpha),
    ),
    Misconception(
        name="not_normalised",
        says="These are the shares of each table, not yet probabilities.",
        hint="Divide by the sum of all of them.",
        variant=lambda counts, alpha: jnp.append(1.0 * counts, alpha),
    ),
    Misconception(
        name="alpha_shared_by_all_tables",
        says="Every table got a part of alpha.",
        hint="That is a Dirichlet prior for a fixed number of tables. Here alpha goes to the new table alone.",
        variant=lambda counts, alpha: _shares(jnp.append(1.0 * counts, 0.0) + alpha / (len(counts) + 1)),
        forms=(lambda counts, alpha: _shares(jnp.append(1.0 * counts, 0.0) + alpha),),
    ),
    Misconception(
        name="alpha_forgotten",
        says="A new table counts as much as one customer, whatever alpha is.",
        hint="Its share is alpha.",
        variant=lambda counts, alpha: _shares(jnp.append(1.0 * counts, 1.0)),
    ),
    Misconception(
        name="sizes_ignored",
        says="All occupied tables are equally probable.",
        hint="A table attracts customers in proportion to those who sit there.",
        variant=lambda counts, alpha: (
            jnp.append(jnp.full(len(counts), counts.sum() / max(len(counts), 1)), alpha) / (counts.sum() + alpha)
        ),
    ),
)

# --- seating ---


def _seated(
    weight: Callable[[Any, Any, Any], Any] = lambda counts, seated, alpha: alpha,
    shares: Callable[[Any], Any] = lambda counts: counts,
    keys: Callable[[Any, int], Any] = jax.random.split,
) -> Callable[..., Any]:
    """The reference with the weight of a new table or the shares of the others exchanged."""

    def simulate_crp(key, num_customers, alpha):
        def seat(counts, one):
            new = jnp.sum(counts > 0)
            weights = shares(counts).at[new].set(weight(counts, counts.sum(), alpha))
            table = jax.random.categorical(one, jnp.log(weights))
            return counts.at[table].add(1), table

        return jax.lax.scan(seat, jnp.zeros(num_customers), keys(key, num_customers))[1]

    return simulate_crp


def _from_a_stick_of_its_own(key, num_customers, alpha):
    """Every customer breaks another stick."""

    def one(key):
        stick, seat = jax.random.split(key)
        pieces = right.stick_breaking(jax.random.beta(stick, 1.0, alpha, (num_customers - 1,)))
        return jax.random.categorical(seat, jnp.log(pieces))

    return jax.vmap(one)(jax.random.split(key, num_customers))


SIMULATE_CRP = (
    Misconception(
        name="sizes_ignored",
        says="All occupied tables attract customers equally.",
        hint="A table attracts in proportion to those who sit there.",
        variant=_seated(shares=lambda counts: 1.0 * (counts > 0)),
    ),
    Misconception(
        name="one_customer_too_many",
        says="New tables come too rarely: as if their probability were alpha / (n + 1 + alpha).",
        hint="When the second customer comes, one is seated: n is 1.",
        variant=_seated(weight=lambda counts, n, alpha: jnp.where(n > 0, alpha * n / (n + 1), 1.0)),
    ),
    Misconception(
        name="alpha_forgotten",
        says="New tables come as if alpha were 1.",
        hint="A new table has the share alpha.",
        variant=_seated(weight=lambda counts, n, alpha: 1.0),
    ),
    Misconception(
        name="alpha_for_probability",
        says="A new table comes with the probability alpha / (1 + alpha) each time.",
        hint="The more customers are seated, the more rarely a new table is opened.",
        variant=_seated(weight=lambda counts, n, alpha: jnp.where(n > 0, n * alpha, 1.0)),
    ),
    Misconception(
        name="one_stick_for_each",
        says="Each customer was seated without regard to the others.",
        hint="Customers share one restaurant: the tables of the earlier ones decide where the next one sits.",
        variant=_from_a_stick_of_its_own,
    ),
    Misconception(
        name="one_key_for_all",
        says="Every customer was seated with the same key.",
        hint="A key is good for one draw. Split it into one for each customer.",
        variant=_seated(keys=lambda key, n: jnp.broadcast_to(key, (n,))),
    ),
    Misconception(
        name="key_ignored",
        says="The key was not used: another one is written into the function.",
        hint="Draw with the key that comes in.",
        variant=lambda key, num_customers, alpha: right.simulate_crp(jax.random.key(42), num_customers, alpha),
    ),
)

# --- the number of tables ---


def _tables(
    opens: Callable[[Any, Any], Any] = lambda alpha, seated: alpha / (seated + alpha), first: int = 1
) -> Callable[..., Any]:
    """The reference with another probability of a new table, or from another number of tables on."""

    def num_clusters_prior(alpha, num_customers):
        p = jnp.zeros(num_customers + 1).at[0].set(1.0)
        for seated in range(num_customers):
            new = opens(alpha, seated)
            p = (1 - new) * p + new * jnp.append(0.0, p[:-1])
        return p[first:] if first else p[:-1]

    return num_clusters_prior


def _binomial(opens: Callable[[Any, int], Any]) -> Callable[..., Any]:
    """All customers but the first open a table with the same probability."""
    return lambda alpha, n: _tables(lambda alpha, seated: opens(alpha, n) if seated else 1.0)(alpha, n)


NUM_CLUSTERS_PRIOR = (
    Misconception(
        name="starts_at_none",
        says="The first entry is P(K = 0).",
        hint="The first entry is P(K = 1).",
        variant=_tables(first=0),
        forms=(lambda alpha, num_customers: jnp.append(0.0, _tables()(alpha, num_customers)),),
    ),
    Misconception(
        name="binomial",
        says="Each customer opens a table with the same probability.",
        hint="The first customer always does, later ones more and more rarely.",
        variant=_binomial(lambda alpha, n: alpha / (n + alpha)),
        forms=(
            _binomial(lambda alpha, n: alpha / (n - 1 + alpha)),
            lambda alpha, n: _tables(lambda alpha, seated: alpha / (n + alpha))(alpha, n),
        ),
    ),
    Misconception(
        name="one_customer_too_many",
        says="A new table has the probability alpha / (m + 1 + alpha).",
        hint="With nobody seated, m is 0 and the first customer opens a table for certain.",
        variant=_tables(lambda alpha, seated: alpha / (seated + 1 + alpha) if seated else 1.0),
        forms=(_tables(lambda alpha, seated: alpha / (seated + 1 + alpha)),),
    ),
    Misconception(
        name="alpha_forgotten",
        says="These are the probabilities for alpha = 1.",
        hint="A new table has the share alpha.",
        variant=_tables(lambda alpha, seated: 1 / (seated + 1)),
    ),
    Misconception(
        name="expectation_returned",
        says="This is an expected number of tables, not its distribution.",
        hint="Return an array: P(K = 1), ..., P(K = n).",
        variant=lambda alpha, n: alpha * jnp.log(1 + n / alpha),
        forms=(
            lambda alpha, n: alpha * jnp.log(1.0 * n),
            lambda alpha, n: jnp.sum(alpha / (alpha + jnp.arange(n))),
        ),
    ),
    Misconception(
        name="cumulative",
        says="These are the probabilities of at most so many tables.",
        hint="Of exactly so many: they sum to 1.",
        variant=lambda alpha, n: jnp.cumsum(right.num_clusters_prior(alpha, n)),
    ),
)

# --- the stick ---


def _before(fractions):
    return jnp.append(1.0, jnp.cumprod(1 - fractions))


STICK_BREAKING = (
    Misconception(
        name="last_piece_missing",
        says="What is left of the stick is missing.",
        hint="T - 1 cuts make T pieces.",
        variant=lambda fractions: fractions * _before(fractions)[:-1],
    ),
    Misconception(
        name="renormalised",
        says="The pieces that were cut off were divided by their sum.",
        hint="The last piece is what is left; then there is nothing to divide by.",
        variant=lambda fractions: _shares(fractions * _before(fractions)[:-1]),
        forms=(lambda fractions: _shares(jnp.append(fractions * _before(fractions)[:-1], 0.0)),),
    ),
    Misconception(
        name="own_cut_included",
        says="Each piece is a fraction of what is left after its own cut.",
        hint="Before the first cut the stick is 1 long, so the first piece is f_1.",
        variant=lambda fractions: jnp.append(fractions * _before(fractions)[1:], _before(fractions)[-1]),
    ),
    Misconception(
        name="fractions_of_the_whole",
        says="Every cut takes its fraction of the whole stick.",
        hint="Of what is left.",
        variant=lambda fractions: jnp.append(fractions, 1 - fractions.sum()),
        forms=(lambda fractions: jnp.append(fractions, jnp.maximum(1 - fractions.sum(), 0)),),
    ),
    Misconception(
        name="sum_for_product",
        says="What is left was taken for 1 minus the sum of the fractions.",
        hint="After two cuts (1 - f_1)(1 - f_2) is left.",
        variant=lambda fractions: jnp.append(1.0, 1 - jnp.cumsum(fractions)) * jnp.append(fractions, 1.0),
    ),
    Misconception(
        name="lengths_returned",
        says="These are the lengths of the stick before each cut.",
        hint="A piece is a fraction of that length.",
        variant=_before,
    ),
)

# --- the program ---


def program(
    *,
    logits: Callable[[Any], Any] = lambda fractions: jnp.log(right.stick_breaking(fractions)),
    a: float = 1.0,
    b: float = 2.0,
    scale: float = 50.0,
    shape: float = 2.0,
    rate: float = 1.0,
    emission: Callable[[Any], Any] = lambda sigma: sigma,
) -> Any:
    """The reference with parts exchanged; right with what is not given."""

    @gen
    def truncated_dpmm(num_observations):
        fractions = beta.vmap(in_axes=(0, 0), axis_size=9)(jnp.full(9, a), jnp.full(9, b)) @ "fractions"
        mu = normal.vmap(in_axes=(0, 0), axis_size=10)(jnp.full(10, 400.0), jnp.full(10, scale)) @ "mu"
        sigma = gamma.vmap(in_axes=(0, 0), axis_size=10)(jnp.full(10, shape), jnp.full(10, rate)) @ "sigma"
        z = categorical.repeat(num_observations)(logits(fractions)) @ "z"
        own = emission(sigma)
        return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], own[z]) @ "x"

    return truncated_dpmm


@gen
def _vector_parameters(num_observations):
    fractions = beta(jnp.ones(9), jnp.full(9, 2.0)) @ "fractions"
    mu = normal(jnp.full(10, 400.0), jnp.full(10, 50.0)) @ "mu"
    sigma = gamma(jnp.full(10, 2.0), jnp.ones(10)) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(right.stick_breaking(fractions))) @ "z"
    return normal(mu[z], sigma[z]) @ "x"


def _renormalised(fractions):
    pieces = fractions * _before(fractions)[:-1]
    return jnp.log(jnp.append(_shares(pieces), 1e-6))  # the smallest weight that chapter 6 lets a piece have


TRUNCATED_DPMM = (
    Misconception(
        name="logits_for_probabilities",
        says="`categorical` was given the pieces themselves.",
        hint="It takes logits: their exponentials are normalised. So do the listings of chapter 6, and draw "
        "something else.",
        variant=program(logits=right.stick_breaking),
    ),
    Misconception(
        name="vector_parameters",
        says="A distribution was given vectors, without `vmap`: its log density is a vector, not a number.",
        hint="Use `.vmap(in_axes=(0, 0), axis_size=n)` for several draws at one address.",
        variant=_vector_parameters,
    ),
    Misconception(
        name="beta_arguments_swapped",
        says="The fractions follow Beta(2, 1).",
        hint="Beta(1, alpha): the larger alpha is, the smaller is each cut.",
        variant=program(a=2.0, b=1.0),
    ),
    Misconception(
        name="alpha_forgotten",
        says="The fractions follow Beta(1, 1).",
        hint="The concentration is 2.",
        variant=program(b=1.0),
    ),
    Misconception(
        name="last_piece_renormalised",
        says="The last component does not have what is left of the stick.",
        hint="z has the ten pieces of `stick_breaking` as its probabilities.",
        variant=program(logits=_renormalised),
    ),
    Misconception(
        name="fractions_for_weights",
        says="z is drawn with the fractions as weights.",
        hint="A fraction is of what is left. The weights are the pieces.",
        variant=program(logits=lambda fractions: jnp.log(jnp.append(fractions, 1.0))),
    ),
    Misconception(
        name="variance_for_std",
        says="Observations vary by sigma squared.",
        hint="The second argument of `normal` is a standard deviation, and so is sigma.",
        variant=program(emission=lambda sigma: sigma**2),
    ),
    Misconception(
        name="scale_of_the_means_squared",
        says="The prior of mu has the scale 2500.",
        hint="The second argument of `normal` is a standard deviation: 50 g.",
        variant=program(scale=2500.0),
    ),
    Misconception(
        name="shape_and_rate_swapped",
        says="The gamma has shape 1 and rate 2.",
        hint="Its first argument is the shape.",
        variant=program(shape=1.0, rate=2.0),
    ),
)
