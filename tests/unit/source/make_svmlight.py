# Makes svmlight-*.txt, files in the text format of SVMlight and LIBSVM, and beside each what scikit-learn's
# load_svmlight_file reads from it: svmlight-*.expect has the shape, then a line "label value value …" for each row.
# Made with scikit-learn 1.9.1 and NumPy 2.4.6.
import io

import numpy as np
from sklearn.datasets import dump_svmlight_file, load_svmlight_file

random = np.random.default_rng(11)


def put(name, text, **options):
    with open(name + ".txt", "wb") as file:
        file.write(text)
    x, y = load_svmlight_file(io.BytesIO(text), **options)
    with open(name + ".expect", "w") as file:
        file.write("%d %d\n" % x.shape)
        for label, row in zip(y, x.toarray()):
            file.write(" ".join("%.17g" % v for v in [label, *row]) + "\n")


def dumped(x, y, **options):
    out = io.BytesIO()
    dump_svmlight_file(x, y, out, **options)
    return out.getvalue()


x = np.where(random.random((12, 7)) < 0.4, random.normal(size=(12, 7)), 0)
x[0, 0] = 0.1
y = random.integers(0, 3, 12)
put("svmlight-one", dumped(x, y, zero_based=False))
put("svmlight-zero", dumped(x, y, zero_based=True, comment="made by scikit-learn"))
put("svmlight-query", dumped(x, random.normal(size=12), zero_based=False, query_id=np.repeat([1, 2, 3], 4)))
put("svmlight-by-hand", b"""+1 1:0.5  3:-2e-1 # glued:to it
\t

# 7:7
-1 2:1\t4:.5 
-1 # no features
+1.0 004:1e2 5:3.
-1 1:2# 9:9
1 5:1""", n_features=6)
