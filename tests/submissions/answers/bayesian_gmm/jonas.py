# %% cut-off


# %% effective_sample_size
def effective_sample_size(weights):
    return 1 / jnp.vdot(weights, weights)
