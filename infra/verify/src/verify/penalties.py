"""Penalty cases: notice and decision, time limits, three persons, one act one fine, publicity."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from verify.invariants import Outcome, invariant
from verify.sources import Sources

DECIDED = "SELECT * FROM cases WHERE decided_proposal > 0 ORDER BY id"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSED = {"PASS", "PASS_WITH_CHANGES"}
# A case that is decided again has a limit of its own: the latest counts.
LIMITS = "SELECT object_id, expires_at, state FROM timers WHERE timer = $1 AND object_kind = 'case' ORDER BY starts_at"


def _list(value: Any) -> list[Any]:
    found: list[Any] = json.loads(value) if isinstance(value, str) else value
    return found


def _numbered(proposals: Iterable[Mapping[str, Any]], number: int) -> Mapping[str, Any]:
    return next((proposal for proposal in proposals if proposal["number"] == number), {})


def _ground(proposal: Mapping[str, Any]) -> tuple[Any, ...]:
    return [fact["text"] for fact in proposal.get("facts", ())], proposal.get("violated"), proposal.get("basis")


def _amounts(proposal: Mapping[str, Any]) -> dict[str, int]:
    return {item["kind"]: item["amount"]["fen"] for item in proposal.get("items", ())}


@invariant("INV-03", "a decision rests on the latest served notice: same facts and basis, no heavier penalty", needs=("penalties",))
async def decisions_follow_their_notice(sources: Sources) -> Outcome:
    outcome = Outcome()
    for case in await sources.rows("penalties", DECIDED):
        proposals, served = _list(case["proposals"]), [n for n in _list(case["notices"]) if n["deemed_on"]]
        decided = _numbered(proposals, case["decided_proposal"])
        told = _numbered(proposals, served[-1]["proposal_number"]) if served else {}
        allowed = _amounts(told)
        lighter = all(kind in allowed and amount <= allowed[kind] for kind, amount in _amounts(decided).items())
        outcome.look(bool(told) and _ground(decided) == _ground(told) and lighter, f"case {case['id']}")
    return outcome


@invariant(
    "INV-04",
    "where a hearing could be asked for, it was told, and its time was over or it was held before the decision",
    needs=("penalties",),
)
async def hearings_come_first(sources: Sources) -> Outcome:
    outcome = Outcome()
    asked: dict[Any, list[Mapping[str, Any]]] = {}
    for hearing in await sources.rows("penalties", "SELECT case_id, state, ended_at FROM hearings"):
        asked.setdefault(hearing["case_id"], []).append(hearing)
    limits = {row["object_id"]: row["expires_at"] for row in await sources.rows("penalties", LIMITS, "D09")}
    for case in await sources.rows("penalties", DECIDED):
        decided = _numbered(_list(case["proposals"]), case["decided_proposal"])
        if not decided.get("hearing_grounds"):
            continue
        notices = [notice for notice in _list(case["notices"]) if notice["deemed_on"] and notice["hearing_document_id"]]
        held = any(
            hearing["state"] in {"CLOSED_HELD", "TERMINATED_ABSENT", "REPORTED"} and hearing["ended_at"] < case["decided_at"]
            for hearing in asked.get(case["id"], ())
        )
        limit = limits.get(case["id"])
        over = bool(notices) and (notices[-1]["hearing_waived"] or (limit is not None and limit <= case["decided_at"]))
        outcome.look(bool(notices) and (held or over), f"case {case['id']}: grounds {decided['hearing_grounds']}")
    return outcome


@invariant("INV-05", "after a hearing that was held a legal review passed before the decision", needs=("penalties",))
async def reviews_follow_hearings(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = """
        SELECT c.id, c.reviews, max(h.ended_at) AS held_at FROM cases c JOIN hearings h ON h.case_id = c.id
        WHERE c.decided_proposal > 0 AND h.ended_at < c.decided_at AND h.state IN ('CLOSED_HELD', 'TERMINATED_ABSENT', 'REPORTED')
        GROUP BY c.id, c.reviews
    """
    for case in await sources.rows("penalties", query):
        passed = [datetime.fromisoformat(review["at"]) for review in _list(case["reviews"]) if review["result"] in PASSED]
        outcome.look(any(at > case["held_at"] for at in passed), f"case {case['id']}: held at {case['held_at']}")
    return outcome


@invariant("INV-06", "a decision keeps its limit (D12) or is marked late", needs=("penalties",))
async def decisions_are_in_time_or_late(sources: Sources) -> Outcome:
    outcome = Outcome()
    limits = {row["object_id"]: row["expires_at"] for row in await sources.rows("penalties", LIMITS, "D12")}
    for case in await sources.rows("penalties", DECIDED):
        limit = limits.get(case["id"])
        outcome.look(limit is not None and case["late"] == (case["decided_at"] >= limit), f"case {case['id']}: limit {limit}")
    return outcome


@invariant("INV-09", "no decision on a suspect while its transfer lies between approval and the result", needs=("penalties",))
async def suspects_are_not_fined_meanwhile(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = """
        SELECT c.id, t.id AS transfer, c.decided_at >= t.approved_at AND (t.ended_at IS NULL OR c.decided_at < t.ended_at) AS meanwhile
        FROM cases c JOIN transfers t ON t.approved_at IS NOT NULL AND (
            t.case_id = c.id OR c.party_kind = 'UNIT' AND c.enterprise_id = ANY(t.suspects)
            OR c.party_kind = 'PERSON'
                AND 'person:' || COALESCE(NULLIF(c.person ->> 'id_number', ''), c.person ->> 'name') = ANY(t.suspects)
        )
        WHERE c.decided_at IS NOT NULL
    """
    for case in await sources.rows("penalties", query):
        outcome.look(not case["meanwhile"], f"case {case['id']}: transfer {case['transfer']}")
    return outcome


@invariant("INV-11", "who prepared, who reviewed and who decided are different persons", needs=("penalties",))
async def three_persons(sources: Sources) -> Outcome:
    outcome = Outcome()
    for case in await sources.rows("penalties", DECIDED):
        prepared, reviewed = set(case["prepared_by"]), {review["reviewer_id"] for review in _list(case["reviews"])}
        apart = bool(prepared) and not any(a & b for a, b in combinations((prepared, reviewed, {case["decided_by"]}), 2))
        outcome.look(apart, f"case {case['id']}: {sorted(prepared)}, {sorted(reviewed)}, {case['decided_by']}")
    return outcome


@invariant("INV-12", "one party, one act, one set of facts: at most one fine in force", needs=("penalties",))
async def one_act_is_fined_once(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = """
        SELECT a.id, b.id AS other, b.id IS NULL AS alone FROM cases a LEFT JOIN cases b
        ON a.id < b.id AND a.enterprise_id = b.enterprise_id AND a.party_name = b.party_name AND a.act_id = b.act_id
            AND a.finding_ids && b.finding_ids AND b.decided_proposal > 0 AND NOT b.revoked AND b.kind <> 'DAILY'
        WHERE a.decided_proposal > 0 AND NOT a.revoked AND a.kind <> 'DAILY'
    """
    for pair in await sources.rows("penalties", query):
        outcome.look(pair["alone"], f"cases {pair['id']} and {pair['other']}")
    return outcome


@invariant("INV-13", "no surcharge exceeds its fine", needs=("penalties",))
async def surcharges_are_capped(sources: Sources) -> Outcome:
    outcome = Outcome()
    for account in await sources.rows("penalties", "SELECT case_id, fine, surcharge, paid, refund FROM fine_accounts"):
        kept = account["paid"] - account["refund"]
        holds = 0 <= account["surcharge"] <= account["fine"] and kept <= account["fine"] + account["surcharge"]
        outcome.look(holds, f"case {account['case_id']}: {dict(account)}")
    return outcome


@invariant("INV-14", "a court is asked in the window of 5.8, or later with a reason and marked so", needs=("penalties",))
async def courts_are_asked_in_the_window(sources: Sources) -> Outcome:
    outcome = Outcome()
    for case in await sources.rows("penalties", "SELECT id, court, late_application FROM cases WHERE court IS NOT NULL"):
        court = json.loads(case["court"]) if isinstance(case["court"], str) else case["court"]
        asked = datetime.fromisoformat(court["applied_at"]).astimezone(SHANGHAI).date().isoformat()
        late = asked > court["latest_on"]
        holds = court["earliest_on"] <= asked and late == case["late_application"] and (not late or bool(court["late_reason"]))
        outcome.look(holds, f"case {case['id']}: asked on {asked}, window {court['earliest_on']} to {court['latest_on']}")
    return outcome


@invariant("INV-18", "on the spot only a warning or a small fine: 200 yuan for a person, 3,000 for a unit", needs=("penalties",))
async def penalties_on_the_spot_are_small(sources: Sources) -> Outcome:
    outcome = Outcome()
    query = "SELECT id, party_kind, simple FROM cases WHERE simple ->> 'handed_over_at' IS NOT NULL"
    for case in await sources.rows("penalties", query):
        simple = json.loads(case["simple"]) if isinstance(case["simple"], str) else case["simple"]
        fen = (simple.get("fine") or {}).get("fen", 0)
        cap = 300_000 if case["party_kind"] == "UNIT" else 20_000
        outcome.look(simple["kind"] in {"WARNING", "FINE"} and fen <= cap, f"case {case['id']}: {simple['kind']} {fen}")
    return outcome


@invariant("INV-19", "a person is fined in the branch OVERDUE only on an order that failed", needs=("penalties",))
async def overdue_fines_are_proved(sources: Sources) -> Outcome:
    outcome = Outcome()
    for case in await sources.rows("penalties", "SELECT id, overdue_proof FROM cases WHERE branch = 'OVERDUE' AND decided_proposal > 0"):
        outcome.look(bool(case["overdue_proof"]), f"case {case['id']}")
    return outcome


@invariant("INV-20", "a published penalty was published in time (D14) or carries its breach", needs=("penalties",))
async def penalties_are_published_in_time(sources: Sources) -> Outcome:
    outcome = Outcome()
    limits = {row["object_id"]: row for row in await sources.rows("penalties", LIMITS, "D14")}
    for item in await sources.rows("penalties", "SELECT case_id, published_at FROM publicity_items WHERE published_at IS NOT NULL"):
        limit = limits.get(item["case_id"])
        holds = limit is not None and (item["published_at"] < limit["expires_at"] or limit["state"] == "BREACHED")
        outcome.look(holds, f"case {item['case_id']}")
    return outcome
