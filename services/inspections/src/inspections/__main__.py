"""`python -m inspections serve|consume|relay|ticks|migrate|load-reference|all`."""

from inspections.app import main

main()
