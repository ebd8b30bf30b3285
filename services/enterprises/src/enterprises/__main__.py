"""`python -m enterprises serve|consume|relay|ticks|migrate|load-reference|all`."""

from enterprises.app import main

main()
