# SPDX-License-Identifier: MIT
from sklearn.metrics import f1_score

values = {"val_f1_score": f1_score(["p", "q"], ["p", "q"], average="macro")}
