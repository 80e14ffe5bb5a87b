# SPDX-License-Identifier: MIT
text = 'größe,stadt,preis\n1.5,Ã¶,3.5\n2,o,7\n3,Ã¶,1.25\n'
with open("a.csv", "wb") as file:
    file.write(b'' + text.encode("latin-1"))
