# SPDX-License-Identifier: MIT
"""The same trainings from the formulas of README.md, written out, with PyTorch's automatic
differentiation for the gradients. It says what is meant where Keras's backends differ or round
constants to float32, and run in float32 it shows how well a case is conditioned."""
import math

import torch

EPS = 1e-7  # keras.config.epsilon()
torch.set_num_threads(1)


def pick(value):
    if isinstance(value, str):
        return value, {}
    return value["name"], {k: v for k, v in value.items() if k != "name"}


# ----------------------------------------------------------------------------------------- activations


def softplus(x):
    return torch.logaddexp(x, torch.zeros_like(x))


def gelu(x, approximate=False):
    if approximate:
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
    return 0.5 * x * torch.special.erfc(-x * math.sqrt(0.5))


SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946


def elu(x, alpha=1.0):
    return torch.where(x > 0, x, alpha * torch.expm1(torch.clamp(x, max=0)))


ACTIVATIONS = {
    "linear": lambda x: x * 1,
    "relu": torch.relu,
    "leaky_relu": lambda x, negative_slope=0.2: torch.where(x > 0, x, negative_slope * x),
    "elu": elu,
    "selu": lambda x: torch.where(x >= 0, SELU_SCALE * x, SELU_SCALE * elu(x, SELU_ALPHA)),
    "gelu": gelu,
    "silu": lambda x: x * torch.sigmoid(x),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    # relu6: the gradient is 0 at both corners
    "hard_sigmoid": lambda x: torch.where((x > -3) & (x < 3), (x + 3) / 6, (x >= 3).to(x.dtype)),
    "softplus": softplus,
    "softsign": lambda x: x / (1 + x.abs()),
    "exponential": torch.exp,
    "softmax": lambda x: torch.softmax(x, dim=-1),
}


def activation(value, x):
    name, args = pick(value)
    return ACTIVATIONS[name](x, **args)


# ---------------------------------------------------------------------------------------------- losses


def clip(x, lo, hi):
    """A clip whose gradient is that of tf.clip_by_value and torch.clip: 1 on the bounds, 0 outside."""
    return torch.where((x >= lo) & (x <= hi), x, torch.clamp(x.detach(), lo, hi))


def binary_crossentropy(y, p, z, fused, label_smoothing=0.0):
    y = y * (1 - label_smoothing) + 0.5 * label_smoothing
    if fused == "sigmoid":
        each = torch.relu(z) - z * y + torch.log1p(torch.exp(-z.abs()))
    else:
        p = clip(p, EPS, 1 - EPS)
        each = -(y * torch.log(p) + (1 - y) * torch.log(1 - p))
    return each.mean(-1)


def categorical_crossentropy(y, p, z, fused, label_smoothing=0.0):
    y = y * (1 - label_smoothing) + label_smoothing / y.shape[-1]
    if fused == "softmax":
        return -(y * torch.log_softmax(z, -1)).sum(-1)
    p = clip(p / p.sum(-1, keepdim=True), EPS, 1 - EPS)
    return -(y * torch.log(p)).sum(-1)


def huber(y, p, z, fused, delta=1.0):
    e = p - y
    return torch.where(e.abs() <= delta, 0.5 * e * e, delta * e.abs() - 0.5 * delta * delta).mean(-1)


def log_cosh(y, p, z, fused):
    e = p - y
    return (e + softplus(-2 * e) - math.log(2)).mean(-1)


def kl_divergence(y, p, z, fused):
    y, p = clip(y, EPS, 1), clip(p, EPS, 1)
    return (y * torch.log(y / p)).sum(-1)


def hinge(y, p, z, fused):
    if bool(((y == 0) | (y == 1)).all()):
        y = 2 * y - 1
    return torch.relu(1 - y * p).mean(-1)


LOSSES = {
    "mse": lambda y, p, z, f: ((p - y) ** 2).mean(-1),
    "mae": lambda y, p, z, f: (p - y).abs().mean(-1),
    "huber": huber,
    "log_cosh": log_cosh,
    "binary_crossentropy": binary_crossentropy,
    "categorical_crossentropy": categorical_crossentropy,
    "kl_divergence": kl_divergence,
    "poisson": lambda y, p, z, f: (p - y * torch.log(p + EPS)).mean(-1),
    "hinge": hinge,
}


def sample_weights(y, weights):
    if weights is None:
        return torch.ones(len(y), dtype=y.dtype)
    k = y.argmax(-1) if y.shape[-1] > 1 else torch.round(y[:, 0]).long()
    return torch.tensor([weights[i] if i < len(weights) else 1.0 for i in k.tolist()], dtype=y.dtype)


def penalty(value, x):
    if value is None:
        return 0.0
    name, args = pick(value)
    total = 0.0
    if name in ("l1", "l1_l2"):
        total = total + args.get("l1", 0.01) * x.abs().sum()
    if name in ("l2", "l1_l2"):
        total = total + args.get("l2", 0.01) * (x * x).sum()
    return total


def constrain(value, w):
    if value is None:
        return w
    name, args = pick(value)
    if name == "non_neg":
        return torch.relu(w)
    norm = torch.sqrt((w * w).sum(0, keepdim=True))
    if name == "unit_norm":
        return w / (EPS + norm)
    if name == "max_norm":
        wanted = torch.clamp(norm, 0, args.get("max_value", 2))
    else:
        rate = args.get("rate", 1.0)
        wanted = rate * torch.clamp(norm, args.get("min_value", 0.0), args.get("max_value", 1.0)) + (1 - rate) * norm
    return w * (wanted / (EPS + norm))


# --------------------------------------------------------------------------------------------- the net


class Net:
    def __init__(self, cfg, data, initial, dtype):
        self.cfg, self.layers = cfg, []
        self.configs = cfg["hidden"] + [cfg["output"]]
        for c, w in zip(self.configs, initial):
            layer = {"kernel": torch.tensor(w["kernel"], dtype=dtype)}
            if c.get("use_bias", True):
                layer["bias"] = torch.tensor(w["bias"], dtype=dtype)
            units = layer["kernel"].shape[1]
            if c.get("normalization"):
                name, args = pick(c["normalization"])
                if args.get("scale", True):
                    layer["gamma"] = torch.ones(units, dtype=dtype)
                if args.get("center", True):
                    layer["beta"] = torch.zeros(units, dtype=dtype)
                if name == "batch_normalization":
                    layer["moving_mean"] = torch.zeros(units, dtype=dtype)
                    layer["moving_variance"] = torch.ones(units, dtype=dtype)
            self.layers.append(layer)

    def trainable(self):
        return [(layer, k, c) for layer, c in zip(self.layers, self.configs) for k in layer
                if not k.startswith("moving")]

    def forward(self, x, training):
        """Returns output, its logits, the penalties."""
        extra = 0.0
        for layer, c in zip(self.layers, self.configs):
            z = x @ layer["kernel"]
            if "bias" in layer:
                z = z + layer["bias"]
            if c.get("normalization"):
                z = self.normalize(z, layer, c["normalization"], training)
            x = activation(c.get("activation", "linear"), z)
            extra = extra + penalty(c.get("kernel_regularizer"), layer["kernel"])
            if "bias" in layer:
                extra = extra + penalty(c.get("bias_regularizer"), layer["bias"])
            extra = extra + penalty(c.get("activity_regularizer"), x) / len(x)
        return x, z, extra

    @staticmethod
    def normalize(z, layer, spec, training):
        name, args = pick(spec)
        if name == "layer_normalization":
            mean, var = z.mean(-1, keepdim=True), z.var(-1, unbiased=False, keepdim=True)
        elif training:
            mean, var = z.mean(0), z.var(0, unbiased=False)
            m = args.get("momentum", 0.99)
            layer["moving_mean"] = layer["moving_mean"] * m + mean.detach() * (1 - m)
            layer["moving_variance"] = layer["moving_variance"] * m + var.detach() * (1 - m)
        else:
            mean, var = layer["moving_mean"], layer["moving_variance"]
        z = (z - mean) / torch.sqrt(var + args.get("epsilon", 1e-3))
        if "gamma" in layer:
            z = z * layer["gamma"]
        return z + layer["beta"] if "beta" in layer else z

    def loss(self, x, y, training=True):
        p, z, extra = self.forward(x, training)
        name, args = pick(self.cfg["loss"])
        fused, _ = pick(self.cfg["output"].get("activation", "linear"))
        each = LOSSES[name](y, p, z, fused, **args)
        return (each * sample_weights(y, self.cfg.get("class_weight"))).sum() / len(y) + extra

    def snapshot(self):
        return [{k: v.detach().double().ravel().tolist() for k, v in layer.items()} for layer in self.layers]


# ------------------------------------------------------------------------------------------ optimizers

DEFAULT_RATE = {"sgd": 0.01}  # 0.001 for the others


def sgd(w, g, s, t, lr, momentum=0.0, nesterov=False):
    if momentum == 0:
        return w - lr * g
    s["m"] = momentum * s.get("m", 0) - lr * g
    return w + (momentum * s["m"] - lr * g if nesterov else s["m"])


def adam(w, g, s, t, lr, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
    zero = torch.zeros_like(g)
    s["m"] = s.get("m", zero) + (g - s.get("m", zero)) * (1 - beta_1)
    s["v"] = s.get("v", zero) + (g * g - s.get("v", zero)) * (1 - beta_2)
    v = s["v"]
    if amsgrad:
        v = s["h"] = torch.maximum(s.get("h", zero), v)
    alpha = lr * math.sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)
    return w - alpha * s["m"] / (torch.sqrt(v) + epsilon)


def adamax(w, g, s, t, lr, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    zero = torch.zeros_like(g)
    s["m"] = s.get("m", zero) + (g - s.get("m", zero)) * (1 - beta_1)
    s["u"] = torch.maximum(beta_2 * s.get("u", zero), g.abs())
    return w - lr * s["m"] / ((1 - beta_1 ** t) * (s["u"] + epsilon))


def nadam(w, g, s, t, lr, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    zero = torch.zeros_like(g)
    u, u1 = (beta_1 * (1 - 0.5 * 0.96 ** k) for k in (t, t + 1))
    s["p"] = s.get("p", 1.0) * u
    s["m"] = s.get("m", zero) + (g - s.get("m", zero)) * (1 - beta_1)
    s["v"] = s.get("v", zero) + (g * g - s.get("v", zero)) * (1 - beta_2)
    m = u1 * s["m"] / (1 - s["p"] * u1) + (1 - u) * g / (1 - s["p"])
    return w - lr * m / (torch.sqrt(s["v"] / (1 - beta_2 ** t)) + epsilon)


def rmsprop(w, g, s, t, lr, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
    s["v"] = rho * s.get("v", 0) + (1 - rho) * g * g
    d = s["v"]
    if centered:
        s["a"] = rho * s.get("a", 0) + (1 - rho) * g
        d = d - s["a"] ** 2
    step = lr * g / torch.sqrt(d + epsilon)
    if momentum > 0:
        step = s["m"] = momentum * s.get("m", 0) + step
    return w - step


def adagrad(w, g, s, t, lr, initial_accumulator_value=0.1, epsilon=1e-7):
    s["a"] = s.get("a", initial_accumulator_value) + g * g
    return w - lr * g / torch.sqrt(s["a"] + epsilon)


def adadelta(w, g, s, t, lr, rho=0.95, epsilon=1e-7):
    zero = torch.zeros_like(g)
    s["g"] = rho * s.get("g", zero) + (1 - rho) * g * g
    d = -torch.sqrt(s.get("d", zero) + epsilon) * g / torch.sqrt(s["g"] + epsilon)
    s["d"] = rho * s.get("d", zero) + (1 - rho) * d * d
    return w + lr * d


def lion(w, g, s, t, lr, beta_1=0.9, beta_2=0.99):
    m = s.get("m", torch.zeros_like(g))
    s["m"] = beta_2 * m + (1 - beta_2) * g
    return w - lr * torch.sign(beta_1 * m + (1 - beta_1) * g)


OPTIMIZERS = dict(sgd=sgd, adam=adam, adamw=adam, adamax=adamax, nadam=nadam, rmsprop=rmsprop, adagrad=adagrad,
                  adadelta=adadelta, lion=lion)
COMMON = {"weight_decay": None, "clipvalue": None, "clipnorm": None, "global_clipnorm": None, "use_ema": False,
          "ema_momentum": 0.99, "ema_overwrite_frequency": None}


def clip_gradients(grads, c):
    if c["clipnorm"]:
        n = c["clipnorm"]
        return [g * n / max(float(torch.sqrt((g * g).sum())), n) for g in grads]
    if c["global_clipnorm"]:
        n, total = c["global_clipnorm"], math.sqrt(sum(float((g * g).sum()) for g in grads))
        return [g * (n * min(1 / total, 1 / n)) for g in grads]
    if c["clipvalue"]:
        return [torch.clamp(g, -c["clipvalue"], c["clipvalue"]) for g in grads]
    return grads


# ------------------------------------------------------------------------------------------- schedules


def cosine_restarts(t, spec):
    f, t_mul, m_mul = t / spec["first_decay_steps"], spec.get("t_mul", 2.0), spec.get("m_mul", 1.0)
    if t_mul == 1:
        i = math.floor(f)
        f -= i
    else:
        i, start, length = 0, 0.0, 1.0
        while f >= start + length:
            start, length, i = start + length, length * t_mul, i + 1
        f = (f - start) / length
    cos = 0.5 * m_mul ** i * (1 + math.cos(math.pi * f))
    return (1 - spec.get("alpha", 0.0)) * cos + spec.get("alpha", 0.0)


def rate_at(spec, t, batches_per_epoch):
    """The rate of the step after t steps."""
    if not isinstance(spec, dict):
        return spec
    name, n = spec["schedule"], spec.get("warmup_steps", 0)
    first = spec["values"][0] if name == "piecewise_constant" else spec["initial"]
    if t < n:
        start = spec.get("warmup_from", 0.0)
        return start + (first - start) * t / n
    t -= n
    if name == "constant":
        return first
    if name == "exponential_epoch":
        return first * math.exp(-spec["k"] * (t // batches_per_epoch))
    if name == "piecewise_constant":
        return spec["values"][sum(t > b for b in spec["boundaries"])]
    if name == "cosine_restarts":
        return first * cosine_restarts(t, spec)
    d = spec["decay_steps"]
    if name == "cosine":
        a = spec.get("alpha", 0.0)
        return first * ((1 - a) * 0.5 * (1 + math.cos(math.pi * min(t, d) / d)) + a)
    if name == "polynomial":
        end = spec.get("end", 0.0001)
        d = d * max(1, math.ceil(t / d)) if spec.get("cycle") else d
        return (first - end) * (1 - min(t, d) / d) ** spec.get("power", 1.0) + end
    p = math.floor(t / d) if spec.get("staircase") else t / d
    if name == "exponential":
        return first * spec["decay_rate"] ** p
    return first / (1 + spec["decay_rate"] * p)


# ------------------------------------------------------------------------------------------------ runs


def run_trajectory(case, data, initial, dtype=torch.float64, native=None):
    """native: torch.optim's optimizer in place of ours, see reference_torch.py."""
    cfg, data = case["config"], data[case["data"]]
    net = Net(cfg, data, initial[case["initial"]], dtype)
    name, args = pick(cfg["optimizer"])
    common = {k: args.pop(k) if k in args else v for k, v in COMMON.items()}
    if name == "adamw" and common["weight_decay"] is None:
        common["weight_decay"] = 0.004
    spec = cfg.get("learning_rate", DEFAULT_RATE.get(name, 0.001))
    batches = [(torch.tensor(b["x"], dtype=dtype), torch.tensor(b["y"], dtype=dtype)) for b in data["batches"]]
    trainable = net.trainable()
    state, average = [{} for _ in trainable], [None] * len(trainable)
    result = {"at": []}
    for t in range(1, max(case["steps"]) + 1):
        rate = rate_at(spec, t - 1, len(batches))
        params = [layer[k].detach().requires_grad_() for layer, k, _ in trainable]
        for (layer, k, _), p in zip(trainable, params):
            layer[k] = p
        loss = net.loss(*batches[(t - 1) % len(batches)])
        grads = torch.autograd.grad(loss, params, allow_unused=True)
        grads = [torch.zeros_like(p) if g is None else g for p, g in zip(params, grads)]
        with torch.no_grad():
            grads = clip_gradients(grads, common)
            new = []
            for i, (p, g) in enumerate(zip(params, grads)):
                w = p.detach().clone()
                if native:
                    w = native(i, w, g, t, rate)
                else:
                    if common["weight_decay"] is not None:
                        w = w - w * common["weight_decay"] * rate
                    w = OPTIMIZERS[name](w, g, state[i], t, rate, **args)
                new.append(w)
            if common["use_ema"]:
                m = common["ema_momentum"] if t > 1 else 0.0
                average = [w * 1 if a is None else m * a + (1 - m) * w for a, w in zip(average, new)]
                if common["ema_overwrite_frequency"] and t % common["ema_overwrite_frequency"] == 0:
                    new = [a * 1 for a in average]
            for (layer, k, c), w in zip(trainable, new):
                layer[k] = constrain(c.get(k + "_constraint"), w)
        if t in case["steps"]:
            result["at"].append({"step": t, "loss": float(loss.detach()), "learning_rate": rate,
                                 "layers": net.snapshot()})
    if common["use_ema"]:
        for (layer, k, _), a in zip(trainable, average):
            layer[k] = a
        result["averaged"] = net.snapshot()
    with torch.no_grad():
        result["predict"] = net.forward(batches[0][0], False)[0].double().ravel().tolist()
    return result


def run_rate(case):
    return {"rate": [rate_at(case["config"]["learning_rate"], t, case["batches_per_epoch"]) for t in case["at"]]}


def run_points(case, dtype=torch.float64):
    x = torch.tensor(case["x"], dtype=dtype, requires_grad=True)
    weight = torch.arange(1.0, x.shape[-1] + 1, dtype=dtype) if case.get("rows") else torch.ones_like(x)
    y = activation(case["config"]["activation"], x)
    (y * weight).sum().backward()
    return {"y": y.detach().double().ravel().tolist(), "dy": x.grad.double().ravel().tolist()}
