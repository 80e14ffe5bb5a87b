# SPDX-License-Identifier: MIT
with open("a.csv", "wb") as file:
    file.write("größe,y\n1,2.5\n3,4.5\n".encode("latin-1"))
