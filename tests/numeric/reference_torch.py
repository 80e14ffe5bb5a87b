# SPDX-License-Identifier: MIT
"""Compares PyTorch's own functions, optimizers and schedulers with the formulas. Equality is
asserted, and every difference is named with its reason. The list goes into the reference data."""
import copy
import math

import torch
import torch.nn.functional as nn

import reference_cases as cases
import reference_formula as formula

TOLERANCE = 1e-12
torch.set_default_dtype(torch.float64)  # NAdam keeps its product in the default type


def worst(a, b):
    a, b = torch.as_tensor(a, dtype=torch.float64), torch.as_tensor(b, dtype=torch.float64)
    scale = max(1.0, float(b.abs().max()))
    return float((a - b).abs().max()) / scale


def agrees(row, how, a, b, tolerance=TOLERANCE):
    d = worst(a, b)
    assert d <= tolerance, "%s: PyTorch differs by %g: %s" % (row, d, how)
    return {"row": row, "agrees": True, "how": how, "difference": float("%.1e" % d)}


def differs(row, why):
    return {"row": row, "agrees": False, "why": why}


def flat(result):
    return [v for at in result["at"] for layer in at["layers"] for values in layer.values() for v in values]


# ------------------------------------------------------------------------------------------ optimizers


def native(cls, rate, before=None, **args):
    """A step function for run_trajectory: one torch.optim object for each tensor."""
    opts = {}

    def step(i, w, g, t, lr):
        with torch.enable_grad():
            if i not in opts:
                p = torch.nn.Parameter(w.clone())
                opts[i] = (p, cls([p], lr=rate, **args))
            p, opt = opts[i]
            for group in opt.param_groups:
                group["lr"] = lr
                if before:
                    before(group, t)
            p.data.copy_(w)
            p.grad = g.clone()
            opt.step()
        return p.detach().clone()
    return step


def adam_epsilon(group, t):
    """Keras adds epsilon to the root before the bias correction, PyTorch after it."""
    group["eps"] = 1e-7 / math.sqrt(1 - group["betas"][1] ** t)


def optimizers(data, initial):
    base = next(c for c in cases.optimizer_cases() if c["name"] == "optimizer/sgd/rate")
    todo = [
        ("sgd", {}, {}, "torch.optim.SGD", None),
        ("sgd", {"momentum": 0.9}, {"momentum": 0.9}, "momentum, constant rate", None),
        ("sgd", {"momentum": 0.9, "nesterov": True}, {"momentum": 0.9, "nesterov": True}, "nesterov, constant rate",
         None),
        ("adam", {}, {}, "epsilon = 1e-7 / sqrt(1 - beta_2^t) in each step", adam_epsilon),
        ("adam", {"amsgrad": True}, {"amsgrad": True}, "amsgrad, epsilon likewise", adam_epsilon),
        ("adamw", {"weight_decay": 0.1}, {"weight_decay": 0.1}, "epsilon likewise; default decay 0.01 there, 0.004 here",
         adam_epsilon),
        ("adamax", {"epsilon": 0.0}, {"eps": 0.0}, "with epsilon 0: there |g| + epsilon inside the maximum", None),
        ("nadam", {}, {"momentum_decay": 1.0, "eps": 1e-7}, "with momentum_decay 1 (default there 0.004)", None),
        ("rmsprop", {"epsilon": 0.0}, {"alpha": 0.9, "eps": 0.0}, "with epsilon 0: there sqrt(v) + epsilon", None),
        ("rmsprop", {"epsilon": 0.0, "centered": True, "momentum": 0.5},
         {"alpha": 0.9, "eps": 0.0, "centered": True, "momentum": 0.5}, "centered, momentum, epsilon 0", None),
        ("adagrad", {"epsilon": 0.0}, {"eps": 0.0, "initial_accumulator_value": 0.1},
         "with epsilon 0: there sqrt(a) + epsilon", None),
        ("adadelta", {}, {"rho": 0.95, "eps": 1e-7}, "equal except for the defaults (rate 1, rho 0.9, epsilon 1e-6)", None),
    ]
    classes = dict(sgd="SGD", adam="Adam", adamw="AdamW", adamax="Adamax", nadam="NAdam", rmsprop="RMSprop",
                   adagrad="Adagrad", adadelta="Adadelta")
    for name, ours, theirs, how, before in todo:
        case = copy.deepcopy(base)
        rate = case["config"]["learning_rate"] = cases.RATE[name]
        case["config"]["optimizer"] = {"name": name, **ours}
        a = formula.run_trajectory(case, data, initial)
        step = native(getattr(torch.optim, classes[name]), rate, before, **theirs)
        b = formula.run_trajectory(case, data, initial, native=step)
        yield agrees("optimizer:" + name, how, flat(b), flat(a), 1e-10)
    yield differs("optimizer:sgd", "with a changing rate: Keras's momentum remembers each step's rate (v = m·v - rate·g), "
                                   "PyTorch multiplies the whole buffer by the present rate; weight_decay there is an l2 "
                                   "gradient, here decoupled")
    yield differs("optimizer:rmsprop", "with momentum and a changing rate, as sgd")
    yield differs("optimizer:lion", "not in torch.optim")
    yield differs("clipnorm, global_clipnorm", "PyTorch divides by norm + 1e-6; Keras by the norm")


# ----------------------------------------------------------------------------------- losses, activations


def losses():
    g = torch.Generator().manual_seed(1)
    z = 3 * torch.randn(16, 3, dtype=torch.float64, generator=g)
    y = torch.softmax(torch.randn(16, 3, dtype=torch.float64, generator=g), -1)
    hot = torch.eye(3, dtype=torch.float64)[torch.arange(16) % 3]
    bits = (y > 0.33).double()
    k = hot.argmax(-1)
    p, s = torch.softmax(z, -1), torch.sigmoid(z)

    def ours(name, y, p, fused="", **args):
        return formula.LOSSES[name](y, p, z, fused, **args).mean()

    yield agrees("loss:mse", "mse_loss", nn.mse_loss(z, y), ours("mse", y, z))
    yield agrees("loss:mae", "l1_loss", nn.l1_loss(z, y), ours("mae", y, z))
    yield agrees("loss:huber", "huber_loss", nn.huber_loss(z, y, delta=0.7), ours("huber", y, z, delta=0.7))
    yield agrees("loss:log_cosh", "log(cosh(e))", torch.log(torch.cosh(z - y)).mean(), ours("log_cosh", y, z))
    yield agrees("loss:binary_crossentropy", "binary_cross_entropy_with_logits",
                 nn.binary_cross_entropy_with_logits(z, bits), ours("binary_crossentropy", bits, s, "sigmoid"))
    yield agrees("loss:binary_crossentropy", "binary_cross_entropy, away from the clip", nn.binary_cross_entropy(s, bits),
                 ours("binary_crossentropy", bits, s))
    yield agrees("loss:categorical_crossentropy", "cross_entropy", nn.cross_entropy(z, k),
                 ours("categorical_crossentropy", hot, p, "softmax"))
    yield agrees("loss:categorical_crossentropy", "cross_entropy(label_smoothing)",
                 nn.cross_entropy(z, k, label_smoothing=0.1),
                 ours("categorical_crossentropy", hot, p, "softmax", label_smoothing=0.1))
    yield agrees("loss:kl_divergence", "kl_div(reduction='batchmean') of logs", nn.kl_div(p.log(), y, reduction="batchmean"),
                 ours("kl_divergence", y, p))
    e = torch.exp(z)
    yield agrees("loss:poisson", "poisson_nll_loss(log_input=False, eps=1e-7)",
                 nn.poisson_nll_loss(e, bits * 3, log_input=False, eps=1e-7), ours("poisson", bits * 3, e))
    yield differs("loss:poisson", "default epsilon there 1e-8")
    yield agrees("loss:hinge", "relu(1 - y·p)", torch.relu(1 - (2 * bits - 1) * z).mean(),
                 ours("hinge", bits, z))
    w = torch.tensor([0.5, 2.0, 1.25], dtype=torch.float64)
    mean = (nn.cross_entropy(z, k, weight=w, reduction="none")).mean()
    config = {"hidden": [], "output": {"activation": "softmax"}, "loss": "categorical_crossentropy",
              "class_weight": w.tolist()}
    mine = (formula.LOSSES["categorical_crossentropy"](hot, p, z, "softmax")
            * formula.sample_weights(hot, config["class_weight"])).sum() / 16
    yield agrees("class_weight", "cross_entropy(weight, reduction='none').mean()", mean, mine)
    yield differs("class_weight", "PyTorch's default reduction divides by the sum of the weights, Keras by the rows")
    yield differs("loss:binary_crossentropy", "without logits PyTorch clamps the logarithm at -100, Keras the "
                                              "probability to [1e-7, 1 - 1e-7]")


def activations():
    x = torch.cat([torch.linspace(-8, 8, 401, dtype=torch.float64), torch.tensor([-700.0, 0.0, 700.0])])
    pairs = {"relu": nn.relu, "leaky_relu": lambda x: nn.leaky_relu(x, 0.2), "elu": nn.elu, "selu": nn.selu,
             "gelu": nn.gelu, "silu": nn.silu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
             "hard_sigmoid": nn.hardsigmoid, "softsign": nn.softsign, "exponential": torch.exp,
             "softmax": lambda x: nn.softmax(x, -1)}
    for name, fn in pairs.items():
        t = x[x <= 80] if name == "exponential" else x
        t = t - 0.003  # off the corners, where the derivative is a convention
        a, b = t.clone().requires_grad_(), t.clone().requires_grad_()
        weight = torch.cos(t * 7)
        ya, yb = formula.activation(name, a), fn(b)
        (ya * weight).sum().backward()
        (yb * weight).sum().backward()
        yield agrees("activation:" + name, "values", yb.detach(), ya.detach(), 1e-7 if name == "hard_sigmoid" else TOLERANCE)
        yield agrees("activation:" + name, "derivatives", b.grad, a.grad, 1e-7 if name == "hard_sigmoid" else TOLERANCE)
    t = x - 0.003
    yield agrees("activation:gelu", "approximate='tanh'", nn.gelu(t, approximate="tanh"),
                 formula.activation({"name": "gelu", "approximate": True}, t))
    yield agrees("activation:softplus", "softplus with threshold 800", nn.softplus(t, threshold=800),
                 formula.activation("softplus", t))
    yield differs("activation:softplus", "default threshold 20: x itself above it, off by 2e-9")
    yield differs("activation:leaky_relu", "default slope 0.01 there, 0.2 in Keras")
    yield differs("activation:hard_sigmoid", "constants in float32: off by 3e-8")
    yield differs("activation:selu", "derivative at exactly 0: scale·alpha there, scale in Keras on TensorFlow")


# --------------------------------------------------------------------------- schedules, normalizations


def rates(make, steps=60):
    opt = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler, out = make(opt), []
    for _ in range(steps):
        out.append(opt.param_groups[0]["lr"])
        opt.step()
        scheduler.step()
    return out


def schedules():
    s = torch.optim.lr_scheduler

    def ours(spec, steps=60):
        return [formula.rate_at(dict(spec, initial=0.1), t, 4) for t in range(steps)]

    yield agrees("schedule:exponential", "ExponentialLR(gamma = decay_rate^(1/decay_steps))",
                 rates(lambda o: s.ExponentialLR(o, 0.7 ** (1 / 6))),
                 ours({"schedule": "exponential", "decay_steps": 6, "decay_rate": 0.7}))
    yield agrees("schedule:exponential", "StepLR (staircase)", rates(lambda o: s.StepLR(o, 6, 0.7)),
                 ours({"schedule": "exponential", "decay_steps": 6, "decay_rate": 0.7, "staircase": True}))
    yield agrees("schedule:cosine", "CosineAnnealingLR(T_max, eta_min = alpha·rate), up to decay_steps",
                 rates(lambda o: s.CosineAnnealingLR(o, 16, 0.01), 17),
                 ours({"schedule": "cosine", "decay_steps": 16, "alpha": 0.1}, 17))
    yield differs("schedule:cosine", "after decay_steps PyTorch climbs again, Keras stays at alpha·rate")
    yield agrees("schedule:cosine_restarts", "CosineAnnealingWarmRestarts (m_mul 1)",
                 rates(lambda o: s.CosineAnnealingWarmRestarts(o, 5, 2, 0.01)),
                 ours({"schedule": "cosine_restarts", "first_decay_steps": 5, "alpha": 0.1}))
    yield agrees("schedule:polynomial", "PolynomialLR (end 0)", rates(lambda o: s.PolynomialLR(o, 16, 2.0)),
                 ours({"schedule": "polynomial", "decay_steps": 16, "end": 0.0, "power": 2.0}))
    yield agrees("schedule:piecewise_constant", "MultiStepLR(milestones = boundaries + 1)",
                 rates(lambda o: s.MultiStepLR(o, [4, 9], 0.5)),
                 [formula.rate_at({"schedule": "piecewise_constant", "boundaries": [3, 8], "values": [0.1, 0.05, 0.025]},
                                  t, 4) for t in range(60)])
    yield agrees("schedule:inverse_time", "LambdaLR(1/(1 + decay·t))", rates(lambda o: s.LambdaLR(o, lambda t: 1 / (1 + 0.1 * t))),
                 ours({"schedule": "inverse_time", "decay_steps": 1, "decay_rate": 0.1}))


def normalizations():
    g = torch.Generator().manual_seed(2)
    x = torch.randn(8, 4, dtype=torch.float64, generator=g)
    layer = {"gamma": torch.randn(4, dtype=torch.float64, generator=g), "beta": torch.randn(4, dtype=torch.float64, generator=g),
             "moving_mean": torch.zeros(4, dtype=torch.float64), "moving_variance": torch.ones(4, dtype=torch.float64)}
    a = formula.Net.normalize(x, layer, "layer_normalization", True)
    yield agrees("normalization:layer_normalization", "layer_norm(eps=1e-3)",
                 nn.layer_norm(x, (4,), layer["gamma"], layer["beta"], 1e-3), a)
    mean, var = torch.zeros(4, dtype=torch.float64), torch.ones(4, dtype=torch.float64)
    a = formula.Net.normalize(x, layer, "batch_normalization", True)
    b = nn.batch_norm(x, mean, var, layer["gamma"], layer["beta"], True, 0.01, 1e-3)
    yield agrees("normalization:batch_normalization", "batch_norm(eps=1e-3) in training", b, a)
    yield agrees("normalization:batch_normalization", "moving mean with momentum 1 - 0.99", mean, layer["moving_mean"])
    unbiased = (layer["moving_variance"] - 0.99) * 8 / 7 + 0.99
    yield agrees("normalization:batch_normalization", "moving variance after n/(n-1)", var, unbiased)
    yield differs("normalization:batch_normalization", "PyTorch's moving variance takes the unbiased batch variance (n/(n-1)), "
                                                       "Keras the biased one; defaults there momentum 0.1, epsilon 1e-5")
    yield differs("normalization:layer_normalization", "default epsilon there 1e-5, in Keras 1e-3")


def report(data, initial):
    out = []
    for part in (optimizers(data, initial), losses(), activations(), schedules(), normalizations()):
        out.extend(part)
    return out
