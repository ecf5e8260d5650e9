# %% bento_mixture
@gen
def bento_mixture():
    component = categorical(jnp.array([0.7, 0.3])) @ "component"
    weight = normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight"
    return weight, component

# %% simulate_bentos
def simulate_bentos(key, num_bentos):
    kind_key, weight_key = jax.random.split(key)
    components = jax.random.bernoulli(kind_key, 0.3, (num_bentos,)).astype(int)
    return 500.0 - 150.0 * components + 2.0 * jax.random.normal(weight_key, (num_bentos,)), components

# %% bayesian_gmm
@gen
def bayesian_gmm(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"

# %% normalize_log_weights
def normalize_log_weights(log_weights):
    weights = jnp.exp(log_weights)
    return weights / jnp.sum(weights)

# %% effective_sample_size
def effective_sample_size(weights):
    return 1 / jnp.sum(weights**2)

# %% importance_sampling
def importance_sampling(key, x, num_particles):
    def particle(k):
        trace, log_weight = seed(lambda: bayesian_gmm.generate({"x": x}, len(x)))(k)
        chosen = trace.get_choices()
        return {"pi": chosen["pi"], "mu": chosen["mu"], "sigma": chosen["sigma"], "z": chosen["z"],
                "log_weights": log_weight}

    return jax.vmap(particle)(jax.random.split(key, num_particles))

# %% written_bayesian_gmm [markdown]
# 440 g is the most likely weight. An ESS of 1 means that one bug is left in the weights.
