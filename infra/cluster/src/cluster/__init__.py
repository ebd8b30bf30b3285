"""A real Kubernetes of one node on a plain Debian machine: built from Go modules, kept in namespaces of its own."""
