# %% scratch
import math

def log_normal(x, mu, sigma):
    return -((x - mu) ** 2) / (2 * sigma**2) - math.log(sigma) - 0.5 * math.log(2 * math.pi)

def log_add(logs):
    top = max(logs)
    return top + math.log(sum(math.exp(l - top) for l in logs))

# %% labelled_mle
def labelled_mle(x, z, num_components):
    x = [float(v) for v in x]
    z = [int(v) for v in z]
    weights, means, stds = [], [], []
    for k in range(num_components):
        mine = [x[i] for i in range(len(x)) if z[i] == k]
        mean = sum(mine) / len(mine)
        weights.append(len(mine) / len(x))
        means.append(mean)
        stds.append(math.sqrt(sum((v - mean) ** 2 for v in mine) / len(mine)))
    return weights, means, stds

# %% e_step
def e_step(x, weights, means, stds):
    w = [float(v) for v in weights]
    m = [float(v) for v in means]
    s = [float(v) for v in stds]
    resp, total = [], 0.0
    for xi in x:
        xi = float(xi)
        logs = [math.log(w[k]) + log_normal(xi, m[k], s[k]) for k in range(len(w))]
        lse = log_add(logs)
        resp.append([math.exp(l - lse) for l in logs])
        total += lse
    return resp, total

# %% m_step
def m_step(x, resp):
    x = [float(v) for v in x]
    resp = [[float(v) for v in row] for row in resp]
    weights, means, stds = [], [], []
    for k in range(len(resp[0])):
        n_k = sum(row[k] for row in resp)
        mu = sum(row[k] * xi for row, xi in zip(resp, x)) / n_k
        var = sum(row[k] * (xi - mu) ** 2 for row, xi in zip(resp, x)) / n_k
        weights.append(n_k / len(x))
        means.append(mu)
        stds.append(math.sqrt(var))
    return weights, means, stds

# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    x = [float(v) for v in x]
    lls = []
    for t in range(num_iters):
        r, ll = e_step(x, weights, means, stds)
        lls.append(ll)
        weights, means, stds = m_step(x, r)
    return weights, means, stds, lls

# %% elbo
def elbo(x, resp, weights, means, stds):
    parameters = [(float(a), float(b), float(c)) for a, b, c in zip(weights, means, stds)]
    total = 0.0
    for xi, row in zip(x, resp):
        for r, (w, m, s) in zip(row, parameters):
            r = float(r)
            if r > 0:
                total += r * (math.log(w) + log_normal(float(xi), m, s) - math.log(r))
    return total

# %% bic
def bic(log_likelihood, num_components, num_observations):
    free = num_components + num_components + (num_components - 1)
    return free * math.log(num_observations) - 2 * log_likelihood

# %% select_num_components
import random

def select_num_components(key, x, candidates):
    x = [float(v) for v in x]
    mean = sum(x) / len(x)
    spread = math.sqrt(sum((v - mean) ** 2 for v in x) / len(x))
    rng = random.Random(int(jax.random.randint(key, (), 0, 10**6)))
    best_k, best_score = None, None
    for k in candidates:
        best = -1e300
        for restart in range(6):
            w, m, s = [1 / k] * k, rng.sample(x, k), [spread / k] * k
            for t in range(40):
                r, ll = e_step(x, w, m, s)
                w, m, s = m_step(x, r)
                s = [max(v, spread / 100) for v in s]
            best = max(best, e_step(x, w, m, s)[1])
        score = bic(best, k, len(x))
        if best_score is None or score < best_score:
            best_k, best_score = k, score
    return best_k

# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    parameters = [(float(a), float(b), float(c)) for a, b, c in zip(weights, means, stds)]
    return [-log_add([math.log(w) + log_normal(float(xi), m, s) for w, m, s in parameters]) for xi in x]

# %% written_em [markdown]
# 1. You need the labels for the parameters and the parameters for the labels. EM guesses and improves in turns.
# 2. B is wrong, because every M-step finds the best parameters for the current responsibilities. E is wrong too, a log
#    likelihood cannot be above 0.
# 3. The two components do the same thing for ever.
# 4. Set the derivative to 0: sum r (x - mu) = 0, so mu = sum r x / sum r. The weights are the average of r.
