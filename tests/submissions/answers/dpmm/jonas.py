# %% cut-off


# %% stick_breaking
def stick_breaking(fractions):
    return jnp.append(fractions, 1.0) * jnp.append(1.0, jnp.cumprod(1 - fractions))
