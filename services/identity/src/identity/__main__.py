"""`python -m identity serve|consume|relay|ticks|migrate|load-reference|all|bootstrap|load-demo|rotate-keys`."""

from identity.app import main

main()
