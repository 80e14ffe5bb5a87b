# fails.sh VALUE EXECUTION FAILS: the first FAILS executions end with an error
[ "$2" -lt "$3" ] && exit 1
echo "{\"val_loss\": $1}"
