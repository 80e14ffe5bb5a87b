# SPDX-License-Identifier: MIT
from ones import errors
from sklearn.datasets import load_svmlight_file

x, y = load_svmlight_file("a.svm")
v, w = load_svmlight_file("t.svm", n_features=3)
values = {**errors(x.toarray(), y), "test loss": errors(v.toarray(), w)["loss"]}
