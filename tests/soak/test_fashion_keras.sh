# tests/mpi/test_fashion_keras.sh with all nine networks of sweep B's first stage, the optimizers of its
# second stage, and twice the executions.
UNITS="64, 128, 256" OPTIMIZERS=1 EXECUTIONS=10
. "$(dirname "$0")/../mpi/test_fashion_keras.sh"
