"""A service as small as can be, to try servicekit on."""
