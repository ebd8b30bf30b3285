"""Tasks, their findings and orders, and where officers were."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from verify.invariants import Outcome, invariant
from verify.sources import Sources

ENDED = ("ON_SPOT_CLOSED", "VERIFIED_CLOSED", "HANDED_OVER", "VOID")
SHANGHAI = ZoneInfo("Asia/Shanghai")
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


@invariant("INV-02", "no F04, F05 or F08 without a signed (or refusal-noted) record of the same task", needs=("inspections",))
async def records_come_first(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = """
        SELECT d.document_id, d.form, i.id AS task, i.record_document_id IS NOT NULL OR i.refusal_document_id IS NOT NULL
            OR d.form = 'F08' AND EXISTS (
                SELECT 1 FROM documents r WHERE r.inspection_id = i.id AND r.form = 'F17' AND r.state NOT IN ('DRAFT', 'VOID')
            ) AS recorded
        FROM documents d JOIN inspections i ON i.id = d.inspection_id
        WHERE d.form IN ('F04', 'F05', 'F08') AND d.state NOT IN ('DRAFT', 'VOID') ORDER BY d.document_id
    """
    for document in await sources.rows("inspections", query):
        outcome.look(document["recorded"], f"{document['form']} {document['document_id']} of task {document['task']}")
    return outcome


@invariant("INV-07", "a seal lasts 30 days, 60 if extended, and its own days of appraisal; it is not rolled", needs=("inspections",))
async def seals_end_in_time(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = """
        SELECT m.id, m.applied_at, m.extended_days, m.appraisals, t.raw FROM measures m
        JOIN timers t ON t.object_id = m.id AND t.timer = 'D02' AND t.raw <> '' WHERE m.kind <> 'POWER' ORDER BY m.id
    """
    for measure in await sources.rows("inspections", query):
        appraisals = json.loads(measure["appraisals"]) if isinstance(measure["appraisals"], str) else measure["appraisals"]
        excluded = sum(_excluded(appraisal) for appraisal in appraisals)
        first = measure["applied_at"].astimezone(SHANGHAI).date()
        latest = first + timedelta(days=30 + measure["extended_days"] + excluded)
        holds = measure["extended_days"] <= 30 and date.fromisoformat(measure["raw"][:10]) <= latest
        outcome.look(holds, f"measure {measure['id']}: {measure['raw']}, at the latest {latest}")
    return outcome


def _excluded(appraisal: Mapping[str, Any]) -> int:
    """Days of a test that do not count, at most those stated to the party (AEL 25(3))."""
    if not appraisal.get("ended_on"):
        return int(appraisal["stated_days"])
    took = date.fromisoformat(appraisal["ended_on"]) - date.fromisoformat(appraisal["from_on"])
    return int(min(took.days, appraisal["stated_days"]))


@invariant(
    "INV-23",
    "goods under seal past their last day are given back, confiscated, destroyed, the police's, or overdue",
    needs=("inspections",),
)
async def nothing_stays_sealed(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = """
        SELECT m.id, m.state, t.expires_at <= now() + make_interval(secs => coalesce(c.offset_seconds, 0)) - interval '1 minute' AS over
        FROM measures m JOIN timers t ON t.object_id = m.id AND t.timer = 'D02'
        LEFT JOIN legal_clock c ON starts_with(m.org_path, c.root)
        WHERE m.kind <> 'POWER' AND m.state = ANY($1::text[])
    """
    for measure in await sources.rows("inspections", query, ["IN_FORCE", "EXTENDED", "URGENT_APPLIED"]):
        outcome.look(not measure["over"], f"measure {measure['id']} is still {measure['state']}")
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
