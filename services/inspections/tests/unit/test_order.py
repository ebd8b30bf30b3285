from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from inspections.domain import events
from inspections.domain.finding_rows import State as F
from inspections.domain.order import MOVES, OrderItem, RectificationOrder
from inspections.domain.order import State as R
from inspections.domain.publicity import MOVES as PUBLICITY_MOVES
from inspections.domain.publicity import PublicityItem
from inspections.domain.publicity import State as P
from inspections.domain.recusal import MOVES as RECUSAL_MOVES
from inspections.domain.recusal import Recusal
from inspections.domain.recusal import State as C
from inspections.domain.task_rows import State as I
from inspections.domain.terms import RecheckResult
from kernel.errors import DomainError
from kernel.moves import Person, Role

from .builders import (
    DUE,
    NOW,
    a_finding,
    a_form,
    a_publicity,
    a_recusal,
    a_task,
    an_order,
    facts,
    timers_of,
)

REMEDIES = {"reconsideration_body": "东莞市人民政府", "court": "东莞市第二人民法院"}
AFTER_DUE = datetime(2022, 9, 15, 16, tzinfo=UTC)
PASS, FAIL = RecheckResult.PASS, RecheckResult.FAIL
Act = Callable[[RectificationOrder], Any]


def a_draft(**changes: Any) -> RectificationOrder:
    return an_order(R.DRAFT, [a_finding(F.GENERAL, a_task(I.ISSUES_OPEN), **changes)])


def draft(order: RectificationOrder, due: date = DUE, by: str = "zhou", finding: Any = None) -> Any:
    task = order.task
    task.file.orders.remove(order)
    return RectificationOrder.draft(task, [OrderItem((finding or order.findings[0]).id, due)], facts=facts(by))


def issue(order: RectificationOrder, second: str | None = "wu", remedies: dict[str, str] = REMEDIES, **form: Any) -> Any:
    paper = a_form("F05", order.id, kind="order", **form)
    return order.issue(paper, facts=facts("zhou", second, form=paper, belongs_to=[order.id], remedies=remedies))


def serve(order: RectificationOrder) -> Any:
    return order.serve(date(2022, 8, 16), facts=facts("system"))


def recheck(order: RectificationOrder, *results: RecheckResult, second: str | None = "wu", **form: Any) -> Any:
    paper = a_form("F06", order.id, kind="order", **form)
    given = facts("zhou", second, form=paper, belongs_to=[order.id])
    read = dict(zip(order.finding_ids, results, strict=True))
    for id, result in read.items():
        order.task.file.finding(id).recheck(result, ("after",), paper, facts=given)
    return order.recheck(read, paper, facts=given)


def rechecked_alone(order: RectificationOrder, **form: Any) -> Any:
    paper = a_form("F06", order.id, kind="order", **form)
    order.findings[0].state = F.VERIFIED_CLOSED
    return order.recheck({order.finding_ids[0]: PASS}, paper, facts=facts("zhou", "wu", form=paper))


def release_withdrawal(order: RectificationOrder, reason: str = "事实有误", by: str = "chief", form: str = "X7") -> Any:
    paper = a_form(form, order.id, kind="order")
    return order.release_withdrawal(paper, reason, facts=facts(by, form=paper))


def due_for_recheck(*states: F, order: R = R.RUNNING) -> RectificationOrder:
    task = a_task(I.ISSUES_OPEN)
    return an_order(order, [a_finding(state, task) for state in states])


def overdue() -> RectificationOrder:
    order = due_for_recheck(F.RECHECK_DUE)
    order.findings[0].overdue = True
    return order


def withdrawable(state: R = R.RUNNING) -> RectificationOrder:
    order = an_order(state)
    order.withdrawal_document_id = order.id
    return order


def followed_up(state: R = R.RECHECKED_FAIL) -> RectificationOrder:
    return an_order(state, [a_finding(F.NOT_RECTIFIED, case_ids=["case"])])


WALKS: list[tuple[str, Callable[[], RectificationOrder], Act, R]] = [
    ("R02", a_draft, issue, R.ISSUED),
    ("R03", lambda: an_order(R.ISSUED, [a_finding(F.GENERAL, a_task(I.ISSUES_OPEN))]), serve, R.RUNNING),
    ("R04", lambda: an_order(R.ISSUED, [a_finding(F.NOT_RECTIFIED, a_task(I.ISSUES_OPEN))]), serve, R.RUNNING),
    ("R05", an_order, lambda o: o.request_extension(facts=facts("wu")), R.EXT_PENDING),
    ("R05", lambda: an_order(R.EXT_PENDING), lambda o: o.end_extension(facts=facts("dep")), R.RUNNING),
    ("R06", overdue, lambda o: o.expire(facts=facts("system", now=AFTER_DUE)), R.EXPIRED),
    ("R07", lambda: due_for_recheck(F.RECHECK_DUE, F.RECHECK_DUE), lambda o: recheck(o, PASS, PASS), R.RECHECKED_PASS),
    ("R07", lambda: due_for_recheck(F.RECHECK_DUE, order=R.EXPIRED), lambda o: recheck(o, PASS), R.RECHECKED_PASS),
    ("R08", lambda: due_for_recheck(F.RECHECK_DUE, F.RECHECK_DUE), lambda o: recheck(o, PASS, FAIL), R.RECHECKED_PARTIAL),
    ("R09", lambda: due_for_recheck(F.RECHECK_DUE, F.RECHECK_DUE), lambda o: recheck(o, FAIL, RecheckResult.PARTIAL), R.RECHECKED_FAIL),
    ("R10", followed_up, lambda o: o.close_followed_up(facts=facts("system")), R.CLOSED),
    ("R10", lambda: followed_up(R.RECHECKED_PARTIAL), lambda o: o.close_followed_up(facts=facts("system")), R.CLOSED),
    ("R11", lambda: an_order(R.RECHECKED_PASS), lambda o: o.close("", facts=facts()), R.CLOSED),
    ("R12", an_order, release_withdrawal, R.RUNNING),
    ("R12", withdrawable, lambda o: o.withdraw(facts=facts("system")), R.WITHDRAWN),
    ("R12", lambda: withdrawable(R.EXPIRED), lambda o: o.withdraw(facts=facts("system")), R.WITHDRAWN),
]


@pytest.mark.parametrize(
    ("build", "act", "target"), [pytest.param(*w[1:], marks=pytest.mark.row(w[0]), id=f"{w[0]}-{n}") for n, w in enumerate(WALKS)]
)
def test_a_row_leads_to_its_state(build: Callable[[], RectificationOrder], act: Act, target: R) -> None:
    order = build()

    act(order)

    assert order.state is target
    assert order.take_transitions()[-1].target == str(target)


@pytest.mark.row("R01")
def test_an_order_is_drafted_over_findings_of_the_signed_record() -> None:
    finding = a_finding(F.GENERAL, a_task(I.ISSUES_OPEN))

    order, event = RectificationOrder.draft(finding.task, [OrderItem(finding.id, DUE)], facts=facts())

    assert order.state is R.DRAFT
    assert finding.task.file.orders == [order]
    assert event.finding_ids == [finding.id]


def on_the_way() -> RectificationOrder:
    order = a_draft()
    an_order(R.ISSUED, order.findings)
    return order


REFUSALS: list[tuple[str, Callable[[], RectificationOrder], Act, str]] = [
    ("R01", lambda: an_order(R.DRAFT, [a_finding(F.GENERAL, a_task(I.ON_SITE))]), draft, "RECORD_NOT_SIGNED"),
    ("R01", a_draft, lambda o: draft(o, date(2022, 9, 16)), "DEADLINE_TOO_LONG"),
    ("R01", a_draft, lambda o: draft(o, date(2022, 8, 15)), "DEADLINE_IN_THE_PAST"),
    ("R01", a_draft, lambda o: draft(o, by="wu"), "ROLE_FORBIDS_MOVE"),
    ("R01", lambda: an_order(R.DRAFT, [a_finding(F.RECHECK_DUE)]), draft, "FINDING_ALREADY_ORDERED"),
    ("R01", on_the_way, draft, "FINDING_ALREADY_ORDERED"),
    ("R01", a_draft, lambda o: draft(o, finding=a_finding()), "FINDING_NOT_FOUND"),
    ("R02", a_draft, lambda o: issue(o, complete=False), "FORM_NOT_READY"),
    ("R02", a_draft, lambda o: issue(o, second=None), "SECOND_OFFICER_MISSING"),
    ("R02", a_draft, lambda o: issue(o, second="lin"), "ROLE_FORBIDS_MOVE"),
    ("R02", a_draft, lambda o: issue(o, remedies={"court": "x"}), "REMEDY_TEXT_MISSING"),
    ("R02", lambda: a_draft(rectify="于{期限}前由{岗位}整改"), issue, "EMPTY_SLOTS"),
    ("R02", lambda: an_order(R.DRAFT, [a_finding(F.GENERAL, a_task(I.ON_SITE))]), issue, "PREDECESSOR_NOT_SEALED"),
    ("R03", lambda: an_order(R.ISSUED), lambda o: o._move("serve", facts("wu")), "NOT_SERVED_YET"),
    ("R03", lambda: an_order(R.ISSUED), lambda o: o._move("serve", facts("dep", deemed_on=DUE)), "ROLE_FORBIDS_MOVE"),
    ("R04", lambda: an_order(R.SERVED), lambda o: o._move("run", facts("zhou")), "ROLE_FORBIDS_MOVE"),
    ("R05", an_order, lambda o: o.request_extension(facts=facts("dep")), "ROLE_FORBIDS_MOVE"),
    ("R05", lambda: an_order(R.EXT_PENDING), lambda o: o.end_extension(facts=facts("wu")), "ROLE_FORBIDS_MOVE"),
    ("R06", overdue, lambda o: o._move("expire", facts("system")), "NOT_EXPIRED"),
    ("R06", lambda: due_for_recheck(F.RECHECK_DUE), lambda o: o._move("expire", facts("system", now=AFTER_DUE)), "NOT_EXPIRED"),
    ("R07", lambda: due_for_recheck(F.RECHECK_DUE), lambda o: rechecked_alone(o, complete=False), "FORM_NOT_READY"),
    ("R08", lambda: due_for_recheck(F.RECHECK_DUE), lambda o: o._move("recheck_partial", facts("zhou")), "SECOND_OFFICER_MISSING"),
    ("R09", lambda: due_for_recheck(F.RECHECK_DUE), lambda o: o._move("recheck_fail", facts("zhou", "lin")), "ROLE_FORBIDS_MOVE"),
    (
        "R10",
        lambda: an_order(R.RECHECKED_FAIL, [a_finding(F.NOT_RECTIFIED)]),
        lambda o: o._move("close_followed_up", facts("system")),
        "FOLLOW_UP_MISSING",
    ),
    ("R11", lambda: an_order(R.RECHECKED_PASS), lambda o: o.close("", facts=facts("wu")), "ROLE_FORBIDS_MOVE"),
    ("R12", an_order, lambda o: release_withdrawal(o, " "), "WITHDRAWAL_REASON_MISSING"),
    ("R12", an_order, lambda o: release_withdrawal(o, by="dep"), "ROLE_FORBIDS_MOVE"),
    ("R12", an_order, lambda o: release_withdrawal(o, form="F05"), "FORM_NOT_OF_OBJECT"),
    ("R12", an_order, lambda o: o.withdraw(facts=facts("system")), "WITHDRAWAL_NOT_RELEASED"),
]


@pytest.mark.parametrize(
    ("build", "act", "reason"),
    [pytest.param(*r[1:], marks=pytest.mark.refuses(r[0]), id=f"{r[0]}-{n}-{r[3]}") for n, r in enumerate(REFUSALS)],
)
def test_a_refused_move_names_its_reason(build: Callable[[], RectificationOrder], act: Act, reason: str) -> None:
    order = build()
    before = order.state

    with pytest.raises(DomainError) as refused:
        act(order)

    assert refused.value.reason == reason
    assert order.state is before
    assert order.take_transitions() == []


@pytest.mark.parametrize(
    ("move", "state"),
    [
        pytest.param(row.name, state, marks=pytest.mark.refuses(row.row), id=f"{row.row}-{row.name}-{state}")
        for row in MOVES
        for state in R
        if None not in row.sources and not any(state in other.sources for other in MOVES if other.name == row.name)
    ],
)
def test_a_move_that_the_table_does_not_list_is_forbidden(move: str, state: R) -> None:
    with pytest.raises(DomainError) as refused:
        an_order(state).row(move)

    assert refused.value.reason == "STATE_FORBIDS_TRANSITION"


def test_service_moves_order_and_findings_at_once() -> None:
    task = a_task(I.ISSUES_OPEN)
    order = an_order(R.ISSUED, [a_finding(F.GENERAL, task), a_finding(F.MEASURE_IN_FORCE, task)])

    happened = serve(order)

    assert [type(one) for one in happened] == [events.OrderServed, events.RectificationStarted, events.RectificationStarted]
    assert [finding.state for finding in order.findings] == [F.RECTIFYING, F.RECTIFYING]
    assert timers_of(order) == {"D19": "RUNNING", "D20": "RUNNING"}
    assert [line.row for line in order.take_transitions()] == ["R03", "R04"]


def test_an_order_waits_until_each_finding_has_its_result() -> None:
    order = due_for_recheck(F.RECHECK_DUE, F.RECTIFYING)
    first, second = order.findings
    paper = a_form("F06", order.id, kind="order")
    given = facts("zhou", "wu", form=paper)

    first.recheck(FAIL, (), paper, facts=given)
    waiting = order.recheck({first.id: FAIL}, paper, facts=given)
    second.report_done("report", facts=facts("wu"))
    second.recheck(PASS, ("after",), paper, facts=given)
    done = order.recheck({second.id: PASS}, paper, facts=given)

    assert waiting is None
    assert (done.result, done.passed_ids, done.failed_ids) == ("PARTIAL", [second.id], [first.id])


def test_an_order_does_not_expire_while_a_reply_is_missing() -> None:
    order = an_order(R.RUNNING, [a_finding(F.EXT_PENDING)])
    order.findings[0].pass_over("miss_reply", facts=facts("system", now=AFTER_DUE))

    assert order.expire(facts=facts("system", now=AFTER_DUE)) is None
    assert order.state is R.RUNNING


def test_an_order_expires_with_the_latest_of_its_days() -> None:
    task = a_task(I.ISSUES_OPEN)
    early, late = a_finding(F.RECHECK_DUE, task, overdue=True), a_finding(F.RECTIFYING, task, due_on=date(2022, 9, 30))
    order = an_order(R.RUNNING, [early, late])

    assert order.expire(facts=facts("system", now=AFTER_DUE)) is None
    late.pass_over("fall_due", facts=facts("system", now=datetime(2022, 9, 30, 16, tzinfo=UTC)))
    event = order.expire(facts=facts("system", now=datetime(2022, 9, 30, 16, tzinfo=UTC)))

    assert event is not None
    assert event.finding_ids == [early.id, late.id]


def test_a_failed_item_closes_the_order_once_another_follows() -> None:
    order = an_order(R.RECHECKED_FAIL, [a_finding(F.NOT_RECTIFIED)])
    assert order.close_followed_up(facts=facts("system")) is None

    serve(an_order(R.ISSUED, order.findings))

    assert order.close_followed_up(facts=facts("system")) is not None


def test_a_withdrawn_order_stops_every_clock_and_another_may_follow() -> None:
    task = a_task(I.ISSUES_OPEN)
    order = an_order(R.ISSUED, [a_finding(F.GENERAL, task), a_finding(F.GENERAL, task)])
    serve(order)
    first, second = order.findings
    first.request_extension("设备未到", "e", facts=facts("wu"))
    order.request_extension(facts=facts("wu"))
    release_withdrawal(order)

    order.withdraw(facts=facts("system"))

    assert (first.state, second.state) == (F.RECTIFYING, F.RECTIFYING)
    assert {state for thing in (order, first, second) for state in timers_of(thing).values()} == {"STOPPED"}
    follow, _ = RectificationOrder.draft(task, [OrderItem(first.id, DUE)], facts=facts())
    issue(follow)
    serve(follow)
    assert first.timer("D25").legal_expiry == "2022-09-15"  # type: ignore[union-attr]
    assert timers_of(first)["D25"] == "RUNNING"


@pytest.mark.row("HD16")
def test_a_refused_resumption_is_followed_by_a_new_order() -> None:
    task = a_task(I.ISSUES_OPEN)
    finding = a_finding(F.RESUME_REVIEW, task, in_force=["M4"])
    finding.refuse_resume("未整改到位", date(2022, 9, 10), facts=facts("dep"))

    order, _ = RectificationOrder.draft(task, [OrderItem(finding.id, date(2022, 9, 10))], facts=facts())
    issue(order)
    serve(order)

    assert (finding.state, finding.order_id) == (F.RECTIFYING, order.id)
    assert len([timer for timer in finding.timers if timer.timer == "D25" and timer.stopped_at is None]) == 1


# Recusal and publicity.


@pytest.mark.row("RC01")
def test_a_party_may_ask_that_an_officer_withdraws() -> None:
    made, event = Recusal.raised(a_task(I.ON_SITE), "wu", "PARTY", "INTEREST", "持有股份", facts=facts("zhou"))

    assert (made.state, event.officer_id) == (C.RAISED, "wu")


@pytest.mark.row("RC02")
@pytest.mark.row("RC03")
@pytest.mark.parametrize(("accepted", "state"), [(True, C.DECIDED_ACCEPT), (False, C.DECIDED_REJECT)])
def test_the_head_decides_on_a_recusal(accepted: bool, state: C) -> None:
    recusal = a_recusal(a_task(I.ON_SITE))

    recusal.decide("查明属实", accepted=accepted, facts=facts("chief"))

    assert recusal.state is state


def test_a_deputy_decides_inside_his_delegation() -> None:
    recusal = a_recusal(a_task(I.ON_SITE))
    deputy = Person("dep", "branch", "/44/", frozenset({Role.DEP}), {"recusal": None})

    recusal.decide("查明属实", accepted=True, facts=replace(facts("dep"), by=deputy))

    assert recusal.state is C.DECIDED_ACCEPT


@pytest.mark.refuses("RC01")
@pytest.mark.parametrize(
    ("officer", "ground", "reason", "refusal"),
    [
        ("lin", "INTEREST", "x", "OFFICER_NOT_OF_TASK"),
        ("wu", "DISLIKE", "x", "RECUSAL_GROUND_UNKNOWN"),
        ("wu", "INTEREST", " ", "REASON_MISSING"),
    ],
)
def test_a_recusal_names_officer_ground_and_reason(officer: str, ground: str, reason: str, refusal: str) -> None:
    with pytest.raises(DomainError) as refused:
        Recusal.raised(a_task(I.ON_SITE), officer, "PARTY", ground, reason, facts=facts("zhou"))

    assert refused.value.reason == refusal


@pytest.mark.refuses("RC02")
@pytest.mark.refuses("RC03")
@pytest.mark.parametrize(("by", "reason", "refusal"), [("dep", "x", "ROLE_FORBIDS_MOVE"), ("chief", "", "REASON_MISSING")])
@pytest.mark.parametrize("accepted", [True, False])
def test_who_may_not_decide_on_a_recusal(by: str, reason: str, refusal: str, accepted: bool) -> None:
    with pytest.raises(DomainError) as refused:
        a_recusal(a_task(I.ON_SITE)).decide(reason, accepted=accepted, facts=facts(by))

    assert refused.value.reason == refusal


@pytest.mark.parametrize(
    ("machine", "move", "state"),
    [
        pytest.param(machine, row.name, state, marks=pytest.mark.refuses(row.row))
        for machine, rows, states in (("recusal", RECUSAL_MOVES, C), ("publicity", PUBLICITY_MOVES, P))
        for row in rows
        for state in states
        if None not in row.sources and state not in row.sources
    ],
)
def test_small_machines_forbid_what_they_do_not_list(machine: str, move: str, state: Any) -> None:
    task = a_task(I.ON_SITE)

    with pytest.raises(DomainError) as refused:
        (a_recusal(task, state) if machine == "recusal" else a_publicity(task, state)).row(move)

    assert refused.value.reason == "STATE_FORBIDS_TRANSITION"


@pytest.mark.row("PI02")
def test_publishing_stops_the_clock_of_a_drawn_check() -> None:
    task = a_task(I.ON_SITE, drawn=True)
    task.start_timer("D32", facts())
    item = a_publicity(task)

    item.publish("https://example.invalid", "", facts=facts("zhou"))

    assert item.state is P.PUBLISHED
    assert timers_of(task) == {"D32": "STOPPED"}


@pytest.mark.row("PI03")
def test_what_no_longer_holds_is_taken_back_within_three_working_days() -> None:
    item = a_publicity(a_task(I.ON_SITE), P.PUBLISHED)

    item.move("require_withdrawal", "撤销", facts=facts("dep"))
    due = item.timer("D15")
    event = item.move("withdraw", "撤销", facts=facts("dep"))

    assert due is not None
    assert due.legal_expiry == "2022-08-19"
    assert item.state is P.WITHDRAWN
    assert event is not None
    assert timers_of(item) == {"D15": "STOPPED"}


@pytest.mark.row("PI04")
def test_publicity_expires() -> None:
    item = a_publicity(a_task(I.ON_SITE), P.PUBLISHED)

    item.move("expire", "信用修复", facts=facts("dep"))

    assert item.state is P.EXPIRED


@pytest.mark.row("PI01")
def test_the_signed_record_makes_its_result_due_for_publicity() -> None:
    item, event = PublicityItem.due(a_task(I.ON_SITE), facts=facts("system"))

    assert item.state is P.DUE
    assert event.publicity_id == item.id


@pytest.mark.refuses("PI01")
@pytest.mark.refuses("PI02")
@pytest.mark.refuses("PI03")
@pytest.mark.refuses("PI04")
def test_publicity_refuses_with_its_reason() -> None:
    task = a_task(I.ON_SITE)
    for act, reason in [
        (lambda: PublicityItem.due(task, facts=facts("zhou")), "ROLE_FORBIDS_MOVE"),
        (lambda: a_publicity(task).publish(" ", "", facts=facts("zhou")), "EVIDENCE_MISSING"),
        (lambda: a_publicity(task).publish("x", "", facts=facts("wu")), "ROLE_FORBIDS_MOVE"),
        (lambda: a_publicity(task, P.PUBLISHED).move("require_withdrawal", "", facts=facts("dep")), "REASON_MISSING"),
        (lambda: a_publicity(task, P.PUBLISHED).move("withdraw", "x", facts=facts("dep")), "WITHDRAWAL_NOT_REQUIRED"),
        (lambda: a_publicity(task, P.PUBLISHED).move("expire", "", facts=facts("dep")), "REASON_MISSING"),
    ]:
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.reason == reason


def test_a_finding_that_ended_meanwhile_is_passed_over() -> None:
    task = a_task(I.ISSUES_OPEN)
    gone, there = a_finding(F.HANDED_OVER, task), a_finding(F.GENERAL, task)
    order = an_order(R.ISSUED, [gone, there])

    serve(order)
    withdrawn = withdrawable_from(order)

    assert (gone.state, there.state, withdrawn.state) == (F.HANDED_OVER, F.RECTIFYING, R.WITHDRAWN)


def withdrawable_from(order: RectificationOrder) -> RectificationOrder:
    release_withdrawal(order)
    order.withdraw(facts=facts("system"))
    return order


def test_only_the_failed_items_need_a_follow_up() -> None:
    task = a_task(I.ISSUES_OPEN)
    passed, failed = a_finding(F.RESUME_REVIEW, task), a_finding(F.NOT_RECTIFIED, task, case_ids=["c"])
    order = an_order(R.RECHECKED_PARTIAL, [passed, failed], results={str(passed.id): "PASS", str(failed.id): "FAIL"})

    assert order.close_followed_up(facts=facts("system")) is not None


def test_an_order_of_another_task_is_not_found() -> None:
    with pytest.raises(DomainError) as missing:
        a_task(I.ISSUES_OPEN).file.order(an_order().id)

    assert missing.value.reason == "ORDER_NOT_FOUND"


def test_deadlines_are_the_timers() -> None:
    order = an_order()

    assert order.deadlines is order.timers
    assert order.findings[0].deadlines is order.findings[0].timers
    assert order.task.deadlines is order.task.timers
    assert a_publicity(order.task).deadlines == []


def test_moments_of_an_order_are_kept() -> None:
    order = a_draft()

    issue(order)

    assert order.issued_at == NOW
