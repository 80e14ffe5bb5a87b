# All methods, gp among them: tests/mpi/test_search_quality.sh.
METHODS=random,latin_hypercube,sobol,tpe,gp LEARNS=tpe,gp
. "$(dirname "$0")/../mpi/test_search_quality.sh"
