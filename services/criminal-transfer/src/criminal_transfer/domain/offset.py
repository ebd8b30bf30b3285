"""What a criminal fine leaves of an administrative one. Law: APL 35; TRR 11."""

from kernel.money import Money

from criminal_transfer.domain.records import Offset, Outcome

NIL = Money(0)


def offset(court_fine: Money, administrative_fine: Money, paid: Money) -> Offset:
    """`criminal_fine_due = max(0, court_fine - paid)`. A fine not yet imposed is imposed no more; one imposed and not paid in full
    rests until a lawyer has decided. Without a criminal fine nothing is offset."""
    due = Money(max(0, court_fine.fen - paid.fen))
    if court_fine == NIL:
        outcome = Outcome.UNTOUCHED
    elif administrative_fine == NIL:
        outcome = Outcome.NONE_ANY_MORE
    elif paid.fen >= administrative_fine.fen:
        outcome = Outcome.OFFSET
    else:
        outcome = Outcome.PAUSED
    return Offset(court_fine, administrative_fine, paid, due, outcome)
