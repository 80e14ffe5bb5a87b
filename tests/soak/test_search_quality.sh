# tests/mpi/test_search_quality.sh with all methods, gp among them.
METHODS=random,latin_hypercube,sobol,tpe,gp LEARNS=tpe,gp
. "$(dirname "$0")/../mpi/test_search_quality.sh"
