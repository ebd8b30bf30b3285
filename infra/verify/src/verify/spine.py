"""What servicekit promises of every service: nothing made twice, nothing left unsaid."""

from verify.invariants import Outcome, invariant
from verify.sources import Sources

UNSAID_FOR = "1 minute"


@invariant("OUTBOX", f"no recorded event waits longer than {UNSAID_FOR} for its topic")
async def events_are_sent(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = f"SELECT event_id, type, published_at IS NOT NULL OR recorded_at > now() - interval '{UNSAID_FOR}' AS said FROM outbox"  # noqa: S608
    for service in sources.services:
        for event in await sources.rows(service, query):
            outcome.look(event["said"], f"{service}: {event['type']} {event['event_id']}")
    return outcome


@invariant("HISTORY", "each move starts in the state where the one before ended, and none is recorded twice")
async def moves_follow_each_other(sources: Sources) -> Outcome:
    outcome = Outcome()
    # Without row: a change that is no move (a user renamed), of which one transaction may make several.
    query = """
        SELECT machine, object_id, "row", version, source,
            lag(target) OVER (PARTITION BY machine, object_id ORDER BY id) AS before,
            count(*) OVER (PARTITION BY machine, object_id, "row", move, version) AS times
        FROM history WHERE "row" <> ''
    """
    for service in sources.services:
        for move in await sources.rows(service, query):
            name = f"{service}: {move['machine']} {move['object_id']} {move['row']} at version {move['version']}"
            outcome.look(
                move["before"] in (None, move["source"]), f"{name} starts in {move['source']}, the one before ended in {move['before']}"
            )
            if move["times"] > 1:
                outcome.violations.append(f"{name} is recorded {move['times']} times")
    return outcome


# Machine -> table of its objects, where history is the whole of their past.
MACHINES = {
    "inspections": {
        "inspection": "inspections",
        "finding": "findings",
        "order": "orders",
        "measure": "measures",
    },
    "penalties": {
        "case": "cases",
        "hearing": "hearings",
        "fine_account": "fine_accounts",
        "penalty_publicity": "publicity_items",
        "upward_filing": "upward_filings",
        "remedy": "remedies",
    },
    "documents": {"document": "documents"},
    "evidence": {"evidence": "items"},
    "criminal_transfer": {"transfer": "transfers"},
}


@invariant("INV-22", "the moves of an object, told again in order, end in the state in which it stands")
async def history_leads_to_the_state(sources: Sources) -> Outcome:
    outcome = Outcome()
    for service in sources.services:
        for machine, table in MACHINES.get(service, {}).items():
            query = f"""
                SELECT o.id, o.state, h.target FROM {table} o LEFT JOIN LATERAL (
                    SELECT target FROM history WHERE machine = $1 AND object_id = o.id::text ORDER BY id DESC LIMIT 1
                ) h ON true
            """  # noqa: S608 - names of the table above
            for found in await sources.rows(service, query, machine):
                outcome.look(
                    found["state"] == found["target"], f"{service}: {machine} {found['id']} is {found['state']}, told {found['target']}"
                )
    return outcome
