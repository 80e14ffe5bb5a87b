# Do two samples come from one distribution? Exact two-sided permutation tests, for small samples with or
# without ties: Mann-Whitney's (is one shifted against the other?) and Kolmogorov and Smirnov's (does
# the shape differ anywhere?).
#
# In:  name <tab> side <tab> value, side "ours" or "keras", in any order
# Out: name <tab> n ours <tab> n keras <tab> median ours <tab> median keras <tab> p (Mann-Whitney) <tab>
#      p (Kolmogorov-Smirnov), in the order of the names' first appearance
#
# Mann-Whitney: twice the midranks are whole numbers, so that the number of ways to choose n of them
# with every sum is counted exactly (C(40, 20) is far below 2^53). p is the share of choices whose sum is at
# least as far from the mean one as the sum found.
# Kolmogorov-Smirnov: orders of the pooled sample are lattice paths; p is the share of paths that somewhere
# (at the end of a run of equal values) are at least as far from the diagonal as the path found.
# Both conditional on the ties. Checked against scipy.stats: mannwhitneyu and ks_2samp, method "exact".
BEGIN { FS = OFS = "\t"; SUBSEP = " " }

{
    if (!($1 in seen)) { seen[$1] = 1; names[++count] = $1 }
    # A number that is none (NULL, nan, inf) would sort anywhere; it has no place in either sample.
    if ($3 !~ /^-?[0-9.]+([eE][-+]?[0-9]+)?$/) { print "not a number: " $0 > "/dev/stderr"; exit 1 }
    values[$1, $2, ++size[$1, $2]] = $3 + 0
}

# The sample of one side, sorted, into out[1..]; returns how many.
function sample(name, side, out,    i, j, n, v) {
    n = size[name, side] + 0
    for (i = 1; i <= n; i++) {
        v = values[name, side, i]
        for (j = i; j > 1 && out[j - 1] > v; j--) out[j] = out[j - 1]
        out[j] = v
    }
    return n
}

function median(a, n) { return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2 }

# Merges the samples: rank[1..n+m] are doubled midranks, last[k] is 1 where a run of equal values ends,
# mine[k] how many of the first k values are of the first sample (meaningful where last[k] is 1).
function merge(a, n, b, m,    i, j, k, from, v) {
    i = j = 0
    split("", last)
    for (k = 1; k <= n + m;) {
        v = j >= m || (i < n && a[i + 1] <= b[j + 1]) ? a[i + 1] : b[j + 1]
        while (i < n && a[i + 1] == v) { i++; k++ }
        while (j < m && b[j + 1] == v) { j++; k++ }
        last[k - 1] = 1
        mine[k - 1] = i
    }
    from = 1
    for (k = 1; k <= n + m; k++)
        if (last[k]) { for (i = from; i <= k; i++) rank[i] = from + k; from = k + 1 }
}

function mann_whitney(n, m,    i, k, s, top, found, before, mean2, ways, all, far, c) {
    found = before = top = 0
    for (k = 1; k <= n + m; k++)
        if (last[k]) { found += (mine[k] - before) * rank[k]; before = mine[k] }
    # ways[c, s]: choices of c ranks with sum s
    split("", ways)
    ways[0, 0] = 1
    for (k = 1; k <= n + m; k++) {
        top += rank[k]
        for (c = k < n ? k : n; c > 0; c--)
            for (s = top; s >= rank[k]; s--)
                if ((c - 1, s - rank[k]) in ways) ways[c, s] += ways[c - 1, s - rank[k]]
    }
    mean2 = n * (n + m + 1)  # of the doubled sums
    for (s = 0; s <= top; s++)
        if ((n, s) in ways) {
            all += ways[n, s]
            if (abs(s - mean2) >= abs(found - mean2)) far += ways[n, s]
        }
    return far / all
}

function kolmogorov_smirnov(n, m,    i, j, k, d, found, paths) {
    found = 0
    for (k = 1; k <= n + m; k++)
        if (last[k] && (d = abs(mine[k] * m - (k - mine[k]) * n)) > found) found = d
    # Paths that stay nearer than found, and all paths
    split("", paths)
    for (i = 0; i <= n; i++)
        for (j = 0; j <= m; j++) {
            paths[i, j, 0] = i + j == 0 ? 1 : paths[i - 1, j, 0] + paths[i, j - 1, 0]
            paths[i, j, 1] = i + j == 0 ? 1 : paths[i - 1, j, 1] + paths[i, j - 1, 1]
            if (i + j > 0 && last[i + j] && abs(i * m - j * n) >= found) paths[i, j, 1] = 0
        }
    return 1 - paths[n, m, 1] / paths[n, m, 0]
}

function abs(x) { return x < 0 ? -x : x }

END {
    for (k = 1; k <= count; k++) {
        split("", a)
        split("", b)
        n = sample(names[k], "ours", a)
        m = sample(names[k], "keras", b)
        if (n == 0 || m == 0) { print names[k] ": one side has no values" > "/dev/stderr"; exit 1 }
        merge(a, n, b, m)
        printf "%s\t%d\t%d\t%.6g\t%.6g\t%.4g\t%.4g\n", names[k], n, m, median(a, n), median(b, m),
               mann_whitney(n, m), kolmogorov_smirnov(n, m)
    }
}
