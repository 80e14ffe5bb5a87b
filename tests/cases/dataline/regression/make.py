# SPDX-License-Identifier: MIT
import random

draw = random.Random(5)
with open("houses.csv", "w") as file:
    file.write("a,b,c,d,e,f,g,h,price\n")
    for _ in range(1200):
        file.write(",".join(f"{draw.gauss(3, 2):.3f}" for _ in range(8)) + f",{draw.gauss(200, 50):.2f}\n")
