# SPDX-License-Identifier: MIT
import formats

formats.write_npz("a.npz", x=([[1], [2], [3], [4], [5]], "<f2"), y=(["fox", "ant", "cow", "ant", "cow"], "<U3"))
