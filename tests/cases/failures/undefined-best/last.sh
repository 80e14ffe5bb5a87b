# last.sh VALUE: 1, then VALUE
echo '{"m": 1}'
echo "{\"m\": $1}"
