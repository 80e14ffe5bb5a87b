# SPDX-License-Identifier: MIT
"""The cases of reference.py: the configurations that are trained, their data and their steps.

A case is a dictionary that goes into the reference file as it stands; the results are added later.
Starting weights and data are whole multiples of a power of two, so that float holds them exactly and
the files stay short.
"""
import numpy as np

STEPS = [1, 2, 10, 100]
SHORT = [1, 2, 10]
BATCH = 8
N_BATCHES = 4  # one epoch: batches are cycled in this order


# ------------------------------------------------------------------------------------ data and weights


def grid(a, unit):
    return np.round(np.asarray(a) / unit) * unit


def make_data():
    """name -> {"inputs", "outputs", "batches": [{"x": rows, "y": rows}]}"""
    rng = np.random.default_rng(20240607)
    n = BATCH * N_BATCHES
    x = grid(rng.normal(size=(n, 3)), 1 / 64)
    f = np.stack([x[:, 0] * x[:, 1] / 2 - 0.5 * x[:, 2], np.sin(x[:, 2]) + 0.3 * x[:, 0]], axis=1)
    cls = np.argmax(np.stack([x[:, 0], x[:, 1], x[:, 2] + 0.2], axis=1) + rng.normal(size=(n, 3)) * 0.3, axis=1)
    prob = rng.integers(0, 8, size=(n, 3)).astype(float)
    prob[:, 0] = np.maximum(8 - prob[:, 1], 0)
    prob[:, 1] = 8 - prob[:, 0]
    prob[:, 2] = 0
    take = np.minimum(rng.integers(0, 4, size=n), prob[:, 0])
    prob[:, 0] -= take
    prob[:, 2] = take
    bits = (f + 0.2 * rng.normal(size=f.shape) > 0).astype(float)
    targets = {
        "regression": grid(f + 0.1 * rng.normal(size=f.shape), 1 / 64),
        "outliers": grid(f * rng.choice([1, 1, 1, 8], size=(n, 1)), 1 / 64),
        "multiclass": np.eye(3)[cls],
        "distribution": prob / 8,
        "binary": bits[:, :1],
        "multilabel": bits,
        "signs": 2 * bits - 1,
        "counts": rng.poisson(np.exp(np.clip(f, -2, 1.5))).astype(float),
    }
    out = {}
    for name, y in targets.items():
        batches = [{"x": x[i:i + BATCH].tolist(), "y": y[i:i + BATCH].tolist()} for i in range(0, n, BATCH)]
        out[name] = {"inputs": 3, "outputs": y.shape[1], "batches": batches}
    return out


def make_initial():
    """name -> layers, each {"kernel": (inputs × units, row by row), "bias"}"""
    out = {}
    for outputs in (1, 2, 3):
        rng = np.random.default_rng(100 + outputs)
        layers, sizes = [], [3, 5, 4, outputs]
        for i, o in zip(sizes, sizes[1:]):
            limit = np.sqrt(6 / (i + o))
            layers.append({"kernel": grid(rng.uniform(-limit, limit, (i, o)), 1 / 256).tolist(),
                           "bias": grid(rng.uniform(-0.25, 0.25, o), 1 / 256).tolist()})
        out["3-5-4-%d" % outputs] = layers
        big = [dict(layer) for layer in layers]  # outputs beyond exp()'s range, even in double
        big[-1] = {"kernel": layers[-1]["kernel"], "bias": [1024.0, -1024.0, 64.0][:outputs]}
        out["3-5-4-%d-large" % outputs] = big
    return out


def hidden(activation="tanh", first=None, second=None):
    a = {"units": 5, "activation": activation}
    b = {"units": 4, "activation": activation}
    a.update(first or {})
    b.update(second or {})
    return [a, b]


def trajectory(name, kind, covers, optimizer, rate=None, data="regression", output="linear", loss="mse",
               layers=None, out_layer=None, steps=STEPS, initial=None, more=None, note=None):
    out = {"activation": output}
    out.update(out_layer or {})
    config = {"hidden": layers or hidden(), "output": out, "loss": loss, "optimizer": optimizer}
    if rate is not None:
        config["learning_rate"] = rate
    config.update(more or {})
    outputs = make_data()[data]["outputs"]
    case = {"name": name, "kind": kind, "covers": covers, "config": config, "data": data,
            "initial": initial or "3-5-4-%d" % outputs, "steps": steps}
    if note:
        case["note"] = note
    return case


# ------------------------------------------------------------------------------------------ optimizers

OPTIMIZERS = {
    "sgd": {"momentum": [{"momentum": 0.9}], "nesterov": [{"momentum": 0.9, "nesterov": True}]},
    "adam": {"amsgrad": [{"amsgrad": True, "beta_2": 0.9}], "epsilon": [{"epsilon": 1e-2}],
             "betas": [{"beta_1": 0.8, "beta_2": 0.95}], "amsgrad_epsilon": [{"amsgrad": True, "epsilon": 1e-2}]},
    "adamw": {"amsgrad": [{"amsgrad": True, "beta_2": 0.9}], "epsilon": [{"epsilon": 1e-2}],
              "decay": [{"weight_decay": 0.1}], "betas": [{"beta_1": 0.8, "beta_2": 0.95}]},
    "adamax": {"epsilon": [{"epsilon": 1e-2}], "betas": [{"beta_1": 0.8, "beta_2": 0.95}]},
    "nadam": {"epsilon": [{"epsilon": 1e-2}], "betas": [{"beta_1": 0.8, "beta_2": 0.95}]},
    "rmsprop": {"momentum": [{"momentum": 0.5}], "centered": [{"centered": True, "epsilon": 1e-3}],
                "centered_momentum": [{"centered": True, "momentum": 0.5, "epsilon": 1e-3}],
                "epsilon": [{"epsilon": 1e-2}], "rho": [{"rho": 0.99}]},
    "adagrad": {"accumulator": [{"initial_accumulator_value": 0.0}], "epsilon": [{"epsilon": 1e-1}]},
    "adadelta": {"epsilon": [{"epsilon": 1e-2}], "rho": [{"rho": 0.8}]},
    "lion": {"betas": [{"beta_1": 0.8, "beta_2": 0.95}]},
}
RATE = {"sgd": 0.05, "adam": 0.01, "adamw": 0.01, "adamax": 0.01, "nadam": 0.01, "rmsprop": 0.005,
        "adagrad": 0.05, "adadelta": 1.0, "lion": 0.002}
COMMON = {
    "weight_decay": {"weight_decay": 0.02},
    "clipvalue": {"clipvalue": 0.05},
    "clipnorm": {"clipnorm": 0.1},
    "global_clipnorm": {"global_clipnorm": 0.2},
    "ema": {"use_ema": True, "ema_momentum": 0.9},
    "ema_overwrite": {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3},
}


def optimizer_cases():
    for name, variants in OPTIMIZERS.items():
        def case(variant, args, rate, steps):
            return trajectory("optimizer/%s/%s" % (name, variant), "optimizer", ["optimizer:" + name],
                              {"name": name, **args}, rate, steps=steps)
        yield case("defaults", {}, None, STEPS)
        yield case("rate", {}, RATE[name], STEPS)
        for variant, (args,) in variants.items():
            yield case(variant, args, RATE[name], STEPS)
        for variant, args in COMMON.items():
            yield case(variant, args, RATE[name], STEPS if name in ("sgd", "adam") else SHORT)
    yield trajectory("optimizer/sgd/everything", "optimizer", ["optimizer:sgd"],
                     {"name": "sgd", "momentum": 0.9, "nesterov": True, "weight_decay": 0.01,
                      "global_clipnorm": 0.5, "use_ema": True, "ema_momentum": 0.95},
                     {"schedule": "exponential", "initial": 0.05, "decay_steps": 5, "decay_rate": 0.8})
    yield trajectory("optimizer/adamw/relu", "optimizer", ["optimizer:adamw"], {"name": "adamw"}, 0.01,
                     layers=hidden("relu"), data="multiclass", output="softmax",
                     loss="categorical_crossentropy")


# ------------------------------------------------------------------------------------------- schedules


def schedules(rate):
    """Small figures, so that few steps pass every corner."""
    return {
        "constant": rate,
        "exponential": {"schedule": "exponential", "initial": rate, "decay_steps": 6, "decay_rate": 0.7},
        "exponential_staircase": {"schedule": "exponential", "initial": rate, "decay_steps": 6,
                                  "decay_rate": 0.7, "staircase": True},
        "inverse_time": {"schedule": "inverse_time", "initial": rate, "decay_steps": 1, "decay_rate": 0.1},
        "inverse_time_staircase": {"schedule": "inverse_time", "initial": rate, "decay_steps": 4,
                                   "decay_rate": 0.5, "staircase": True},
        "polynomial": {"schedule": "polynomial", "initial": rate, "decay_steps": 16, "end": rate / 8,
                       "power": 2.0},
        "polynomial_cycle": {"schedule": "polynomial", "initial": rate, "decay_steps": 7, "end": rate / 8,
                             "power": 1.5, "cycle": True},
        "piecewise_constant": {"schedule": "piecewise_constant", "boundaries": [3, 8, 15],
                               "values": [rate, rate / 2, rate / 3, rate / 4]},
        "cosine": {"schedule": "cosine", "initial": rate, "decay_steps": 16, "alpha": 0.1},
        "cosine_warmup": {"schedule": "cosine", "initial": rate, "decay_steps": 12, "alpha": 0.1,
                          "warmup_steps": 5, "warmup_from": rate / 10},
        "cosine_restarts": {"schedule": "cosine_restarts", "initial": rate, "first_decay_steps": 5,
                            "t_mul": 1.5, "m_mul": 0.8, "alpha": 0.05},
        "cosine_restarts_equal": {"schedule": "cosine_restarts", "initial": rate, "first_decay_steps": 5,
                                  "t_mul": 1.0, "m_mul": 0.8, "alpha": 0.05},
        "exponential_epoch": {"schedule": "exponential_epoch", "initial": rate, "k": 0.1},
        "exponential_warmup": {"schedule": "exponential", "initial": rate, "decay_steps": 6,
                               "decay_rate": 0.7, "warmup_steps": 4},
    }


def schedule_cases():
    for optimizer, args in (("sgd", {"momentum": 0.9, "nesterov": True}), ("adam", {}), ("adamw", {"weight_decay": 0.1}),
                            ("adamax", {}), ("nadam", {}), ("rmsprop", {"momentum": 0.5}), ("adagrad", {}),
                            ("adadelta", {}), ("lion", {})):
        for name, rate in schedules(RATE[optimizer]).items():
            row = rate["schedule"] if isinstance(rate, dict) else "constant"
            yield trajectory("schedule/%s/%s" % (optimizer, name), "schedule",
                             ["schedule:" + row, "optimizer:" + optimizer], {"name": optimizer, **args},
                             rate, steps=STEPS if optimizer == "sgd" else [25])


def rate_curves():
    """The rate alone, at many steps; batches_per_epoch says what an epoch is."""
    wide = {
        "exponential_wide": {"schedule": "exponential", "initial": 0.1, "decay_steps": 100000, "decay_rate": 0.96},
        "exponential_wide_staircase": {"schedule": "exponential", "initial": 0.1, "decay_steps": 100000,
                                       "decay_rate": 0.96, "staircase": True},
        "inverse_time_guide": {"schedule": "inverse_time", "initial": 0.1, "decay_steps": 1,
                               "decay_rate": 0.1 / 60},
        "polynomial_defaults": {"schedule": "polynomial", "initial": 0.1, "decay_steps": 1000},
        "cosine_defaults": {"schedule": "cosine", "initial": 0.1, "decay_steps": 1000},
        "cosine_restarts_double": {"schedule": "cosine_restarts", "initial": 0.1, "first_decay_steps": 100,
                                   "t_mul": 2.0, "m_mul": 0.8},
        "cosine_restarts_defaults": {"schedule": "cosine_restarts", "initial": 0.1, "first_decay_steps": 1000},
        "cosine_warmup_wide": {"schedule": "cosine", "initial": 0.1, "decay_steps": 1000, "warmup_steps": 500},
        "polynomial_warmup": {"schedule": "polynomial", "initial": 0.1, "decay_steps": 1000,
                              "warmup_steps": 500, "warmup_from": 0.01},
        "piecewise_warmup": {"schedule": "piecewise_constant", "boundaries": [1000, 5000],
                             "values": [0.1, 0.01, 0.001], "warmup_steps": 100},
        "constant_warmup": {"schedule": "constant", "initial": 0.1, "warmup_steps": 100},
    }
    for name, rate in schedules(0.1).items():
        row = rate["schedule"] if isinstance(rate, dict) else "constant"
        yield {"name": "rate/" + name, "kind": "rate", "covers": ["schedule:" + row],
               "config": {"learning_rate": rate}, "batches_per_epoch": N_BATCHES, "at": list(range(36)) + [99, 100]}
    for name, rate in wide.items():
        yield {"name": "rate/" + name, "kind": "rate", "covers": ["schedule:" + rate["schedule"]],
               "config": {"learning_rate": rate}, "batches_per_epoch": N_BATCHES,
               "at": [0, 1, 2, 49, 50, 99, 100, 101, 499, 500, 501, 999, 1000, 1001, 1099, 1100, 1101, 1499, 1500,
                      1501, 2999, 3001, 5000, 5100, 5101, 99999, 100000, 100001, 250000]}


# ---------------------------------------------------------------------------------------------- losses

SOFTMAX = dict(data="multiclass", output="softmax")
SIGMOID = dict(data="multilabel", output="sigmoid")


def loss_cases():
    sgd = {"name": "sgd"}

    def case(name, loss, rate=0.1, **kw):
        row = loss if isinstance(loss, str) else loss["name"]
        return trajectory("loss/" + name, "loss", ["loss:" + row], sgd, rate, loss=loss, **kw)

    yield case("mse/linear", "mse")
    yield case("mse/sigmoid", "mse", **SIGMOID)
    yield case("mse/softmax", "mse", **SOFTMAX)
    yield case("mae/linear", "mae", rate=0.01, steps=SHORT)
    yield case("huber/linear", "huber", data="outliers")
    yield case("huber/delta", {"name": "huber", "delta": 0.25}, data="outliers")
    yield case("log_cosh/linear", "log_cosh", data="outliers")
    yield case("log_cosh/large", "log_cosh", data="outliers", initial="3-5-4-2-large", rate=0.01, steps=SHORT)
    for suffix, extra in (("", {}), ("_smoothing", {"label_smoothing": 0.1})):
        bce = {"name": "binary_crossentropy", **extra} if extra else "binary_crossentropy"
        cce = {"name": "categorical_crossentropy", **extra} if extra else "categorical_crossentropy"
        yield case("binary_crossentropy/sigmoid" + suffix, bce, **SIGMOID)
        yield case("binary_crossentropy/single" + suffix, bce, data="binary", output="sigmoid")
        yield case("binary_crossentropy/large" + suffix, bce, initial="3-5-4-2-large", steps=SHORT, rate=0.01,
                   **SIGMOID)
        yield case("binary_crossentropy/hard_sigmoid" + suffix, bce, data="multilabel", output="hard_sigmoid")
        yield case("categorical_crossentropy/softmax" + suffix, cce, **SOFTMAX)
        yield case("categorical_crossentropy/large" + suffix, cce, initial="3-5-4-3-large", steps=SHORT, rate=0.01,
                   **SOFTMAX)
        yield case("categorical_crossentropy/softplus" + suffix, cce, data="multiclass", output="softplus",
                   note="outputs that do not add up to one are divided by their sum")
    yield case("binary_crossentropy/classes", "binary_crossentropy", data="multiclass", output="sigmoid")
    yield case("categorical_crossentropy/distribution", "categorical_crossentropy", data="distribution",
               output="softmax")
    yield case("kl_divergence/softmax", "kl_divergence", data="distribution", output="softmax")
    yield case("kl_divergence/one_hot", "kl_divergence", **SOFTMAX)
    yield case("kl_divergence/sigmoid", "kl_divergence", data="multilabel", output="sigmoid")
    yield case("kl_divergence/large", "kl_divergence", initial="3-5-4-3-large", steps=SHORT, rate=0.01, **SOFTMAX)
    yield case("poisson/exponential", "poisson", data="counts", output="exponential", rate=0.05)
    yield case("poisson/softplus", "poisson", data="counts", output="softplus")
    yield case("hinge/linear", "hinge", data="signs", rate=0.02, steps=SHORT)
    yield case("hinge/tanh", "hinge", data="signs", output="tanh")
    yield case("hinge/zero_one", "hinge", data="multilabel", output="tanh",
               note="targets that are all 0 or 1 in a batch are turned into -1 and 1")
    yield case("hinge/softmax", "hinge", **SOFTMAX)

    def weighted(name, loss, weights, **kw):
        row = loss if isinstance(loss, str) else loss["name"]
        return trajectory("class_weight/" + name, "loss", ["class_weight", "loss:" + row], sgd, 0.1, loss=loss,
                          more={"class_weight": weights}, **kw)

    yield weighted("categorical_crossentropy", "categorical_crossentropy", [0.5, 2.0, 1.25], **SOFTMAX)
    yield weighted("categorical_crossentropy_smoothing", {"name": "categorical_crossentropy", "label_smoothing": 0.2},
                   [0.5, 2.0, 1.25], **SOFTMAX)
    yield weighted("binary_crossentropy", "binary_crossentropy", [0.5, 3.0], data="binary", output="sigmoid")
    yield weighted("kl_divergence", "kl_divergence", [0.5, 2.0, 1.25], **SOFTMAX)
    yield weighted("mse", "mse", [0.5, 2.0, 1.25], **SOFTMAX)
    yield weighted("regularized", "categorical_crossentropy", [0.5, 2.0, 1.25],
                   layers=hidden(first={"kernel_regularizer": {"name": "l2", "l2": 0.05}}),
                   note="class weights do not touch the penalties", **SOFTMAX)


# ----------------------------------------------------------------------------------------- activations

ACTIVATIONS = ["relu", "leaky_relu", {"name": "leaky_relu", "negative_slope": 0.3}, "elu",
               {"name": "elu", "alpha": 0.5}, "selu", "gelu", {"name": "gelu", "approximate": True}, "silu", "tanh",
               "sigmoid", "hard_sigmoid", "softplus", "softsign", "exponential", "linear", "softmax"]
POINTS = [-1000.0, -100.0, -40.0, -20.0, -10.0, -6.0, -3.0, -2.5, -2.0, -1.0, -0.5, -0.125, -0.0009765625, 0.0,
          0.0009765625, 0.125, 0.5, 1.0, 2.0, 2.5, 3.0, 6.0, 10.0, 20.0, 40.0, 88.0, 100.0, 1000.0]


def activation_name(a):
    if isinstance(a, str):
        return a, a
    return a["name"], a["name"] + "_" + next(k for k in a if k != "name")


def activation_cases():
    for a in ACTIVATIONS:
        row, name = activation_name(a)
        yield trajectory("activation/" + name, "activation", ["activation:" + row], {"name": "sgd"}, 0.05,
                         layers=hidden(a), steps=SHORT + [100])
        if row not in ("softmax", "linear"):
            yield trajectory("activation/output_" + name, "activation", ["activation:" + row], {"name": "sgd"}, 0.05,
                             output=a, steps=SHORT)
        if row == "softmax":
            continue
        points = [x for x in POINTS if row != "exponential" or x <= 88]
        yield {"name": "points/" + name, "kind": "points", "covers": ["activation:" + row],
               "config": {"activation": a}, "x": points}
    yield {"name": "points/softmax", "kind": "points", "covers": ["activation:softmax"],
           "config": {"activation": "softmax"}, "rows": True,
           "note": "y row by row; dy is the gradient of sum(y * [1, 2, 3, …]) in each row",
           "x": [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [-1000.0, 0.0, 1000.0], [1000.0, 1000.0, 999.0],
                 [-0.5, 0.25, 40.0]]}


# -------------------------------------------------------------------- regularizers, constraints, norms


def regularizer_cases():
    l1, l2 = {"name": "l1", "l1": 0.01}, {"name": "l2", "l2": 0.02}
    both = {"name": "l1_l2", "l1": 0.005, "l2": 0.02}
    sgd = {"name": "sgd", "momentum": 0.9}

    def case(name, rows, layers=None, **kw):
        return trajectory("regularizer/" + name, "regularizer", ["regularizer:" + r for r in rows],
                          kw.pop("optimizer", sgd), kw.pop("rate", 0.01), layers=layers, **kw)

    for what in ("kernel", "bias", "activity"):
        for row, value in (("l1", l1), ("l2", l2), ("l1_l2", both)):
            yield case("%s_%s" % (what, row), [row], hidden(first={what + "_regularizer": value}),
                       steps=SHORT if row != "l1_l2" else STEPS)
    yield case("defaults", ["l1", "l2", "l1_l2"],
               hidden(first={"kernel_regularizer": "l2", "bias_regularizer": "l1"},
                      second={"kernel_regularizer": "l1_l2", "activity_regularizer": "l2"}), steps=SHORT)
    yield case("output", ["l1", "l2"], out_layer={"kernel_regularizer": l2, "activity_regularizer": l1}, steps=SHORT)
    yield case("everywhere", ["l1", "l2", "l1_l2"],
               hidden(first={"kernel_regularizer": both, "bias_regularizer": l2, "activity_regularizer": l2},
                      second={"kernel_regularizer": l2}), optimizer={"name": "adam"})
    yield case("activity_softmax", ["l2"], hidden(second={"activity_regularizer": l2}), data="multiclass",
               output="softmax", loss="categorical_crossentropy", out_layer={"activity_regularizer": l2}, steps=SHORT)


CONSTRAINTS = {
    "max_norm": {"name": "max_norm", "max_value": 0.9},
    "max_norm_default": "max_norm",
    "unit_norm": "unit_norm",
    "min_max_norm": {"name": "min_max_norm", "min_value": 0.8, "max_value": 1.1},
    "min_max_norm_rate": {"name": "min_max_norm", "min_value": 0.8, "max_value": 1.1, "rate": 0.25},
    "min_max_norm_default": "min_max_norm",
    "non_neg": "non_neg",
}


def constraint_cases():
    for name, value in CONSTRAINTS.items():
        row = value if isinstance(value, str) else value["name"]
        yield trajectory("constraint/kernel_" + name, "constraint", ["constraint:" + row],
                         {"name": "sgd", "momentum": 0.9}, 0.05,
                         layers=hidden(first={"kernel_constraint": value}, second={"kernel_constraint": value}))
    for name in ("max_norm", "unit_norm", "min_max_norm", "non_neg"):
        value = {"name": "max_norm", "max_value": 0.25} if name == "max_norm" else CONSTRAINTS[name]
        yield trajectory("constraint/bias_" + name, "constraint", ["constraint:" + name], {"name": "sgd"}, 0.1,
                         layers=hidden(first={"bias_constraint": value}), steps=SHORT)
    yield trajectory("constraint/output_adam", "constraint", ["constraint:max_norm"], {"name": "adam"}, 0.01,
                     out_layer={"kernel_constraint": {"name": "max_norm", "max_value": 0.5}}, steps=SHORT)
    yield trajectory("constraint/ema", "constraint", ["constraint:max_norm"],
                     {"name": "sgd", "use_ema": True, "ema_momentum": 0.5}, 0.1,
                     layers=hidden(first={"kernel_constraint": {"name": "max_norm", "max_value": 0.5}}), steps=SHORT,
                     note="the average takes the weights before the constraint")
    yield trajectory("constraint/decay_clip", "constraint", ["constraint:unit_norm"],
                     {"name": "sgd", "weight_decay": 0.1, "clipnorm": 0.05}, 0.1,
                     layers=hidden(first={"kernel_constraint": "unit_norm"}), steps=SHORT)


def normalization_cases():
    bn, ln = "batch_normalization", "layer_normalization"

    def case(name, first, second=None, activation="tanh", **kw):
        rows = {n if isinstance(n, str) else n["name"] for n in (first, second) if n}
        return trajectory("normalization/" + name, "normalization", ["normalization:" + r for r in sorted(rows)],
                          kw.pop("optimizer", {"name": "sgd"}), kw.pop("rate", 0.05),
                          layers=hidden(activation, first={"normalization": first, **kw.pop("more_first", {})},
                                        second={"normalization": second} if second else None), **kw)

    yield case("batch", bn)
    yield case("batch_both", bn, bn)
    yield case("batch_relu", bn, bn, activation="relu")
    yield case("batch_arguments", {"name": bn, "momentum": 0.8, "epsilon": 0.01})
    yield case("batch_no_scale", {"name": bn, "scale": False})
    yield case("batch_no_center", {"name": bn, "center": False})
    yield case("batch_no_bias", bn, more_first={"use_bias": False})
    # A bias before batch normalization has no gradient except rounding, which Adam turns into steps.
    no_bias = {"use_bias": False}
    yield case("batch_adam_softmax", bn, more_first=no_bias, optimizer={"name": "adam"}, rate=0.01, data="multiclass",
               output="softmax", loss="categorical_crossentropy")
    yield case("batch_decay", bn, more_first=no_bias, optimizer={"name": "adamw", "weight_decay": 0.1}, rate=0.01, steps=SHORT,
               note="gamma and beta decay too")
    yield case("batch_ema", bn, optimizer={"name": "sgd", "use_ema": True, "ema_momentum": 0.8}, steps=SHORT,
               note="moving statistics are not averaged")
    yield case("batch_regularized", bn, more_first={"kernel_regularizer": {"name": "l2", "l2": 0.02},
                                                    "activity_regularizer": {"name": "l2", "l2": 0.02}}, steps=SHORT,
               note="activity is what leaves the activation")
    # gamma and beta are variables of their own to clipnorm; moving statistics have no gradient.
    yield case("batch_clipnorm", bn, bn, more_first=no_bias, optimizer={"name": "sgd", "momentum": 0.9, "clipnorm": 0.02},
               steps=SHORT)
    yield case("batch_global_clipnorm", bn, bn, more_first=no_bias, optimizer={"name": "sgd", "global_clipnorm": 0.05},
               steps=SHORT)
    yield case("layer", ln)
    yield case("layer_both", ln, ln)
    yield case("layer_relu", ln, ln, activation="relu")
    yield case("layer_arguments", {"name": ln, "epsilon": 0.1})
    yield case("layer_no_scale", {"name": ln, "scale": False})
    yield case("layer_no_center", {"name": ln, "center": False})
    yield case("mixed", bn, ln, more_first=no_bias, optimizer={"name": "adam"}, rate=0.01)


def all_trajectories():
    for make in (optimizer_cases, schedule_cases, loss_cases, activation_cases, regularizer_cases, constraint_cases,
                 normalization_cases):
        for case in make():
            if "steps" in case:
                yield case
