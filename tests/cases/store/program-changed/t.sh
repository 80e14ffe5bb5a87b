#!/bin/sh
# SPDX-License-Identifier: MIT
echo "{\"m\": $1}"
