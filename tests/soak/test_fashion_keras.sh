# All three ways of sweep D, all nine networks of sweep B's first stage, the optimizers of its second, and twice
# the executions: tests/mpi/test_fashion_keras.sh.
WAYS="sgd-7 sgd-196 rmsprop-784" UNITS="64, 128, 256" OPTIMIZERS=1 EXECUTIONS=10
. "$(dirname "$0")/../mpi/test_fashion_keras.sh"
