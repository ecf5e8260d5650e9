# %% cut-off
# %% bic
def bic(log_likelihood, num_components, num_observations):
    return (3 * num_components - 1) * jnp.log(num_observations) - 2 * log_likelihood
