# The search methods are no worse than Optuna's. tests/bench/search_quality.c says how they are compared and
# where the stored numbers come from. The slow method, gp, is tested in tests/soak/test_search_quality.sh.
. "$(dirname "$0")/../lib.sh"
METHODS=${METHODS:-random,latin_hypercube,sobol,tpe} LEARNS=${LEARNS:-tpe}
quality=$(dirname "$MLPSWEEP")/tests/search_quality
stored=$MS_SOURCE_DIR/tests/bench/search_quality_optuna.json

for method in $(echo "$METHODS" | tr , ' '); do
    check "$method: no worse than Optuna's" \
        "$quality" --methods "$method" --lags 0 --against "$stored"
done
for method in $(echo "$LEARNS" | tr , ' '); do
    check "$method: within 0.001 of Beale's minimum" \
        "$quality" --methods "$method" --lags 0 --problems beale-wide --below 0.001
done

# The comparison can fail: random search is worse than Optuna's TPE.
sed 's/"random": {/"other": {/; s/"tpe": {/"random": {/' "$stored" > turned.json
"$quality" --methods random --lags 0 --problems beale --against turned.json > turned.txt
equal "what is worse is called so" "$?" 1
check "by name" grep -q WORSE\\\|DIFFERS turned.txt

finish
