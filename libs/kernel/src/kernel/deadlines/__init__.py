"""The statutory deadlines: what starts when, how long it runs, when it ends, and by which rule."""

from kernel.deadlines.answering import compute
from kernel.deadlines.deadline import Deadline
from kernel.deadlines.question import BadInput, CalendarNotLoaded, NoSuchPeriodYet, UnknownTimer

__all__ = ["BadInput", "CalendarNotLoaded", "Deadline", "NoSuchPeriodYet", "UnknownTimer", "compute"]
