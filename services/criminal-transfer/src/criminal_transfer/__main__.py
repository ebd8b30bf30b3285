"""`python -m criminal_transfer serve|consume|relay|ticks|migrate|all`."""

from criminal_transfer.app import main

main()
