# SPDX-License-Identifier: MIT
#
# Makes the files of corpus/ that are not text: messages of the wire, NumPy's arrays, IDX.
import gzip
import io
import os
import struct
import zipfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")


def put(folder, name, data):
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    with open(os.path.join(HERE, folder, name), "wb") as f:
        f.write(data)


# --- wire: see common/wire/wire.c ---

def u32(*v):
    return struct.pack("<%dI" % len(v), *v)


def u64(*v):
    return struct.pack("<%dQ" % len(v), *v)


def f64(*v):
    return struct.pack("<%dd" % len(v), *v)


def text(s):
    return u32(len(s)) + s.encode()


def message(kind, *parts):
    return bytes([4, kind]) + b"".join(parts)


attempt = u64(7) + u32(1, 2, 0, 0, 2) + f64(0.5, float("nan"))
plain, part = b"\0", b"\7" + u32(3, 9, 4) + b"MSTS" + u32(2) + f64(0.25, float("nan")) + b"\1" + f64(0.5)
put("wire", "setup", message(1, text("a.json"), text('{"name": "a"}')))
put("wire", "assign", message(2, u32(2), attempt, plain, attempt, part))
put("wire", "recall", message(3, u32(3), u64(1, 2, 3)))
put("wire", "cancel", message(4, u32(1), u64(9)))
put("wire", "ping", message(5))
put("wire", "finish", message(6))
put("wire", "ready", message(7, text("host"), u32(10, 11), text("cpu; blas")))
put("wire", "metrics", message(8, u64(7), u32(1, 2, 2), f64(1, 2, 3, 4), u32(0)))
put("wire", "metrics-named", message(8, u64(7), u32(3, 1, 2), f64(1, 2), u32(9), b"loss\0acc\0"))
put("wire", "result", message(9, u64(7), b"\0\1", u32(20), f64(1.5, 1.4, 0.1, 1e8), u32(2), f64(0.5, 0.9),
                              text(""), text("")))
put("wire", "result-error", message(9, u64(7), b"\4\0", u32(0), f64(0, 0, 0, 0), u32(0), text("no memory"),
                                    text("Traceback\n")))
put("wire", "returned", message(10, u32(0)))
put("wire", "pong", message(11))
put("wire", "state", message(12, u64(7), u32(3), u32(4), b"MSTS"))
put("wire", "weights", message(13, u64(7), u32(3), f64(0.5), u32(2), bytes(8)))


# --- NumPy's arrays ---

def npy(descr, shape, data, fortran=False, version=1):
    head = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }" % (descr, fortran, shape)
    head += " " * (-(len(head) + 11) % 16) + "\n"
    size = struct.pack("<H" if version == 1 else "<I", len(head))
    return b"\x93NUMPY" + bytes([version, 0]) + size + head.encode() + data


def archive(method, **arrays):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in arrays.items():
            z.writestr(zipfile.ZipInfo(name + ".npy"), data, method)
    return out.getvalue()


classes = npy("<i8", "(8,)", struct.pack("<8q", 0, 1, 2, 0, 1, 2, 0, 1))
reals = npy("<f8", "(8, 2)", f64(*[i / 4 for i in range(16)]))
bytes_ = npy("|u1", "(8, 2, 2)", bytes(range(32)))
put("npy", "classes.npy", classes)
put("npy", "reals.npy", reals)
put("npy", "hot.npy", npy("|b1", "(6, 2)", b"\1\0\0\1" * 3))
put("npy", "big-fortran.npy", npy(">f4", "(4, 3)", struct.pack(">12f", *range(12)), True, 2))
put("npy", "hole.npy", npy("<f4", "(6, 2)", struct.pack("<12f", *range(7), float("nan"), *range(4)), False, 3))
put("npy", "far.npy", npy("<f8", "(3,)", f64(1, 2, 1e300)))
put("npy", "bytes.npy", bytes_)
put("npy", "packed.npy.gz", gzip.compress(reals, mtime=0))
put("npy", "stored.npz", archive(zipfile.ZIP_STORED, x=bytes_, y=classes))
put("npy", "deflated.npz", archive(zipfile.ZIP_DEFLATED, y=classes, x=reals))
put("npy", "elsewhere.npz", archive(zipfile.ZIP_STORED, a=classes))


# --- IDX ---

def idx(data, *dims):
    return bytes([0, 0, 8, len(dims)]) + struct.pack(">%dI" % len(dims), *dims) + data


def pair(name, labels, images):
    put("idx", name, struct.pack("<H", len(labels)) + labels + images)


labels, images = idx(b"\0\1\2\1\0\2", 6), idx(bytes(range(24)), 6, 2, 2)
pair("plain", labels, images)
pair("flat", labels, idx(bytes(range(18)), 6, 3))
pair("packed", gzip.compress(labels, mtime=0), gzip.compress(images, mtime=0))
pair("short", labels, images[:-3])
pair("differ", labels, idx(bytes(20), 5, 2, 2))
pair("huge", labels, idx(b"", 0x7fffffff, 1024, 1024))
