# SPDX-License-Identifier: MIT
import pandas as pd

y = pd.read_csv("a.csv")["y"]
train, validation = y[:7].value_counts(), y[7:].value_counts()
values = {"classes": ", ".join(f"{label} {train[label]} {validation.get(label, 0)}" for label in sorted(set(y)))}
