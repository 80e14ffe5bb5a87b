# SPDX-License-Identifier: MIT
import pandas as pd

y = pd.read_csv("a.csv", sep=";").rename(columns=str.strip)["y"].str.strip().value_counts()
values = {"classes": f"<no>{y['no']},<yes>{y['yes']}"}
