# SPDX-License-Identifier: MIT
"""Reference cases without a trajectory: metrics on fixed predictions, decisions of callbacks on given
metric sequences, statistics of initializers and of noise. Needs Keras (any backend) and scikit-learn."""
import math
import warnings

import keras
import numpy as np
from scipy import stats
from sklearn import metrics as sk

BATCHES = [16, 16, 8]  # rows; metrics accumulate over them


def close(a, b, what, tolerance=1e-12):
    assert abs(a - b) <= tolerance * max(1, abs(b)), "%s: %r is not %r" % (what, a, b)
    return a


# --------------------------------------------------------------------------------------------- metrics


def make_predictions():
    rng = np.random.default_rng(7)
    n = sum(BATCHES)
    # Whole multiples of 1/256 (no rounding in float), with ties and values on the thresholds.
    grid = np.round(rng.beta(1.2, 1.2, size=(n, 1)) * 256) / 256
    grid[:3, 0] = [0.5, 0.0, 1.0]
    labels = (rng.uniform(size=(n, 1)) < 0.2 + 0.6 * grid).astype(float)
    scores = rng.integers(1, 64, size=(n, 6)).astype(float)
    scores[0, :] = [9, 9, 1, 9, 1, 1]  # ties
    scores[1, :] = [7, 30, 30, 7, 7, 7]
    classes = np.where(rng.uniform(size=n) < 0.5, scores.argmax(1), rng.integers(0, 6, n))
    classes[0], classes[1] = 1, 2
    x = np.round(rng.normal(size=(n, 2)) * 64) / 64
    y = np.round((x * [1.0, -0.5] + 0.3 * rng.normal(size=(n, 2))) * 64) / 64
    y[3] = 0  # a row without a direction
    multi = np.round(rng.uniform(size=(n, 3)) * 256) / 256
    bits = (rng.uniform(size=(n, 3)) < multi).astype(float)
    crowded = np.round(0.5 * 4096 + 40 * rng.normal(size=(n, 1))) / 4096  # finer than 200 thresholds
    # No new draws: the statistics below would be of other numbers.
    bounded = scores[:, :4] / 64
    bounded[:, 3] = 0
    absent = np.eye(4)[np.minimum(classes, 5) % 3]
    level = y.copy()
    level[:, 1] = 0.25
    return {"one_class": (0 * labels, grid), "absent_class": (absent, bounded), "constant_target": (level, x),
            "binary": (labels, grid), "crowded": (labels, np.where(labels > 0, crowded + 1 / 512, crowded)), "multiclass": (np.eye(6)[classes], scores / 128),
            "multilabel": (bits, multi), "regression": (y, x)}


def stream(metric, y, p):
    start = 0
    for rows in BATCHES:
        metric.update_state(y[start:start + rows], p[start:start + rows])
        start += rows
    return float(np.array(keras.ops.convert_to_numpy(metric.result())))


def metric_cases():
    """Yields (case, values): value is what ours must give; keras and sklearn are what they give."""
    sets = make_predictions()
    m = keras.metrics
    for name, (y, p) in sets.items():
        yield {"name": "metric_data/" + name, "kind": "metric_data", "covers": [], "outputs": y.shape[1],
               "batches": BATCHES, "y": y.ravel().tolist(), "prediction": p.ravel().tolist()}

    def case(row, data, value, keras_value, sklearn_value, note=None, **args):
        out = {"name": "metric/%s/%s%s" % (row, data, "".join("_%s_%s" % kv for kv in args.items())),
               "kind": "metric", "covers": ["metric:" + row], "config": {"name": row, **args} if args else row,
               "data": "metric_data/" + data, "value": value, "keras": keras_value, "sklearn": sklearn_value}
        if note:
            out["note"] = note
        return out

    for data in ("binary", "crowded", "multilabel"):
        y, p = sets[data]
        flat_y, flat_p = y.ravel(), (p > 0.5).ravel()
        v = stream(m.BinaryAccuracy(), y, p)
        for row in ("binary_accuracy",) + (("accuracy",) if y.shape[1] == 1 else ()):
            yield case(row, data, v, v, close(sk.accuracy_score(flat_y, flat_p), v, "accuracy"),
                       "p > 0.5 is positive: 0.5 itself is not; every output counts")
        v = stream(m.Precision(), y, p)
        yield case("precision", data, v, v, close(sk.precision_score(flat_y, flat_p), v, "precision"))
        v = stream(m.Recall(), y, p)
        yield case("recall", data, v, v, close(sk.recall_score(flat_y, flat_p), v, "recall"))
        if y.shape[1] == 1:
            k = stream(m.F1Score(average="micro", threshold=0.5), y, p)
            v = sk.f1_score(flat_y, flat_p)
            yield case("f1_score", data, v, close(k, v, "f1", 1e-6), v,
                       "2tp/(2tp+fp+fn); Keras adds 1e-7 to each denominator, so its value is a little lower")
    y, p = sets["multiclass"]
    classes, guess = y.argmax(1), p.argmax(1)
    v = stream(m.CategoricalAccuracy(), y, p)
    for row in ("accuracy", "categorical_accuracy"):
        yield case(row, "multiclass", v, v, close(sk.accuracy_score(classes, guess), v, "accuracy"),
                   "argmax takes the first of equal scores")
    for k in (2, 3, 5):
        # TensorFlow's in_top_k takes float32 only; the scores are exact in it
        v = stream(m.TopKCategoricalAccuracy(k=k, dtype="float32"), y, p.astype("float32"))
        mine = np.mean([(p[i] > p[i, c]).sum() < k for i, c in enumerate(classes)])
        v = close(mine, v, "top_k", 1e-6)
        yield case("top_k_categorical_accuracy", "multiclass", v, v,
                   float(sk.top_k_accuracy_score(classes, p, k=k, labels=range(6))),
                   "right when fewer than k scores are larger: ties count as right; scikit-learn orders ties its "
                   "own way; k is 5 where none is given", **({} if k == 5 else {"k": k}))
    for row, cls, fn in (("precision", m.Precision, sk.precision_score), ("recall", m.Recall, sk.recall_score)):
        v = fn(y.ravel(), (p > 0.5).ravel(), zero_division=np.nan)
        yield case(row, "multiclass", v, stream(cls(), y, p), v,
                   "Keras: over all outputs, p > 0.5; no output is, so there is no precision, which Keras calls 0")
    per_class = [sk.f1_score(classes == c, guess == c, zero_division=0) for c in range(6)]
    y1, p1 = y[2:], p[2:]  # rows without ties: Keras counts every maximum as predicted
    k = float(np.mean(keras.ops.convert_to_numpy(keras_f1(m, y1, p1))))
    close(k, np.mean([sk.f1_score(y1.argmax(1) == c, p1.argmax(1) == c) for c in range(6)]), "f1 macro", 1e-6)
    yield case("f1_score", "multiclass", float(np.mean(per_class)), stream(m.F1Score(average="macro"), y, p),
               sk.f1_score(classes, guess, average="macro"),
               "mean over the classes of each class's F1 (macro), predicted class = argmax; Keras predicts every "
               "class that ties for the maximum, and adds 1e-7")
    for data in ("binary", "crowded", "multilabel", "multiclass"):
        y, p = sets[data]
        yield case("auc", data, keras_auc(y, p), close(stream(m.AUC(), y, p), keras_auc(y, p), "auc", 1e-12),
                   float(sk.roc_auc_score(y.ravel(), p.ravel())),
                   "Keras's thresholds -1e-7, 1/199, …, 198/199, 1+1e-7, trapezoids; all outputs as one binary "
                   "problem (micro); scikit-learn's is the exact area")
    # Rows that do not define a metric, where Keras says 0 and scikit-learn, asked to be honest, NaN.
    y, p = sets["one_class"]
    for row, cls, fn in (("precision", m.Precision, sk.precision_score), ("recall", m.Recall, sk.recall_score)):
        v = fn(y.ravel(), (p > 0.5).ravel(), zero_division=np.nan)
        yield case(row, "one_class", v, stream(cls(), y, p), v, "no target is positive")
    v = sk.f1_score(y.ravel(), (p > 0.5).ravel(), zero_division=np.nan)
    yield case("f1_score", "one_class", v, stream(m.F1Score(average="micro", threshold=0.5), y, p), v,
               "some outputs are above 1/2: 0, and not without a value")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "Only one class is present"
        v = float(sk.roc_auc_score(y.ravel(), p.ravel()))
    yield case("auc", "one_class", v, stream(m.AUC(), y, p), v, "no target is positive")
    y, p = sets["absent_class"]
    v = sk.f1_score(y.argmax(1), p.argmax(1), average="macro")
    yield case("f1_score", "absent_class", v, stream(m.F1Score(average="macro"), y, p), v,
               "one of four classes is neither a target nor predicted: no part of the mean in scikit-learn "
               "(labels=None), 0 in Keras")
    y, p = sets["constant_target"]
    v = sk.r2_score(y, p, force_finite=False)
    yield case("r2_score", "constant_target", float("nan") if not np.isfinite(v) else v, stream(m.R2Score(), y, p), v,
               "the second output's targets are all 1/4: without a variance there is no share of it")
    y, p = sets["regression"]
    d = p - y
    v = stream(m.MeanSquaredError(), y, p)
    yield case("mse", "regression", v, v, close(sk.mean_squared_error(y, p), v, "mse"))
    v = stream(m.MeanAbsoluteError(), y, p)
    yield case("mae", "regression", v, v, close(sk.mean_absolute_error(y, p), v, "mae"))
    v = stream(m.RootMeanSquaredError(), y, p)
    yield case("rmse", "regression", v, v, close(math.sqrt(np.mean(d * d)), v, "rmse"),
               "root of the mean over all rows and outputs; not the mean of the batches' roots, and not "
               "scikit-learn's mean of the outputs' roots")
    v = stream(m.R2Score(), y, p)
    yield case("r2_score", "regression", v, v, close(sk.r2_score(y, p), v, "r2"),
               "uniform average over the outputs of 1 - residual/total over all rows")
    v = stream(m.CosineSimilarity(), y, p)
    norm = np.linalg.norm(y, axis=1) * np.linalg.norm(p, axis=1)
    mine = np.mean([a @ b / n if n > 0 else 0 for a, b, n in zip(y, p, norm)])
    yield case("cosine_similarity", "regression", close(v, mine, "cosine"), v, None,
               "mean over rows of x·y/(|x||y|), each norm at least 1e-7")
    v = stream(m.MeanSquaredError(), *sets["multiclass"])
    yield case("mse", "multiclass", v, v, close(sk.mean_squared_error(*sets["multiclass"]), v, "mse"))


def keras_f1(m, y, p):
    metric = m.F1Score()
    metric.update_state(y, p)
    return metric.result()


def keras_auc(y, p, n=200):
    y, p = y.ravel(), np.clip(p.ravel(), 0, 1)
    bucket = np.maximum(np.ceil(p * (n - 1)) - 1, 0)
    tp = np.array([(y[bucket >= i]).sum() for i in range(n)])
    fp = np.array([(1 - y[bucket >= i]).sum() for i in range(n)])
    tpr, fpr = tp / y.sum(), fp / (1 - y).sum()
    return float(np.sum((fpr[:-1] - fpr[1:]) * (tpr[:-1] + tpr[1:]) / 2))


# ------------------------------------------------------------------------------------------- callbacks


class Fake:
    """As much of a model as the two callbacks touch: weights are the number of the epoch."""

    class Optimizer:
        learning_rate = 0.1

    def __init__(self):
        self.stop_training, self.weights, self.optimizer, self.metrics = False, None, self.Optimizer(), []

    def get_weights(self):
        return self.weights

    def set_weights(self, w):
        self.weights = w


SEQUENCES = {
    "falls": [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3],
    "turns": [1.0, 0.8, 0.6, 0.5, 0.55, 0.6, 0.52, 0.65, 0.7, 0.4, 0.3, 0.35],
    "plateau": [1.0, 0.5, 0.495, 0.492, 0.4915, 0.491, 0.4905, 0.4902, 0.49, 0.4899, 0.48985, 0.4898],
    "rises": [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2],
    "equal": [0.5] * 9,
    "nan": [1.0, 0.9, math.nan, 0.8, math.nan, math.nan, 0.85, 0.7, 0.95],
    "nan_first": [math.nan, 0.9, 0.8, 0.85, 0.9, 0.95],
    "accuracy": [0.5, 0.6, 0.7, 0.69, 0.71, 0.705, 0.71, 0.70, 0.72, 0.72, 0.72, 0.71],
    "infinite": [math.inf, math.inf, 3.0, 2.0, math.inf, 2.5, 2.5],
}


def number(x):
    return x if math.isfinite(x) else str(x).replace("inf", "Infinity").replace("nan", "NaN")


def early_stopping_cases():
    variants = [
        ("falls", {"patience": 2}), ("turns", {"patience": 0}), ("turns", {"patience": 1}),
        ("turns", {"patience": 2}), ("turns", {"patience": 3}), ("turns", {"patience": 6}),
        ("plateau", {"patience": 2}), ("plateau", {"patience": 2, "min_delta": 0.01}),
        ("plateau", {"patience": 3, "min_delta": 0.001}), ("rises", {"patience": 0}), ("rises", {"patience": 3}),
        ("rises", {"patience": 2, "start_from_epoch": 3}), ("turns", {"patience": 2, "start_from_epoch": 5}),
        ("equal", {"patience": 3}), ("nan", {"patience": 2}), ("nan", {"patience": 3}),
        ("nan_first", {"patience": 2}), ("infinite", {"patience": 2}), ("falls", {"patience": 2, "start_from_epoch": 20}),
        ("accuracy", {"patience": 2, "monitor": "val_accuracy"}),
        ("accuracy", {"patience": 3, "monitor": "val_accuracy", "min_delta": 0.015}),
    ]
    for seq, args in variants:
        for restore in (False, True):
            config = {"monitor": "val_loss", **args, "restore_best": restore}
            cb = keras.callbacks.EarlyStopping(
                monitor=config["monitor"], patience=config["patience"], min_delta=config.get("min_delta", 0),
                start_from_epoch=config.get("start_from_epoch", 0), restore_best_weights=restore,
                mode="max" if "accuracy" in config["monitor"] else "min")
            model = Fake()
            cb.set_model(model)
            cb.on_train_begin()
            epochs = 0
            for epoch, value in enumerate(SEQUENCES[seq]):
                model.weights = epoch + 1
                cb.on_epoch_end(epoch, {config["monitor"]: value})
                epochs = epoch + 1
                if model.stop_training:
                    break
            cb.on_train_end()
            name = "_".join("%s_%s" % (k, v) for k, v in config.items() if k not in ("monitor", "restore_best"))
            yield {"name": "early_stopping/%s/%s%s" % (seq, name, "_restore" if restore else ""),
                   "kind": "early_stopping", "covers": ["early_stopping"], "config": {"early_stopping": config},
                   "values": [number(v) for v in SEQUENCES[seq]], "epochs": epochs, "stopped": model.stop_training,
                   "weights_of_epoch": model.weights, "best": number(cb.best) if cb.best is not None else None}


def plateau_cases():
    variants = [
        ("turns", {"factor": 0.5, "patience": 2}), ("turns", {"factor": 0.5, "patience": 1}),
        ("turns", {"factor": 0.5, "patience": 1, "cooldown": 2}), ("plateau", {"factor": 0.1, "patience": 2}),
        ("plateau", {"factor": 0.5, "patience": 2, "min_delta": 0.01}),
        ("plateau", {"factor": 0.5, "patience": 1, "min_delta": 0.0}),
        ("rises", {"factor": 0.1, "patience": 1, "min_lr": 0.005}), ("rises", {"factor": 0.1, "patience": 2, "min_lr": 0.1}),
        ("equal", {"factor": 0.5, "patience": 0}), ("equal", {"factor": 0.5, "patience": 3, "cooldown": 1}),
        ("equal", {}), ("nan", {"factor": 0.5, "patience": 2}), ("nan_first", {"factor": 0.5, "patience": 1}),
        ("accuracy", {"factor": 0.5, "patience": 2, "monitor": "val_accuracy"}),
        ("accuracy", {"factor": 0.5, "patience": 1, "cooldown": 1, "min_delta": 0.02, "monitor": "val_accuracy"}),
        ("rises", {"factor": 0.5, "patience": 1, "cooldown": 1}), ("rises", {"factor": 0.5, "patience": 2, "cooldown": 3}),
    ]
    for seq, args in variants:
        config = {"monitor": "val_loss", **args}
        call = dict(config, mode="max" if "accuracy" in config["monitor"] else "min")
        cb = keras.callbacks.ReduceLROnPlateau(**call)
        model = Fake()
        cb.set_model(model)
        cb.on_train_begin()
        rates = []
        for epoch, value in enumerate(SEQUENCES[seq]):
            cb.on_epoch_end(epoch, {config["monitor"]: value})
            rates.append(float(model.optimizer.learning_rate))
        name = "_".join("%s_%s" % (k, v) for k, v in config.items() if k != "monitor") or "defaults"
        yield {"name": "reduce_on_plateau/%s/%s" % (seq, name), "kind": "reduce_on_plateau",
               "covers": ["reduce_on_plateau"],
               "config": {"learning_rate": Fake.Optimizer.learning_rate, "reduce_on_plateau": config},
               "values": [number(v) for v in SEQUENCES[seq]], "rate_after_epoch": rates}


# ---------------------------------------------------------------------------------- random: statistics


def initializer_cases():
    """Moments that follow from the definition, and a sample of Keras's to show that it is the same
    distribution. A test draws its own and compares within a few standard errors, see README.md."""
    i = keras.initializers
    trunc = stats.truncnorm(-2, 2)
    rows, cols = 256, 384
    fans = {"glorot": 2 / (rows + cols), "he": 2 / rows, "lecun": 1 / rows}
    todo = []
    for name, variance in fans.items():
        limit, sigma = math.sqrt(3 * variance), math.sqrt(variance) / 0.87962566103423978
        todo.append((name + "_uniform", {}, "uniform", dict(lo=-limit, hi=limit)))
        todo.append((name + "_normal", {}, "truncated", dict(mean=0.0, sigma=sigma)))
    todo += [("random_uniform", {}, "uniform", dict(lo=-0.05, hi=0.05)),
             ("random_uniform", {"minval": -0.2, "maxval": 0.6}, "uniform", dict(lo=-0.2, hi=0.6)),
             ("random_normal", {}, "normal", dict(mean=0.0, sigma=0.05)),
             ("random_normal", {"mean": 0.5, "stddev": 0.2}, "normal", dict(mean=0.5, sigma=0.2)),
             ("truncated_normal", {}, "truncated", dict(mean=0.0, sigma=0.05)),
             ("truncated_normal", {"mean": -0.25, "stddev": 0.2}, "truncated", dict(mean=-0.25, sigma=0.2))]
    for name, args, family, p in todo:
        w = np.array(keras.ops.convert_to_numpy(getattr(i, name)(seed=11, **args)((rows, cols), dtype="float64")))
        if family == "uniform":
            dist, lo, hi = stats.uniform(p["lo"], p["hi"] - p["lo"]), p["lo"], p["hi"]
        elif family == "normal":
            dist, lo, hi = stats.norm(p["mean"], p["sigma"]), None, None
        else:
            dist = stats.truncnorm(-2, 2, loc=p["mean"], scale=p["sigma"])
            lo, hi = p["mean"] - 2 * p["sigma"], p["mean"] + 2 * p["sigma"]
        mean, var, _, kurt = (float(v) for v in dist.stats("mvsk"))
        n = rows * cols
        assert abs(w.mean() - mean) < 5 * math.sqrt(var / n), name
        assert abs(w.var() - var) < 5 * var * math.sqrt((kurt + 2) / n) + 30 * var / n, name
        assert stats.kstest(w.ravel(), dist.cdf).pvalue > 1e-3, name
        if lo is not None:
            assert lo <= w.min() and w.max() <= hi, name
        yield {"name": "initializer/" + name + ("_arguments" if args else ""), "kind": "initializer",
               "covers": ["initializer:" + name], "config": {"name": name, **args} if args else name,
               "inputs": rows, "units": cols, "distribution": family, "mean": mean, "variance": var,
               "kurtosis": kurt, "lower": lo, "upper": hi,
               "quantiles": {str(q): float(dist.ppf(q)) for q in (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)},
               "keras_sample": {"mean": float(w.mean()), "variance": float(w.var()), "min": float(w.min()),
                                "max": float(w.max())}}
    close(float(trunc.var()), 0.87962566103423978 ** 2, "variance of the truncated normal")
    for name, value in (("zeros", 0.0), ("ones", 1.0)):
        yield {"name": "initializer/" + name, "kind": "initializer", "covers": ["initializer:" + name],
               "config": name, "inputs": 5, "units": 7, "distribution": "constant", "mean": value, "variance": 0.0,
               "lower": value, "upper": value}
    for rows, cols, args in ((48, 32, {}), (32, 48, {}), (32, 32, {"gain": 1.5}), (64, 1, {}), (1, 64, {})):
        gain = args.get("gain", 1.0)
        w = np.array(keras.ops.convert_to_numpy(i.Orthogonal(seed=3, **args)((rows, cols), dtype="float64")))
        gram = w.T @ w if rows >= cols else w @ w.T
        assert np.abs(gram - gain ** 2 * np.eye(len(gram))).max() < 1e-12
        yield {"name": "initializer/orthogonal_%d_%d" % (rows, cols), "kind": "initializer",
               "covers": ["initializer:orthogonal"], "config": {"name": "orthogonal", **args} if args else "orthogonal",
               "inputs": rows, "units": cols, "distribution": "orthogonal", "gain": gain, "mean": 0.0,
               "variance": gain ** 2 / max(rows, cols)}


def noise_cases():
    """y/x or y-x for constant input x, in training mode; outside training the layer does nothing."""
    n = 40000
    for name, rate in (("dropout", 0.1), ("dropout", 0.5), ("dropout", 0.75), ("gaussian_dropout", 0.1),
                       ("gaussian_dropout", 0.5), ("gaussian_noise", 0.1), ("gaussian_noise", 0.5)):
        cls = {"dropout": keras.layers.Dropout, "gaussian_dropout": keras.layers.GaussianDropout,
               "gaussian_noise": keras.layers.GaussianNoise}[name]
        x = np.full((n // 8, 8), 2.0)
        layer = cls(rate, seed=5)
        y = np.array(keras.ops.convert_to_numpy(layer(x, training=True)))
        assert (np.array(keras.ops.convert_to_numpy(layer(x, training=False))) == x).all()
        if name == "dropout":
            var, values = rate / (1 - rate), [0.0, 1 / (1 - rate)]
            kurtosis = (1 - 6 * rate * (1 - rate)) / (rate * (1 - rate))
            r = y / x
            assert set(np.round(np.unique(r), 6)) == set(np.round(values, 6))
            mean = 1.0
        elif name == "gaussian_dropout":
            var, values, kurtosis, r, mean = rate / (1 - rate), None, 0.0, y / x, 1.0
        else:
            var, values, kurtosis, r, mean = rate ** 2, None, 0.0, y - x, 0.0
        assert abs(r.mean() - mean) < 5 * math.sqrt(var / n), name
        assert abs(r.var() - var) < 5 * var * math.sqrt((kurtosis + 2) / n) + 30 * var / n, name
        yield {"name": "noise/%s_%g" % (name, rate), "kind": "noise", "covers": ["noise:" + name],
               "config": {name: rate}, "of": "difference" if name == "gaussian_noise" else "ratio", "mean": mean,
               "variance": var, "kurtosis": kurtosis, "values": values,
               "keras_sample": {"n": n, "mean": float(r.mean()), "variance": float(r.var())}}
