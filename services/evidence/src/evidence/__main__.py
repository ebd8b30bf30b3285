"""`python -m evidence serve|consume|relay|ticks|migrate|load-reference|all`."""

from evidence.app import main

main()
