# %% cut-off


# %% coassignment
def coassignment(z_samples):
    return jax.vmap(lambda z: z[:, None] == z)(jnp.asarray(z_samples)).mean(axis=0)
