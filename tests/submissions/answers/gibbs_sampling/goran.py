# %% sample_assignments
def sample_assignments(key, x, pi, mu, sigma):
    return jax.random.categorical(key, jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma))

# %% sample_weights
def sample_weights(key, z, alpha):
    return jax.random.dirichlet(key, alpha + jnp.bincount(z, length=alpha.size))

# %% sample_means
def sample_means(key, x, z, sigma, loc, scale):
    member = jax.nn.one_hot(z, len(loc))
    # precision of the prior and of the data
    before, seen = 1 / scale, member.sum(axis=0) / sigma**2
    mean = (loc * before + (member * x[:, None]).sum(axis=0) / sigma**2) / (before + seen)
    return mean + jax.random.normal(key, loc.shape) / jnp.sqrt(before + seen)

# %% log_std_density
def log_std_density(u, count, squares, shape, rate):
    sigma = jnp.exp(u)
    return (shape - 1) * u - rate * sigma - count * u - squares / (2 * sigma**2)

# %% sample_stds
def sample_stds(key, x, z, mu, sigma, shape, rate):
    member = jax.nn.one_hot(z, len(mu))
    n, squares = member.sum(axis=0), (member * (x[:, None] - mu) ** 2).sum(axis=0)

    def log_target(u):
        return (shape - n) * u - rate * jnp.exp(u) - squares / 2 * jnp.exp(-2 * u)

    step_key, accept_key = jax.random.split(key)
    u = jnp.log(sigma)
    v = u + 0.7 * jax.random.normal(step_key, mu.shape)
    accepted = jnp.log(jax.random.uniform(accept_key, mu.shape)) < log_target(v) - log_target(u)
    return jnp.where(accepted, jnp.exp(v), sigma)

# %% gibbs
def gibbs(key, x, prior, num_samples):
    k = len(prior.loc)

    def sweep(state, key):
        pi, mu, sigma = state
        pi_key, mu_key, *sigma_keys = jax.random.split(key, 5)
        # the component that explains x best
        z = jnp.argmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)
        pi = sample_weights(pi_key, z, prior.alpha)
        member = jax.nn.one_hot(z, k)
        precision = 1 / prior.scale**2 + member.sum(axis=0) / sigma**2
        mean = (prior.loc / prior.scale**2 + x @ member / sigma**2) / precision
        mu = mean + jax.random.normal(mu_key, (k,)) / jnp.sqrt(precision)
        for sigma_key in sigma_keys:
            sigma = sample_stds(sigma_key, x, z, mu, sigma, prior.shape, prior.rate)
        return (pi, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

    start = (jnp.full(k, 1 / k), jnp.quantile(x, (jnp.arange(k) + 0.5) / k), jnp.full(k, jnp.std(x) / k))
    _, draws = jax.lax.scan(sweep, start, jax.random.split(key, 300 + num_samples))
    return {name: draw[300:] for name, draw in draws.items()}

# %% relabel
def relabel(samples):
    order = jnp.argsort(samples["mu"], axis=1)
    new = dict(samples)
    for name in ("pi", "mu", "sigma"):
        new[name] = jnp.take_along_axis(samples[name], order, axis=1)
    new["z"] = jnp.take_along_axis(order, samples["z"], axis=1)
    return new

# %% assignment_probabilities
def assignment_probabilities(samples, x_new):
    # posterior means of the parameters, then Bayes' rule
    weights = jax.nn.softmax(samples["log_weights"]) if "log_weights" in samples else jnp.full(len(samples["mu"]), 1 / len(samples["mu"]))
    pi, mu, sigma = weights @ samples["pi"], weights @ samples["mu"], weights @ samples["sigma"]
    return jax.nn.softmax(jnp.log(pi) + norm.logpdf(x_new[:, None], mu, sigma), axis=1)

# %% assignment_entropy
def assignment_entropy(probabilities):
    return -jnp.sum(probabilities * jnp.log(probabilities), axis=1)

# %% written_gibbs_sampling [markdown]
# The posterior is better than a point estimate because it has uncertainty. 425 g is an anomaly since it is ambiguous.
