# lucky.sh LR EXECUTION
if [ "$1$2" = 13 ]; then echo out of luck >&2; exit 7; fi
echo "{\"val_loss\": 0.$1}"
