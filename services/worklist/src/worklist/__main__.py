"""`python -m worklist serve|consume|relay|ticks|migrate|load-reference|all`."""

from worklist.app import main

main()
