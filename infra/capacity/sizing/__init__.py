"""Costs times load: what each role of each service needs."""
