# SPDX-License-Identifier: MIT
"""Runs reference cases in Keras, in double precision. A child process of reference.py: the backend is
chosen by KERAS_BACKEND before keras is imported; cases come on stdin, results leave on stdout."""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import numpy as np  # noqa: E402
import keras  # noqa: E402
from keras import layers  # noqa: E402

keras.config.set_floatx("float64")
TENSORFLOW = keras.backend.backend() == "tensorflow"
if TENSORFLOW:
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
else:
    import torch
    torch.set_num_threads(1)
    # Outside TensorFlow Keras's type promotion turns float64 into float32 (matmul, divide and more),
    # whatever floatx says. Let it be, so that this run can be a second opinion in double.
    keras.src.backend.common.dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

# Under TensorFlow a Python float becomes a float32 tensor even where floatx is float64: schedules,
# Adam's betas, regularizers' factors would lose half their digits (1 - beta_2 is off by 5e-6). NumPy's
# doubles, which are Python floats too, keep them.
F = np.float64


def exact(obj):
    """Gives every float of an optimizer or a regularizer its digits back, defaults too. Not rho: it
    stands left of a `*`, where a NumPy number would ask for the value of a symbolic tensor."""
    for name, value in list(vars(obj).items()):
        if type(value) is float and name != "rho":
            setattr(obj, name, F(value))
    return obj


def pick(value):
    """Our spelling of a row: a name, or an object with a name and arguments."""
    if isinstance(value, str):
        return value, {}
    return value["name"], {k: v for k, v in value.items() if k != "name"}


def activation(value):
    name, args = pick(value)
    if not args:
        return keras.activations.get(name)
    fn = getattr(keras.activations, name)
    return lambda x: fn(x, **args)


def regularizer(value):
    if value is None:
        return None
    name, args = pick(value)
    if name == "l1":  # L1() holds its factor in float32, see F
        return exact(keras.regularizers.L1L2(l1=args.get("l1", 0.01)))
    if name == "l1_l2":  # our default for both is 0.01, as in Keras's functions l1() and l2()
        return exact(keras.regularizers.L1L2(l1=args.get("l1", 0.01), l2=args.get("l2", 0.01)))
    return exact(keras.regularizers.L2(args.get("l2", 0.01)))


def constraint(value):
    if value is None:
        return None
    name, args = pick(value)
    cls = {"max_norm": keras.constraints.MaxNorm, "unit_norm": keras.constraints.UnitNorm,
           "min_max_norm": keras.constraints.MinMaxNorm, "non_neg": keras.constraints.NonNeg}[name]
    return cls(**args)


def add_layer(model, cfg, units):
    """Dense (linear) -> normalization -> activation; returns the Keras layers that hold weights."""
    norm = cfg.get("normalization")
    common = dict(use_bias=cfg.get("use_bias", True), kernel_regularizer=regularizer(cfg.get("kernel_regularizer")),
                  bias_regularizer=regularizer(cfg.get("bias_regularizer")),
                  kernel_constraint=constraint(cfg.get("kernel_constraint")),
                  bias_constraint=constraint(cfg.get("bias_constraint")))
    activity = regularizer(cfg.get("activity_regularizer"))
    act = activation(cfg.get("activation", "linear"))
    if norm is None:
        dense = layers.Dense(units, activation=act, activity_regularizer=activity, **common)
        model.add(dense)
        return dense, None
    dense = layers.Dense(units, **common)
    name, args = pick(norm)
    cls = {"batch_normalization": layers.BatchNormalization, "layer_normalization": layers.LayerNormalization}[name]
    norm = cls(**args)
    model.add(dense)
    model.add(norm)
    model.add(layers.Activation(act, activity_regularizer=activity))
    return dense, norm


def base_schedule(spec):
    s = keras.optimizers.schedules
    name = spec["schedule"]
    if name == "exponential":
        return s.ExponentialDecay(F(spec["initial"]), spec["decay_steps"], F(spec["decay_rate"]),
                                  spec.get("staircase", False))
    if name == "inverse_time":
        return s.InverseTimeDecay(F(spec["initial"]), spec["decay_steps"], F(spec["decay_rate"]),
                                  spec.get("staircase", False))
    if name == "polynomial":
        return s.PolynomialDecay(F(spec["initial"]), spec["decay_steps"], F(spec.get("end", 0.0001)),
                                 F(spec.get("power", 1.0)), spec.get("cycle", False))
    if name == "piecewise_constant":
        return s.PiecewiseConstantDecay(spec["boundaries"], [F(v) for v in spec["values"]])
    if name == "cosine":
        warmup = {}
        if spec.get("warmup_steps"):
            warmup = dict(warmup_target=F(spec["initial"]), warmup_steps=spec["warmup_steps"])
        start = spec.get("warmup_from", 0.0) if warmup else spec["initial"]
        return s.CosineDecay(F(start), spec["decay_steps"], F(spec.get("alpha", 0.0)), **warmup)
    if name == "cosine_restarts":
        return s.CosineDecayRestarts(F(spec["initial"]), spec["first_decay_steps"], F(spec.get("t_mul", 2.0)),
                                     F(spec.get("m_mul", 1.0)), F(spec.get("alpha", 0.0)))
    return None


class Warmup(keras.optimizers.schedules.LearningRateSchedule):
    """Linear from warmup_from to the schedule's first rate, then the schedule, as CosineDecay does it."""

    def __init__(self, spec):
        self.spec, self.inner = spec, base_schedule(spec)

    def __call__(self, step):
        n = self.spec["warmup_steps"]
        step = keras.ops.cast(step, "float64")
        first = self.spec.get("initial", self.spec.get("values", [None])[0])
        start = self.spec.get("warmup_from", 0.0)
        up = (F(first) - F(start)) * (step / F(n)) + F(start)
        later = self.inner(keras.ops.maximum(step - n, F(0))) if self.inner else F(first)
        return keras.ops.where(step < n, up, later)


def learning_rate(spec):
    """The rate that the optimizer takes; a function of the epoch if the rate changes with the epoch."""
    if not isinstance(spec, dict):
        return spec, None
    if spec["schedule"] == "exponential_epoch":
        r0, k = spec["initial"], spec["k"]
        return r0, lambda epoch: r0 * float(np.exp(-k * epoch))
    if spec.get("warmup_steps") and spec["schedule"] != "cosine":
        return Warmup(spec), None
    if spec["schedule"] == "constant":
        return spec["initial"], None
    return base_schedule(spec), None


def make_optimizer(config):
    name, args = pick(config["optimizer"])
    cls = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW,
           "adamax": keras.optimizers.Adamax, "nadam": keras.optimizers.Nadam, "rmsprop": keras.optimizers.RMSprop,
           "adagrad": keras.optimizers.Adagrad, "adadelta": keras.optimizers.Adadelta,
           "lion": keras.optimizers.Lion}[name]
    per_epoch = None
    if "learning_rate" in config:
        rate, per_epoch = learning_rate(config["learning_rate"])
        args = dict(args, learning_rate=rate)
    return exact(cls(**args)), per_epoch


def make_loss(spec):
    name, args = pick(spec)
    cls = {"mse": keras.losses.MeanSquaredError, "mae": keras.losses.MeanAbsoluteError,
           "huber": keras.losses.Huber, "log_cosh": keras.losses.LogCosh,
           "binary_crossentropy": keras.losses.BinaryCrossentropy,
           "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
           "kl_divergence": keras.losses.KLDivergence, "poisson": keras.losses.Poisson,
           "hinge": keras.losses.Hinge}[name]
    return cls(**args)


def snapshot(parts):
    out = []
    for dense, norm in parts:
        layer = {"kernel": np.array(keras.ops.convert_to_numpy(dense.kernel)).ravel().tolist()}
        if dense.bias is not None:
            layer["bias"] = np.array(keras.ops.convert_to_numpy(dense.bias)).tolist()
        for name in ("gamma", "beta", "moving_mean", "moving_variance"):
            v = getattr(norm, name, None)
            if v is not None:
                layer[name] = np.array(keras.ops.convert_to_numpy(v)).tolist()
        out.append(layer)
    return out


def run_trajectory(case, data, initial):
    keras.utils.clear_session()
    cfg, data = case["config"], data[case["data"]]
    model = keras.Sequential([keras.Input((data["inputs"],))])
    parts = [add_layer(model, layer, layer["units"]) for layer in cfg["hidden"]]
    parts.append(add_layer(model, cfg["output"], data["outputs"]))
    for (dense, _), w in zip(parts, initial[case["initial"]]):
        dense.set_weights([np.array(w["kernel"])] + ([np.array(w["bias"])] if dense.use_bias else []))
    opt, per_epoch = make_optimizer(cfg)
    last = max(case["steps"])
    model.compile(opt, make_loss(cfg["loss"]), jit_compile=False,
                  run_eagerly=last < 25 and case["kind"] != "loss")
    weights = cfg.get("class_weight")
    weights = dict(enumerate(weights)) if weights else None
    batches = [(np.array(b["x"]), np.array(b["y"])) for b in data["batches"]]
    result = {"at": []}
    for step in range(1, last + 1):
        if per_epoch and (step - 1) % len(batches) == 0:
            opt.learning_rate = per_epoch((step - 1) // len(batches))
        rate = float(keras.ops.convert_to_numpy(opt.learning_rate))
        x, y = batches[(step - 1) % len(batches)]
        model.reset_metrics()
        loss = float(model.train_on_batch(x, y, class_weight=weights))
        if step in case["steps"]:
            result["at"].append({"step": step, "loss": loss, "learning_rate": rate, "layers": snapshot(parts)})
    if opt.use_ema:
        opt.finalize_variable_values(model.trainable_variables)
        result["averaged"] = snapshot(parts)
    y = model(batches[0][0], training=False)
    result["predict"] = np.array(keras.ops.convert_to_numpy(y)).ravel().tolist()
    return result


def run_rate(case, *_):
    rate, per_epoch = learning_rate(case["config"]["learning_rate"])
    if per_epoch:
        return {"rate": [per_epoch(step // case["batches_per_epoch"]) for step in case["at"]]}
    if not callable(rate):
        return {"rate": [rate for _ in case["at"]]}
    return {"rate": [float(keras.ops.convert_to_numpy(rate(keras.ops.convert_to_tensor(step, dtype="int64"))))
                     for step in case["at"]]}


def run_points(case, *_):
    fn = activation(case["config"]["activation"])
    x = np.array(case["x"])
    weight = np.arange(1.0, x.shape[-1] + 1) if case.get("rows") else np.ones_like(x)
    if TENSORFLOW:
        t = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(t)
            y = fn(t)
            total = tf.reduce_sum(y * weight)
        dy = tape.gradient(total, t)
        return {"y": y.numpy().ravel().tolist(), "dy": dy.numpy().ravel().tolist()}
    t = torch.tensor(x, requires_grad=True)
    y = fn(t)
    (y * torch.tensor(weight)).sum().backward()
    return {"y": y.detach().numpy().ravel().tolist(), "dy": t.grad.numpy().ravel().tolist()}


def main():
    job = json.load(sys.stdin)
    results = {}
    for i, case in enumerate(job["cases"]):
        run = {"rate": run_rate, "points": run_points}.get(case["kind"], run_trajectory)
        try:
            results[case["name"]] = run(case, job["data"], job["initial"])
        except Exception as e:  # reported by the parent with the case's name
            results[case["name"]] = {"error": "%s: %s" % (type(e).__name__, str(e)[:300])}
        if i % 20 == 0:
            print("%s: %d of %d" % (keras.backend.backend(), i, len(job["cases"])), file=sys.stderr)
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
