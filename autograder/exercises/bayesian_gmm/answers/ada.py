# %% bento_mixture
@gen
def bento_mixture():
    component = categorical(jnp.log(jnp.array([0.7, 0.3]))) @ "component"
    weight = normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight"
    return weight, component

# %% simulate_bentos
def simulate_bentos(key, num_bentos):
    draw = seed(bento_mixture.simulate)
    return jax.vmap(lambda k: draw(k).get_retval())(jax.random.split(key, num_bentos))

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
    return jax.nn.softmax(jnp.asarray(log_weights))

# %% effective_sample_size
def effective_sample_size(weights):
    return 1 / jnp.vdot(weights, weights)

# %% importance_sampling
def importance_sampling(key, x, num_particles):
    def particle(k):
        trace, log_weight = seed(lambda: bayesian_gmm.generate({"x": x}, len(x)))(k)
        chosen = trace.get_choices()
        return {"pi": chosen["pi"], "mu": chosen["mu"], "sigma": chosen["sigma"], "z": chosen["z"],
                "log_weights": log_weight}

    return jax.vmap(particle)(jax.random.split(key, num_particles))

# %% written_bayesian_gmm [markdown]
# 1. The expected value is the long-run average: 1000 bentos weigh about 440 kg, and for that it is the right number. It is not
#    the weight of any bento. The density has a valley there, and almost no probability.
# 2. One particle has all the weight, so every average is this particle's value, which another key would change. The weights are
#    right, but the prior never proposes a good explanation of 20 bentos: two means, two spreads and all labels right at once.
#    Each bento makes it rarer, so ten times more particles are nothing. One bento only needs one mean near it.
