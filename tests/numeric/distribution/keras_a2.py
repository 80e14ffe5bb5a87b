"""Final losses of sweep A2's twelve configurations over 20 Keras runs each, for test_distribution.sh.

    python keras_a2.py [runs]      writes points.csv and keras_a2.json beside itself

points.csv holds the 2,500 points that both sides train on (the last fifth is the validation set, in
both). Weights start from random_uniform(-0.05, 0.05), biases from 0, batch 100, 150 epochs, shuffled. JAX is the
backend because fit() returns to Python for every batch and that costs least there.
"""
import json
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
import jax

HERE = os.path.dirname(os.path.abspath(__file__))
OPTIMIZERS = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam,
              "rmsprop": keras.optimizers.RMSprop, "adagrad": keras.optimizers.Adagrad}
RATES = [0.001, 0.005, 0.01]


def points():
    x = np.random.default_rng(2019).uniform(-2, 2, (2500, 2)).astype(np.float32)
    y = (x[:, :1] * x[:, 1:] / 4).astype(np.float32)
    with open(os.path.join(HERE, "points.csv"), "w") as f:
        f.write("x1,x2,y\n")
        for (a, b), c in zip(x, y[:, 0]):
            f.write(f"{a:.9g},{b:.9g},{c:.9g}\n")
    return x, y


def build(optimizer, rate):
    init = lambda: keras.initializers.RandomUniform(-0.05, 0.05)
    model = keras.Sequential([keras.Input((2,)),
                              keras.layers.Dense(16, activation="relu", kernel_initializer=init()),
                              keras.layers.Dense(16, activation="relu", kernel_initializer=init()),
                              keras.layers.Dense(1, kernel_initializer=init())])
    model.compile(optimizer=OPTIMIZERS[optimizer](rate), loss="mse")
    model.optimizer.build(model.trainable_variables)
    return model, [v.numpy() for v in model.optimizer.variables]


def one_run(model, fresh, x, y, seed):
    """A run from new weights and a fresh optimizer; the model is kept, because tracing it again takes
    longer than training it."""
    rng = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    model.set_weights([rng.uniform(-0.05, 0.05, w.shape) if w.ndim == 2 else np.zeros(w.shape)
                       for w in model.get_weights()])
    for variable, value in zip(model.optimizer.variables, fresh):
        variable.assign(value)
    loss = model.fit(x[:2000], y[:2000], batch_size=100, epochs=150, verbose=0).history["loss"][-1]
    return loss, model.evaluate(x[2000:], y[2000:], batch_size=500, verbose=0)


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    x, y = points()
    out = {"keras": keras.__version__, "jax": jax.__version__, "numpy": np.__version__, "runs": runs,
           "results": []}
    for optimizer in OPTIMIZERS:
        for rate in RATES:
            model, fresh = build(optimizer, rate)
            pairs = [one_run(model, fresh, x, y, 1000 + k) for k in range(runs)]
            out["results"].append({"optimizer": optimizer, "learning_rate": rate,
                                   "loss": [p[0] for p in pairs], "val_loss": [p[1] for p in pairs]})
            print(optimizer, rate, np.median([p[1] for p in pairs]), flush=True)
            with open(os.path.join(HERE, "keras_a2.json"), "w") as f:
                json.dump(out, f, indent=1)
                f.write("\n")


main()
