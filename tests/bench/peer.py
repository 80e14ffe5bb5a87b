"""One measurement of one peer: seconds per epoch of one network, on one thread.

    python peer.py torch|keras|sklearn NET

Every peer gets its fastest ordinary form: data ready in memory as float32, no data loader, no
validation, no callbacks, one warm-up epoch before the clock starts. Prints one number.
"""
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS",
             "TF_NUM_INTEROP_THREADS"):
    os.environ[name] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np

#        layers, rows, batch, epochs timed, loss
NETS = {
    "a2": ([2, 16, 16, 1], 2500, 100, 5, "mse"),
    "mnist-128": ([784, 128, 128, 10], 60000, 128, 1, "ce"),
    "mnist-512": ([784, 512, 512, 10], 60000, 256, 1, "ce"),
}


def data(net):
    layers, rows, _, _, loss = NETS[net]
    rng = np.random.default_rng(1)
    if loss == "mse":
        x = rng.uniform(-2, 2, (rows, 2)).astype(np.float32)
        return x, (x[:, :1] * x[:, 1:] / 4).astype(np.float32)
    return rng.random((rows, layers[0]), dtype=np.float32), rng.integers(0, layers[-1], rows)


def run_torch(net):
    import torch
    torch.set_num_threads(1)
    layers, rows, batch, epochs, loss = NETS[net]
    x, y = (torch.from_numpy(a) for a in data(net))
    modules = []
    for i in range(len(layers) - 1):
        modules.append(torch.nn.Linear(layers[i], layers[i + 1]))
        if i + 2 < len(layers):
            modules.append(torch.nn.ReLU())
    model = torch.nn.Sequential(*modules)
    fn = torch.nn.MSELoss() if loss == "mse" else torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)

    def epoch():
        order = torch.randperm(rows)
        for i in range(0, rows, batch):
            rows_of_batch = order[i:i + batch]
            optimizer.zero_grad()
            fn(model(x[rows_of_batch]), y[rows_of_batch]).backward()
            optimizer.step()

    return timed(epoch, epochs)


def run_keras(net):
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    import keras
    layers, rows, batch, epochs, loss = NETS[net]
    x, y = data(net)
    model = keras.Sequential(
        [keras.Input((layers[0],))]
        + [keras.layers.Dense(n, activation="relu") for n in layers[1:-1]]
        + [keras.layers.Dense(layers[-1], activation=None if loss == "mse" else "softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.001),
                  loss="mse" if loss == "mse" else "sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
    start = time.perf_counter()
    model.fit(x, y, batch_size=batch, epochs=epochs, verbose=0)
    return (time.perf_counter() - start) / epochs


def run_sklearn(net):
    import warnings
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    warnings.filterwarnings("ignore")
    layers, rows, batch, epochs, loss = NETS[net]
    x, y = data(net)
    kind = MLPRegressor if loss == "mse" else MLPClassifier
    model = kind(hidden_layer_sizes=layers[1:-1], batch_size=batch, max_iter=1, warm_start=True, alpha=0)
    y = y.ravel()
    return timed(lambda: model.fit(x, y), epochs)


def timed(epoch, epochs):
    epoch()
    start = time.perf_counter()
    for _ in range(epochs):
        epoch()
    return (time.perf_counter() - start) / epochs


if __name__ == "__main__":
    print({"torch": run_torch, "keras": run_keras, "sklearn": run_sklearn}[sys.argv[1]](sys.argv[2]))
