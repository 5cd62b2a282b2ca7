"""Reference outputs for lib/vectors and lib/core/statistics, from numpy, scipy and scikit-learn.

    pip install numpy scipy scikit-learn
    python tools/references/vectors.py > lib/vectors/fixtures/reference.json

Inputs are stored with the outputs (multiples of 1/64, exact in float32), so that the tests need no Python.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.preprocessing import normalize

# (seed, positives, negatives, dim, distance of the class means, shared offset): n < d, n > d, overlapping, unbalanced.
CASES = [
    (1, 6, 6, 40, 2.0, 0.0),
    (2, 14, 9, 32, 0.5, 3.0),
    (3, 40, 40, 8, 1.0, 0.0),
    (4, 30, 12, 16, 0.2, 5.0),
    (5, 5, 5, 64, 6.0, 20.0),
]


def rounded(values):
    """Multiples of 1/64 print in few digits and are exact in float32."""
    return np.round(values * 64) / 64


def unit(vector):
    return vector / np.linalg.norm(vector)


def numbers(values, digits=10):
    return [float(f"{value:.{digits}g}") for value in np.ravel(values)]


def probe(rows, labels):
    fit = LogisticRegression(C=1.0, solver="lbfgs", tol=1e-12, max_iter=100_000).fit(normalize(rows), labels)
    return fit, {
        "coef": numbers(fit.coef_),
        "intercept": float(fit.intercept_[0]),
        "train_accuracy": float(fit.score(normalize(rows), labels)),
    }


def cohens_d(positives, negatives):
    spread = np.sqrt((np.var(positives, ddof=1) + np.var(negatives, ddof=1)) / 2)
    return float(abs(positives.mean() - negatives.mean()) / spread)


def delong(positives, negatives):
    """DeLong's variance by its definition: placements, without ranks."""
    wins = (positives[:, None] > negatives[None, :]) + 0.5 * (positives[:, None] == negatives[None, :])
    variance = wins.mean(1).var(ddof=1) / len(positives) + wins.mean(0).var(ddof=1) / len(negatives)
    half = 1.959963984540054 * np.sqrt(variance)
    return [max(0.0, float(wins.mean() - half)), min(1.0, float(wins.mean() + half))]


def case(seed, n_p, n_n, dim, distance, offset):
    rng = np.random.default_rng(seed)
    direction = unit(rng.standard_normal(dim))
    shared = offset * unit(rng.standard_normal(dim))

    def draw(count, sign):
        return rounded(rng.standard_normal((count, dim)) + shared + sign * distance / 2 * direction)

    train_p, train_n, val_p, val_n = draw(n_p, 1), draw(n_n, -1), draw(7, 1), draw(6, -1)
    rows = np.concatenate([train_p, train_n])
    labels = np.array([1] * n_p + [0] * n_n)
    fit, probe_reference = probe(rows, labels)

    pairs = min(n_p, n_n)
    half = (train_p[:pairs] - train_n[:pairs]) / 2
    pca = PCA(n_components=1, svd_solver="full").fit(np.concatenate([half, -half]))

    difference = train_p.mean(0) - train_n.mean(0)
    vector = unit(difference)
    threshold = (train_p.mean(0) @ vector + train_n.mean(0) @ vector) / 2
    scores_p, scores_n = val_p @ vector, val_n @ vector
    val_labels = np.array([1] * len(val_p) + [0] * len(val_n))
    scores = np.concatenate([scores_p, scores_n])
    val_rows = np.concatenate([val_p, val_n])
    return {
        "seed": seed,
        "dim": dim,
        "train_p": numbers(train_p),
        "train_n": numbers(train_n),
        "val_p": numbers(val_p),
        "val_n": numbers(val_n),
        "mean_diff": numbers(difference),
        "probe": {
            **probe_reference,
            "val_accuracy": float(balanced_accuracy_score(val_labels, fit.predict(normalize(val_rows)))),
            "val_auroc": float(roc_auc_score(val_labels, val_rows @ unit(fit.coef_[0]))),
        },
        "pca": {
            "component": numbers(pca.components_),
            "explained_variance_ratio": float(pca.explained_variance_ratio_[0]),
        },
        "mean_diff_evaluation": {
            "val_accuracy": float(balanced_accuracy_score(val_labels, scores > threshold)),
            "val_auroc": float(roc_auc_score(val_labels, scores)),
            "val_auroc_ci": delong(scores_p, scores_n),
            "val_effect_size": cohens_d(scores_p, scores_n),
        },
    }


def statistics():
    rng = np.random.default_rng(7)
    positives = rng.integers(0, 8, 15) + 2.0
    negatives = rng.integers(0, 8, 11) + 0.0
    labels = np.array([1] * 15 + [0] * 11)
    a = rng.integers(0, 6, 20).astype(float)
    b = a + rng.integers(0, 6, 20)
    return {
        "positives": numbers(positives),
        "negatives": numbers(negatives),
        "auroc": float(roc_auc_score(labels, np.concatenate([positives, negatives]))),
        "auroc_ci": delong(positives, negatives),
        "a": numbers(a),
        "b": numbers(b),
        "ranks_of_a": numbers(stats.rankdata(a)),
        "pearson": float(stats.pearsonr(a, b).statistic),
        "spearman": float(stats.spearmanr(a, b).statistic),
        "sample_deviation_of_b": float(np.std(b, ddof=1)),
        "median_of_b": float(np.median(b)),
        "quantile_2_5_percent_of_b": float(np.quantile(b, 0.025)),
        "wilson": [
            {
                "successes": k,
                "trials": n,
                "interval": [float(x) for x in stats.binomtest(k, n).proportion_ci(0.95, method="wilson")],
            }
            for k, n in [(0, 10), (7, 10), (10, 10), (45, 50), (1, 1)]
        ],
    }


json.dump(
    {
        "made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "statistics": statistics(),
        "cases": [case(*parameters) for parameters in CASES],
    },
    sys.stdout,
)
print()
