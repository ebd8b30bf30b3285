"""Limits that law leaves to the authority: none is verified against an official text, so each is a setting."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """rectification_days: longest item deadline of an order (WSL 65, 30 days [K]). checks_per_year: frequency cap per
    enterprise and authority (国办发〔2024〕54号 [K]). scheme_hours: in which the scheme of an urgent check follows [P].
    night_from, night_to: the hours that AEL 43 calls night and does not name [P]."""

    rectification_days: int = 30
    checks_per_year: int = 4
    scheme_hours: int = 24
    night_from: int = 22
    night_to: int = 6
    verified: bool = False
