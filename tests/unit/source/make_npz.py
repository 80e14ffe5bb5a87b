# Makes numpy.npz and numpy-stored.npz, arrays as NumPy itself writes them (made with NumPy 2.4.6).
import numpy as np

values = np.array([i * 7 % 23 for i in range(4 * 6)])
arrays = {}
for kind in ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"]:
    for order in "<>":
        for layout in "CF":
            array = values.reshape(4, 2, 3) - (9 if kind[0] in "if" else 0)
            array = array / 4 if kind[0] == "f" else array
            name = kind + ("l" if order == "<" else "b") + layout
            arrays[name] = np.array(array % 2 if kind == "b1" else array, dtype=order + kind, order=layout)
arrays["y"] = np.array([3, 5, 3, 9])
arrays["real"] = np.array([[0.5], [1.5], [2.5], [3.5]])
arrays["hot"] = np.eye(3, dtype="u1")[[2, 0, 1, 2]]
arrays["two"] = np.array([[1.0, 2], [3, 4], [5, 6], [7, 8]], order="F")
arrays["hole"] = np.array([[1.0, 2], [np.nan, 4], [5, 6], [9, np.nan]])
arrays["far"] = np.array([[1.0, 2], [3, 4], [5, -1e39], [7, 8]])
arrays["scalar"] = np.float64(3)
arrays["empty"] = np.zeros((0, 2))
arrays["complex"] = np.zeros(4, complex)
arrays["record"] = np.zeros(4, dtype=[("a", "i4"), ("b", "f4")])
np.savez_compressed("numpy.npz", **arrays)
np.savez("numpy-stored.npz", x=arrays["f8bF"], y=arrays["y"])
