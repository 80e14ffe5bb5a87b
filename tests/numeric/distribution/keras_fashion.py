"""Accuracies on Fashion-MNIST of sweep D's network and sweep B's first two stages, for the tests
test_fashion_keras.sh and their longer run below tests/soak.

    python keras_fashion.py d [runs [name ...]]     adds to keras_fashion_d.json beside itself
    python keras_fashion.py b [runs [name ...]]     adds to keras_fashion_b.json: layers x nodes
    python keras_fashion.py b2 [runs [name ...]]    adds to keras_fashion_b2.json: optimizers

Runs that the file holds are not made again. names: of these configurations only (2x64 ...).
Debian's package dataset-fashion-mnist, bytes divided by 255; of the 60,000 training rows the last
12,000 are the validation set, here and there. Run k of every configuration starts from seed 1000 + k.
"""
import gzip
import json
import math
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
import jax
import keras
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = "/usr/share/datasets/fashion-mnist"
METRICS = ["loss", "accuracy", "val_loss", "val_accuracy"]


def read(name, offset):
    with gzip.open(os.path.join(DATA, name)) as f:
        return np.frombuffer(f.read(), np.uint8, offset=offset)


def data():
    x = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype(np.float32) / 255
    y = keras.utils.to_categorical(read("train-labels-idx1-ubyte.gz", 8), 10).astype(np.float32)
    return (x[:48000], y[:48000]), (x[48000:], y[48000:])


def network_d(optimizer):
    init = lambda: keras.initializers.RandomUniform(-0.05, 0.05)
    model = keras.Sequential([keras.Input((784,)),
                              keras.layers.Dense(64, activation="relu", kernel_initializer=init()),
                              keras.layers.Dropout(0.1),
                              keras.layers.Dense(64, activation="relu", kernel_initializer=init()),
                              keras.layers.Dense(10, activation="softmax", kernel_initializer=init())])
    model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def network_b(layers, units, optimizer=keras.optimizers.Adam):
    model = keras.Sequential([keras.Input((784,))]
                             + [keras.layers.Dense(units, activation="relu") for _ in range(layers)]
                             + [keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer=optimizer(0.01), loss="categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def sweep_d():
    """Keras 3 has no decay argument: rate / (1 + decay t) is InverseTimeDecay with decay_steps 1."""
    falling = keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 0.1 / 60)
    by_epoch = keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 * math.exp(-0.1 * epoch))
    sgd = lambda rate: keras.optimizers.SGD(rate, momentum=0.8)
    return {"sgd-7": (network_d(sgd(falling)), {"batch_size": 7, "epochs": 1}),
            "sgd-196": (network_d(sgd(0.1)), {"batch_size": 196, "epochs": 10, "callbacks": [by_epoch]}),
            "rmsprop-784": (network_d(keras.optimizers.RMSprop(0.001, rho=0.9)),
                            {"batch_size": 784, "epochs": 10})}


def sweep_b():
    return {f"{layers}x{units}": (network_b(layers, units), {"batch_size": 30000, "epochs": 10})
            for layers in (2, 3, 4) for units in (64, 128, 256)}


def sweep_b2():
    """The second stage, at the text's winner of the first; adam is 2x128 of sweep_b."""
    optimizers = {"adagrad": keras.optimizers.Adagrad, "rmsprop": keras.optimizers.RMSprop,
                  "sgd": keras.optimizers.SGD}
    return {name: (network_b(2, 128, optimizer), {"batch_size": 30000, "epochs": 10})
            for name, optimizer in optimizers.items()}


def restart(model, fresh):
    """New weights, as a new model's would be; the model is kept because tracing it takes long."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            kernel = layer.kernel_initializer.clone()
            layer.kernel.assign(kernel(layer.kernel.shape))
            layer.bias.assign(np.zeros(layer.bias.shape))
    for variable, value in zip(model.optimizer.variables, fresh):
        variable.assign(value)


def main():
    which, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10
    path = os.path.join(HERE, f"keras_fashion_{which}.json")
    train, validation = data()
    configurations = {"d": sweep_d, "b": sweep_b, "b2": sweep_b2}[which]()
    out = {"keras": keras.__version__, "jax": jax.__version__, "numpy": np.__version__, "results": []}
    if os.path.exists(path):
        with open(path) as f:
            out["results"] = json.load(f)["results"]
    there = {(r["run"], r["name"]) for r in out["results"]}
    fresh = {}
    for name, (model, _) in configurations.items():
        model.optimizer.build(model.trainable_variables)
        fresh[name] = [v.numpy() for v in model.optimizer.variables]
    for run in range(runs):
        for name, (model, arguments) in configurations.items():
            if (run, name) in there or (len(sys.argv) > 3 and name not in sys.argv[3:]):
                continue
            keras.utils.set_random_seed(1000 + run)
            restart(model, fresh[name])
            history = model.fit(*train, validation_data=validation, verbose=0,
                                validation_batch_size=3000, **arguments).history
            out["results"].append({"name": name, "run": run,
                                   **{m: [float(f"{v:.7g}") for v in history[m]] for m in METRICS}})
            print(run, name, history["val_accuracy"][-1], flush=True)
            with open(path, "w") as f:
                f.write(json.dumps(out).replace('{"name"', '\n{"name"') + "\n")


main()
