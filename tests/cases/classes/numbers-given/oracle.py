# SPDX-License-Identifier: MIT
import pandas as pd

values = {"accuracy": (pd.read_csv("a.csv")["y"] == 7).mean()}
