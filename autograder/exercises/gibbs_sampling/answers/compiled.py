# The reference's chain, compiled as a whole; the density of log sigma for one number at a time.

# %% scratch
from functools import partial


# %% log_std_density
def log_std_density(u, count, squares, shape, rate):
    return jnp.stack([(shape - count) * v - rate * jnp.exp(v) - squares / 2 * jnp.exp(-2 * v) for v in u])


# %% gibbs
from reference import gibbs_sampling

gibbs = partial(jax.jit, static_argnames="num_samples")(gibbs_sampling.gibbs)
