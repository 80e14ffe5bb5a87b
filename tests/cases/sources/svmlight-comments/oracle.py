# SPDX-License-Identifier: MIT
from ones import errors
from sklearn.datasets import load_svmlight_file

x, y = load_svmlight_file("a.svm")
values = errors(x.toarray(), y)
