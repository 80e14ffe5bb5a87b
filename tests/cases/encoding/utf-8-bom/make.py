# SPDX-License-Identifier: MIT
text = 'größe,stadt,preis\n1.5,Köln,3.5\n2,Łódź,7\n3,Köln,1.25\n'
with open("a.csv", "wb") as file:
    file.write(b'\xef\xbb\xbf' + text.encode("utf-8"))
