# SPDX-License-Identifier: MIT
from ones import errors
from sklearn.datasets import load_svmlight_files

x, y, x_val, y_val = load_svmlight_files(["train.txt", "val.txt"])
values = errors(x.toarray(), y)
values.update({"val_" + name: v for name, v in errors(x_val.toarray(), y_val).items()})
