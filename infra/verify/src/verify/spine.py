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
            count(*) OVER (PARTITION BY machine, object_id, "row", version) AS times
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
