# Do two samples of executions have one mean? Student's t with the pooled spread, two-sided: unlike rank
# tests, it has an answer if one side is a single run.
#
# In:  name <tab> side <tab> value, side "ours" or "keras", in any order
# Out: name <tab> n ours <tab> n keras <tab> mean ours <tab> mean keras <tab> pooled sd <tab> p, in the
#      order of the names' first appearance; then "all" with the p of the t values' sum (normal: their
#      variance is df/(df-2)), which sees a small difference that is everywhere of the same sign.
BEGIN { FS = OFS = "\t"; SUBSEP = " " }

{
    if (!($1 in seen)) { seen[$1] = 1; names[++count] = $1 }
    if ($3 !~ /^-?[0-9.]+([eE][-+]?[0-9]+)?$/) { print "not a number: " $0 > "/dev/stderr"; exit 1 }
    n[$1, $2]++
    sum[$1, $2] += $3
    square[$1, $2] += $3 * $3
}

# Student's density's integral from 0 to t, by Simpson's rule.
function within(t, df,    c, k, i, h, s, steps) {
    c = df % 2 ? 1 / 3.14159265358979 : 1 / sqrt(8)
    for (k = df % 2 ? 3 : 4; k <= df; k += 2) c *= (k - 1) / (k - 2) * sqrt((k - 2) / k)
    steps = 2000
    h = t / steps
    for (i = 0; i <= steps; i++)
        s += (i == 0 || i == steps ? 1 : i % 2 ? 4 : 2) * exp(-(df + 1) / 2 * log(1 + (i * h) ^ 2 / df))
    return c * s * h / 3
}

function abs(x) { return x < 0 ? -x : x }

END {
    for (k = 1; k <= count; k++) {
        name = names[k]
        a = n[name, "ours"]; b = n[name, "keras"]; df = a + b - 2
        if (a < 1 || b < 1 || df < 3) { print name ": too few values" > "/dev/stderr"; exit 1 }
        mean_a = sum[name, "ours"] / a; mean_b = sum[name, "keras"] / b
        v = (square[name, "ours"] - a * mean_a ^ 2 + square[name, "keras"] - b * mean_b ^ 2) / df
        if (v <= 0) { print name ": no spread" > "/dev/stderr"; exit 1 }
        t = (mean_a - mean_b) / sqrt(v * (1 / a + 1 / b))
        total += t
        variance += df / (df - 2)
        printf "%s\t%d\t%d\t%.4f\t%.4f\t%.4f\t%.4g\n", name, a, b, mean_a, mean_b, sqrt(v), 1 - 2 * within(abs(t), df)
    }
    # Student's t with many degrees of freedom is the normal distribution.
    printf "all\t%d\t%.4g\n", count, 1 - 2 * within(abs(total) / sqrt(variance), 100000)
}
