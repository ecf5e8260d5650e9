# The number of the sweep is folded into the key. The fit only.

# %% scratch from gibbs_sampling/folded_keys


# %% scratch
PRIOR = Prior(jnp.ones(3), jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0), jnp.full(3, 2.0), jnp.ones(3))


# %% fit_coffee
def fit_coffee(key, x, num_samples):
    return gibbs(key, x, PRIOR, num_samples)
