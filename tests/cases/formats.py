# SPDX-License-Identifier: MIT
"""Writers of the formats that mlpsweep reads, in nothing but Python's standard library.

A case's make.py calls them; so do the property test and whatever else needs a file in a given format.
"""
import gzip
import math
import sqlite3
import struct
import zipfile

# NumPy's type codes without the byte order, and struct's letters.
LETTERS = {"f2": "e", "f4": "f", "f8": "d", "b1": "?", "i1": "b", "i2": "h", "i4": "i", "i8": "q",
           "u1": "B", "u2": "H", "u4": "I", "u8": "Q"}


def shape_of(array):
    return () if not isinstance(array, (list, tuple)) else (len(array), *shape_of(array[0] if array else 0))


def flat(array):
    return [array] if not isinstance(array, (list, tuple)) else [x for row in array for x in flat(row)]


def fortran(array, shape):
    """The elements with the first index varying fastest."""
    values, out = flat(array), []
    strides = [math.prod(shape[k + 1:]) for k in range(len(shape))]
    for n in range(len(values)):
        place = 0
        for size, stride in zip(shape, strides):
            place += n % size * stride
            n //= size
        out.append(values[place])
    return out


def npy(array, dtype="<f8", fortran_order=False, shape=None):
    """An array of nested lists as the bytes of a .npy file (numpy.lib.format, version 1.0).

    dtype is '<f8', '>i4', '|b1', … or fixed-width text: '<U5', '|S5'.
    """
    shape = shape if shape is not None else shape_of(array)
    values = fortran(array, shape) if fortran_order else flat(array)
    order, kind = dtype[0], dtype[1:]
    if kind[0] == "U":
        data = b"".join(v.encode("utf-32-le" if order == "<" else "utf-32-be").ljust(4 * int(kind[1:]), b"\0")
                        for v in values)
    elif kind[0] == "S":
        data = b"".join(v.encode().ljust(int(kind[1:]), b"\0") for v in values)
    else:
        data = struct.pack(f"{'>' if order == '>' else '<'}{len(values)}{LETTERS[kind]}", *values)
    head = f"{{'descr': '{dtype}', 'fortran_order': {fortran_order}, 'shape': {tuple(shape)!r}, }}"
    head = head.ljust((len(head) + 10) // 64 * 64 + 64 - 11) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode("latin-1") + data


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def write_npy(path, array, dtype="<f8", fortran_order=False, shape=None):
    write(path, npy(array, dtype, fortran_order, shape))


def write_npz(path, compressed=False, **arrays):
    """arrays: name = (array, dtype)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as archive:
        for name, (array, dtype) in arrays.items():
            archive.writestr(f"{name}.npy", npy(array, dtype))


def idx(array):
    """Bytes, in nested lists, as the bytes of an IDX file."""
    shape = shape_of(array)
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + bytes(flat(array))


def write_idx(path, array):
    data = idx(array)
    write(path, gzip.compress(data, mtime=0) if path.endswith(".gz") else data)


def write_sqlite(path, table, header, rows, types=None):
    """A table whose columns have the types, or none."""
    columns = ", ".join('"%s" %s' % (name.replace('"', '""'), kind)
                        for name, kind in zip(header, types or [""] * len(header)))
    store = sqlite3.connect(path)
    with store:
        store.execute(f'CREATE TABLE "{table}" ({columns})')
        store.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(header))})', rows)
    store.close()


def write_svmlight(path, rows, targets):
    """Features are numbered from 1; zeros are left out."""
    with open(path, "w", encoding="utf-8") as file:
        for row, target in zip(rows, targets):
            file.write(f"{target!r}" + "".join(f" {k + 1}:{v!r}" for k, v in enumerate(row) if v) + "\n")
