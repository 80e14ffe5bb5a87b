# lucky.sh LR EXECUTION: 0.2 for rate 2; for rate 1 once 0.1, and then no number
if [ "$1" = 2 ]; then echo '{"val_loss": 0.2}'
elif [ "$2" = 0 ]; then echo '{"val_loss": 0.1}'
else echo '{"val_loss": NaN}'; fi
