"""The stories that `make demo` tells and tests/e2e asserts, by HTTP alone."""
