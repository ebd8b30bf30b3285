"""`python -m lawbook serve|consume|relay|ticks|migrate|load-reference|all`."""

from lawbook.app import main

main()
