"""Transfers of suspected crimes: the hand-over within 24 hours of the approval."""

import json
from datetime import datetime, timedelta

from verify.invariants import Outcome, invariant
from verify.sources import Sources

DAY = timedelta(hours=24)
HANDED = "SELECT id, decision, package FROM transfers WHERE package IS NOT NULL ORDER BY id"
LIMITS = "SELECT object_id, state FROM timers WHERE timer = 'D34' AND object_kind = 'transfer'"


@invariant("INV-10", "an approved transfer is handed over within 24 hours (D34) or carries its breach", needs=("criminal_transfer",))
async def transfers_are_handed_over_in_time(sources: Sources) -> Outcome:
    outcome = Outcome()
    breached = {row["object_id"] for row in await sources.rows("criminal_transfer", LIMITS) if row["state"] == "BREACHED"}
    for row in await sources.rows("criminal_transfer", HANDED):
        decision, package = (json.loads(row[name]) if isinstance(row[name], str) else row[name] for name in ("decision", "package"))
        approved = bool(decision) and decision["approved"]
        took = datetime.fromisoformat(package["handed_at"]) - datetime.fromisoformat(decision["decided_at"]) if approved else DAY
        outcome.look(approved and (took <= DAY) == (row["id"] not in breached), f"transfer {row['id']}: {took}")
    return outcome
