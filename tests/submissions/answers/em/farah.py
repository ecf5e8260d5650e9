# %% labelled_mle
def labelled_mle(x, z, num_components):
    n = jnp.bincount(z, length=num_components)
    mu = jax.ops.segment_sum(x, z, num_components) / n
    var = jax.ops.segment_sum((x - mu[z]) ** 2, z, num_components) / n
    return n / len(x), mu, jnp.sqrt(var)

# %% e_step
class Mixture:
    def __init__(self, weights, means, stds):
        self.log_weights, self.means, self.stds = jnp.log(weights), means, stds

    def log_joint(self, x):
        z = (jnp.expand_dims(x, 1) - self.means) / self.stds
        return self.log_weights - 0.5 * z * z - jnp.log(self.stds * jnp.sqrt(2 * jnp.pi))

def e_step(x, weights, means, stds):
    joint = Mixture(weights, means, stds).log_joint(x)
    shifted = joint - joint.max(axis=1, keepdims=True)
    log_resp = shifted - jnp.log(jnp.exp(shifted).sum(axis=1, keepdims=True))
    return jnp.exp(log_resp), (joint - log_resp)[:, 0].sum()

# %% m_step
def m_step(x, resp):
    n = jnp.einsum("nk->k", resp)
    mu = jnp.einsum("nk,n->k", resp, x) / n
    deviations = x[:, None] - mu
    return n / resp.shape[0], mu, jnp.sqrt(jnp.einsum("nk,nk,nk->k", resp, deviations, deviations) / n)

# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    def body(t, state):
        theta, history = state
        resp, ll = e_step(x, *theta)
        return m_step(x, resp), history.at[t].set(ll)

    theta, history = jax.lax.fori_loop(0, num_iters, body, ((weights, means, stds), jnp.zeros(num_iters)))
    return (*theta, history)

# %% bic
def bic(log_likelihood, num_components, num_observations):
    return 2 * (0.5 * (num_components * 3 - 1) * jnp.log(num_observations) - log_likelihood)

# %% select_num_components
import numpy as np

def k_means(x, K, rng):
    centres = rng.choice(x, K, replace=False)
    for _ in range(20):
        z = np.abs(x[:, None] - centres).argmin(axis=1)
        centres = np.array([x[z == k].mean() if np.any(z == k) else rng.choice(x) for k in range(K)])
    return centres, z

def select_num_components(key, x, candidates):
    x, floor = np.array(x, dtype=float), np.std(x) * 0.02
    rng = np.random.default_rng(int(jax.random.bits(key)))
    scores = []
    for K in candidates:
        best = -np.inf
        for _ in range(12):
            mu, z = k_means(x, K, rng)
            pi = np.full(K, 1 / K)
            sigma = np.full(K, max(np.std(x - mu[z]), floor))
            for _ in range(60):
                log_joint = np.log(pi) - np.log(sigma * np.sqrt(2 * np.pi)) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
                log_p = np.logaddexp.reduce(log_joint, axis=1, keepdims=True)
                r = np.exp(log_joint - log_p)
                n = r.sum(0) + 1e-300
                pi, mu = n / n.sum(), x @ r / n
                sigma = np.sqrt(np.maximum((r * (x[:, None] - mu) ** 2).sum(0) / n, floor**2))
            best = max(best, log_p.sum())
        scores.append(bic(best, K, len(x)))
    return candidates[np.argmin(scores)]

# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    return -jax.nn.logsumexp(Mixture(weights, means, stds).log_joint(x), axis=1)

# %% written_em [markdown]
# 1. chicken = labels, egg = parameters. EM alternates with soft labels.
# 2. E-step: tight bound. M-step: maximise it. So never down.
# 3. Nothing separates them. Choose random observations as means, several times.
