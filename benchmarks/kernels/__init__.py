"""The kernels that are timed, a module a topic: each has FAMILIES, and says what its peers are."""
