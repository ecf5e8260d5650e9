# %% cut-off


# %% assignment_entropy
def assignment_entropy(probabilities):
    return jax.scipy.special.entr(probabilities).sum(axis=1)
