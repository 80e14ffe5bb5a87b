# Fashion-MNIST, 784-128-128-10, relu, adam 0.001, batch 128, 10 epochs, 3 executions.
. "$(dirname "$0")/../lib.sh"
[ -d /usr/share/datasets/fashion-mnist ] || { echo "skipped: package dataset-fashion-mnist is missing"; exit 77; }

run "$sweeps/fashion-quick.json" --store f.db --workers 2
equal "finishes" $status 0
equal "3 executions of 10 epochs" "$(sql f.db "select count(*) from execution where state = 'done' and epochs = 10")" 3
worst=$(sql f.db "select min(value) from epoch_metric where metric = 'val_accuracy' and epoch = 10")
mean=$(sql f.db "select avg(value) from epoch_metric where metric = 'val_accuracy' and epoch = 10")
holds "mean val_accuracy after 10 epochs" "$mean >= 0.87"
holds "and no execution far below" "$worst >= 0.86"
test_acc=$(sql f.db "select avg(value) from test_metric where metric = 'accuracy'")
holds "the test set, seen once, agrees" "${test_acc:-0} >= 0.86"
equal "tested once per execution of the winner" "$(sql f.db "select count(*) from test_metric where metric = 'accuracy'")" 3
finish
