"""Tasks, their findings and orders, and where officers were."""

from datetime import UTC, datetime
from itertools import groupby, pairwise

from verify.invariants import Outcome, invariant
from verify.sources import Sources

ENDED = ("ON_SPOT_CLOSED", "VERIFIED_CLOSED", "HANDED_OVER", "VOID")
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@invariant("INV-01", "a task CLOSED has no finding in an open state", needs=("inspections",))
async def closed_tasks_are_done(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = """
        SELECT i.id, array_remove(array_agg(f.id::text || ' ' || f.state) FILTER (WHERE f.state <> ALL($1::text[])), NULL) AS open
        FROM inspections i LEFT JOIN findings f ON f.inspection_id = i.id WHERE i.state = 'CLOSED' GROUP BY i.id ORDER BY i.id
    """
    for task in await sources.rows("inspections", query, list(ENDED)):
        outcome.look(not task["open"], f"task {task['id']}: open findings {', '.join(task['open'] or ())}")
    return outcome


@invariant("INV-02", "no F04, F05 or F08 without a signed (or refusal-noted) F03 of the same task", needs=("inspections",))
async def records_come_first(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = """
        SELECT d.document_id, d.form, i.id AS task, i.record_document_id IS NOT NULL OR i.refusal_document_id IS NOT NULL AS recorded
        FROM documents d JOIN inspections i ON i.id = d.inspection_id
        WHERE d.form IN ('F04', 'F05', 'F08') AND d.state NOT IN ('DRAFT', 'VOID') ORDER BY d.document_id
    """
    for document in await sources.rows("inspections", query):
        outcome.look(document["recorded"], f"{document['form']} {document['document_id']} of task {document['task']}")
    return outcome


@invariant("INV-08", "no officer is in two places: on site and questioning intervals do not overlap", needs=("inspections", "penalties"))
async def nobody_is_in_two_places(sources: Sources) -> Outcome:
    outcome = Outcome()
    stays = await sources.rows("inspections", "SELECT officer_id, from_at, to_at, 'task ' || inspection_id AS place FROM stays")
    questionings = await sources.rows(
        "penalties",
        "SELECT o AS officer, starts_at, ends_at, 'questioning ' || id AS place FROM questionings, unnest(officer_ids) o",
    )
    times = [(stay["officer_id"], stay["from_at"], stay["to_at"] or FOR_EVER, stay["place"]) for stay in stays]
    times += [(one["officer"], one["starts_at"], one["ends_at"] or FOR_EVER, one["place"]) for one in questionings]
    outcome.rows = len(times)
    for officer, found in groupby(sorted(times), key=lambda time: time[0]):
        latest = (officer, datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), "")
        for _, (_, begins, ends, place) in pairwise([latest, *found]):
            if begins < latest[2]:
                outcome.violations.append(f"{officer}: {latest[3]} and {place}")
            latest = max(latest, (officer, begins, ends, place), key=lambda time: time[2])
    return outcome


@invariant("INV-17", "a finding classed MAJOR cites an item of the judging standard", needs=("inspections",))
async def major_dangers_cite_the_standard(sources: Sources) -> Outcome:
    outcome = Outcome()
    for finding in await sources.rows("inspections", "SELECT id, standard_item FROM findings WHERE severity = 'MAJOR' ORDER BY id"):
        outcome.look(bool(finding["standard_item"].strip()), f"finding {finding['id']}")
    return outcome
