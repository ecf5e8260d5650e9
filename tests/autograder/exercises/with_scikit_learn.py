"""Right answers with scikit-learn. Student code cannot import it during grading, so they are not students' scripts."""

import jax
import numpy as np
from sklearn.mixture import GaussianMixture


def select_num_components(key, x, candidates):
    data = np.asarray(x, np.float64)[:, None]
    return min(candidates, key=lambda k: GaussianMixture(k, n_init=10, random_state=0).fit(data).bic(data))


def e_step_full(x, weights, means, covs):
    model, x = _model(weights, means, covs), np.asarray(x, np.float64)
    return model.predict_proba(x), model.score_samples(x).sum()


def m_step_full(x, resp):
    model = GaussianMixture(resp.shape[1], reg_covar=0)
    model._initialize(np.asarray(x, np.float64), np.asarray(resp, np.float64))
    return model.weights_, model.means_, model.covariances_


def segment_image(image: jax.Array, weights, means, covs):
    scale = 255 if image.dtype == np.uint8 else 1
    model = _model(weights, means, covs)
    return np.array([model.predict(row) for row in np.asarray(image, np.float64) / scale], float)


def _model(weights, means, covs) -> GaussianMixture:
    weights, means, covs = (np.asarray(a, np.float64) for a in (weights, means, covs))
    model = GaussianMixture(len(weights))
    model.weights_, model.means_, model.covariances_ = weights, means, covs
    model.precisions_cholesky_ = np.linalg.cholesky(np.linalg.inv(covs))
    return model


ANSWERS = (select_num_components, e_step_full, m_step_full, segment_image)
