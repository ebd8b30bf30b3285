from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from inspections.domain.finding_rows import State as F
from inspections.domain.inspection import Inspection
from inspections.domain.limits import Limits
from inspections.domain.order import State as R
from inspections.domain.recusal import State as C
from inspections.domain.task_rows import MOVES
from inspections.domain.task_rows import State as I
from inspections.domain.terms import Answer, Source
from inspections.domain.visit import Arrival, ItemAnswer, Obstruction
from kernel.errors import DomainError
from kernel.guards import ActingBody

from .builders import (
    ITEM,
    NOW,
    OFFICERS,
    a_finding,
    a_form,
    a_line,
    a_recusal,
    a_scheme,
    a_task,
    an_officer,
    an_order,
    facts,
    timers_of,
)

Act = Callable[[Inspection], Any]
HERE = ActingBody("branch", "ENTRUSTED", ("441900118",), frozenset({"INSPECTION"}), date(2020, 1, 1))
ARRIVAL = Arrival("camera-7", True)
URGENT = replace(ARRIVAL, reason="举报", approved_by="dep", approved_at=NOW - timedelta(minutes=5))
OBSTRUCTION = Obstruction("拒绝进入", True, True)


def approve(task: Inspection, by: str = "dep", reviewers: tuple[str, ...] = ("zheng", "dep"), **form: Any) -> Any:
    given = a_form("F02", task.id, officers=(), reviewers=reviewers, enterprise="", **form)
    return task.approve_scheme(given, facts=facts(by, belongs_to=[task.id]))


def sign(task: Inspection, form: str = "F03", second: str | None = "wu", by: str = "zhou", **given: Any) -> Any:
    paper = a_form(form, task.id, **given)
    return task.sign_record(paper, facts=facts(by, second, form=paper, belongs_to=[task.id]))


def supplement(task: Inspection, **given: Any) -> Any:
    paper = a_form("F03", task.id, **given)
    return task.supplement_record(paper, "补充", facts=facts("zhou", "wu", form=paper))


def refer(task: Inspection, department: str = "消防救援机构") -> Any:
    paper = a_form("ws10054", task.id)
    return task.refer(department, paper, "", facts=facts("zheng", form=paper))


def create(task: Inspection, by: str = "plan", **known: Any) -> Any:
    task.state = None
    return task.create(facts=facts(by, **{"body": HERE, "checks_this_year": 0, **known}))


def a_closable() -> Inspection:
    task = a_task(I.ISSUES_OPEN)
    a_finding(F.VERIFIED_CLOSED, task, case_ids=["case"])
    return task


def an_obstructed() -> Inspection:
    task = a_task(I.OBSTRUCTED)
    task.refusal_document_id = a_line(task, "F03").document_id
    task.file.documents.append(a_line(task, "F03"))
    an_order(R.RUNNING, [a_finding(F.RECTIFYING, task, act_id="A42")])
    return task


def an_urgent(state: I = I.ON_SITE) -> Inspection:
    return a_task(state, urgent=True, scheme=None, source=Source.COMPLAINT)


def recorded_with(state: F) -> Inspection:
    task = a_task(I.RECORDED)
    a_finding(state, task)
    return task


WALKS = [
    ("I01", lambda: a_task(I.DRAFT), create, I.DRAFT),
    ("I04", lambda: a_task(I.DRAFT), lambda t: t.assign(["zhou", "wu"], "zhou", facts=facts("zheng")), I.ASSIGNED),
    ("I04", lambda: a_task(I.DRAWN), lambda t: t.assign(["wu", "lin"], "lin", facts=facts("zheng")), I.ASSIGNED),
    (
        "I05",
        lambda: a_task(I.READY),
        lambda t: t.replace_officer("wu", "lin", "", "LEAVE", "病假", facts=facts("zheng")),
        I.ASSIGNED,
    ),
    ("I05", lambda: a_task(I.ON_SITE), lambda t: t.replace_officer("wu", "lin", "", "LEAVE", "", facts=facts("zheng")), I.ON_SITE),
    ("I06", lambda: a_task(I.ASSIGNED), lambda t: t.submit_scheme(a_scheme(), facts=facts()), I.SCHEME_REVIEW),
    ("I07", lambda: a_task(I.SCHEME_REVIEW), lambda t: t.return_scheme("缺少内容", facts=facts("dep")), I.ASSIGNED),
    ("I08", lambda: a_task(I.SCHEME_REVIEW), approve, I.READY),
    ("I09", lambda: a_task(I.ASSIGNED), lambda t: t.arrive_urgently(URGENT, facts=facts()), I.ON_SITE),
    ("I09", an_urgent, lambda t: t.submit_scheme(a_scheme(), facts=facts()), I.ON_SITE),
    ("I09", lambda: a_task(I.RECORDED, urgent=True, scheme=a_scheme()), approve, I.RECORDED),
    ("I10", lambda: a_task(I.READY), lambda t: t.arrive(ARRIVAL, facts=facts("zhou", "wu")), I.ON_SITE),
    ("I10", lambda: a_task(I.READY), lambda t: t.arrive(ARRIVAL, facts=facts("wu", "zhou")), I.ON_SITE),
    ("I11", lambda: a_task(I.ON_SITE), lambda t: t.obstruct(OBSTRUCTION, facts=facts("wu")), I.OBSTRUCTED),
    ("I12", lambda: a_task(I.OBSTRUCTED), lambda t: t.give_access("", facts=facts("wu")), I.ON_SITE),
    ("I13", an_obstructed, lambda t: t.persist("", facts=facts()), I.ISSUES_OPEN),
    ("I14", lambda: a_task(I.ON_SITE), sign, I.RECORDED),
    ("I14", lambda: a_task(I.ON_SITE), lambda t: sign(t, enterprise="REFUSED"), I.RECORDED),
    (
        "I14",
        lambda: a_task(I.ON_SITE),
        lambda t: t.answer_item(ItemAnswer("X", "", Answer.CONFORM, "", "wu", NOW), facts=facts("wu")),
        I.ON_SITE,
    ),
    ("I15", lambda: a_task(I.RECORDED), lambda t: t.end("close_without_findings", "", facts=facts()), I.CLOSED),
    ("I16", lambda: recorded_with(F.GENERAL), lambda t: t.open_issues(facts=facts("system")), I.ISSUES_OPEN),
    ("I17", lambda: recorded_with(F.HANDED_OVER), refer, I.REFERRED),
    ("I18", a_closable, lambda t: t.end("close", "", facts=facts()), I.CLOSED),
    ("I19", lambda: a_task(I.READY), lambda t: t.cancel("重复任务", facts=facts("zheng")), I.CANCELLED),
    ("I20", lambda: a_task(I.RECORDED), supplement, I.RECORDED),
    ("I21", lambda: a_task(I.REFERRED), lambda t: t.end("accept_referral", "", facts=facts("zheng"), receipt="e1"), I.CLOSED),
]


@pytest.mark.parametrize(
    ("build", "act", "target"), [pytest.param(*w[1:], marks=pytest.mark.row(w[0]), id=f"{w[0]}-{n}") for n, w in enumerate(WALKS)]
)
def test_a_row_leads_to_its_state(build: Callable[[], Inspection], act: Act, target: I) -> None:
    task = build()

    act(task)

    assert task.state is target
    assert [line.target for line in task.take_transitions()] == [str(target)]


def late(task: Inspection) -> Inspection:
    task.scheme = a_scheme(approved_at=NOW, window_to=NOW)
    return task


def incomplete(**changes: Any) -> Act:
    return lambda t: t.submit_scheme(a_scheme(**changes), facts=facts())


EXPIRED = {**OFFICERS, "wu": an_officer("wu", valid_to=date(2022, 8, 15))}
OTHER_PLACE = {**OFFICERS, "wu": an_officer("wu", region="4404")}
OTHER_FIELD = {**OFFICERS, "wu": an_officer("wu", category="MARKET")}


def with_recused(state: I, accepted: bool = True) -> Inspection:
    task = a_task(state)
    a_recusal(task, C.DECIDED_ACCEPT if accepted else C.RAISED)
    return task


REFUSALS = [
    ("I01", lambda: a_task(I.DRAFT, source_ref=" "), create, "SOURCE_REFERENCE_MISSING"),
    ("I01", lambda: a_task(I.DRAFT, region_code="440402"), create, "PLACE_NOT_COMPETENT"),
    ("I01", lambda: a_task(I.DRAFT), lambda t: create(t, body=replace(HERE, entrusted_to=date(2022, 8, 15))), "ENTRUSTMENT_OVER"),
    ("I01", lambda: a_task(I.DRAFT), lambda t: create(t, body=replace(HERE, acts=frozenset({"PENALTY"}))), "ACT_NOT_COVERED"),
    ("I01", lambda: a_task(I.DRAFT), lambda t: create(t, checks_this_year=Limits.checks_per_year), "FREQUENCY_CAP_REACHED"),
    ("I01", lambda: a_task(I.DRAFT), lambda t: create(t, "dep"), "ROLE_FORBIDS_MOVE"),
    ("I04", lambda: a_task(I.DRAFT), lambda t: t.assign(["zhou"], "zhou", facts=facts("zheng")), "TOO_FEW_OFFICERS"),
    ("I04", lambda: a_task(I.DRAFT), lambda t: t.assign(["zhou", "zhou"], "zhou", facts=facts("zheng")), "TOO_FEW_OFFICERS"),
    ("I04", lambda: a_task(I.DRAFT), lambda t: t.assign(["zhou", "wu"], "lin", facts=facts("zheng")), "LEAD_NOT_AMONG_OFFICERS"),
    (
        "I04",
        lambda: a_task(I.DRAFT),
        lambda t: t.assign(["zhou", "wu"], "zhou", facts=facts("zheng", officers=EXPIRED)),
        "CERTIFICATE_NOT_VALID",
    ),
    (
        "I04",
        lambda: a_task(I.DRAFT),
        lambda t: t.assign(["zhou", "wu"], "zhou", facts=facts("zheng", officers=OTHER_PLACE)),
        "CERTIFICATE_OF_OTHER_REGION",
    ),
    (
        "I04",
        lambda: a_task(I.DRAFT),
        lambda t: t.assign(["zhou", "wu"], "zhou", facts=facts("zheng", officers=OTHER_FIELD)),
        "CERTIFICATE_OF_OTHER_CATEGORY",
    ),
    ("I04", lambda: a_task(I.DRAFT), lambda t: t.assign(["zhou", "nobody"], "zhou", facts=facts("zheng")), "OFFICER_UNKNOWN"),
    ("I04", lambda: with_recused(I.DRAFT), lambda t: t.assign(["zhou", "wu"], "zhou", facts=facts("zheng")), "OFFICER_IN_CONFLICT"),
    ("I04", lambda: a_task(I.DRAFT), lambda t: t.assign(["zhou", "wu"], "zhou", facts=facts("dep")), "ROLE_FORBIDS_MOVE"),
    (
        "I05",
        lambda: a_task(I.READY),
        lambda t: t.replace_officer("wu", "lin", "", "RECUSAL", "", facts=facts("zheng")),
        "REPLACEMENT_GROUND_MISSING",
    ),
    (
        "I05",
        lambda: a_task(I.READY),
        lambda t: t.replace_officer("lin", "dep", "", "LEAVE", "", facts=facts("zheng")),
        "OFFICER_NOT_OF_TASK",
    ),
    (
        "I05",
        lambda: a_task(I.READY),
        lambda t: t.replace_officer("wu", "zhou", "", "LEAVE", "", facts=facts("zheng")),
        "OFFICER_ALREADY_OF_TASK",
    ),
    (
        "I05",
        lambda: a_task(I.ON_SITE),
        lambda t: t.replace_officer("wu", "lin", "", "LEAVE", "", facts=facts("zheng", elsewhere={"lin": "other"})),
        "OFFICER_ELSEWHERE",
    ),
    ("I06", lambda: a_task(I.ASSIGNED), incomplete(content=" "), "SCHEME_INCOMPLETE"),
    ("I06", lambda: a_task(I.ASSIGNED), incomplete(check_item_ids=()), "SCHEME_INCOMPLETE"),
    ("I06", lambda: a_task(I.ASSIGNED), incomplete(window_to=NOW - timedelta(days=3)), "SCHEME_WINDOW_REVERSED"),
    ("I06", lambda: a_task(I.ASSIGNED), lambda t: t.submit_scheme(a_scheme(), facts=facts("wu")), "ROLE_FORBIDS_MOVE"),
    ("I07", lambda: a_task(I.SCHEME_REVIEW), lambda t: t.return_scheme(" ", facts=facts("dep")), "REASON_MISSING"),
    ("I08", lambda: a_task(I.SCHEME_REVIEW), lambda t: approve(t, complete=False), "FORM_NOT_READY"),
    ("I08", lambda: a_task(I.SCHEME_REVIEW), lambda t: approve(t, reviewers=("dep",)), "SEPARATION_VIOLATED"),
    ("I08", lambda: a_task(I.SCHEME_REVIEW), lambda t: approve(t, reviewers=("zheng",)), "FORM_NOT_READY"),
    ("I08", lambda: a_task(I.SCHEME_REVIEW), lambda t: approve(t, reviewers=("zhou", "dep")), "SEPARATION_VIOLATED"),
    ("I08", lambda: a_task(I.SCHEME_REVIEW, officer_ids=["zhou", "dep"]), approve, "SEPARATION_VIOLATED"),
    ("I08", lambda: a_task(I.SCHEME_REVIEW), lambda t: approve(t, "zheng"), "ROLE_FORBIDS_MOVE"),
    (
        "I08",
        lambda: a_task(I.SCHEME_REVIEW),
        lambda t: t.approve_scheme(a_form("F03", t.id, reviewers=("zheng", "dep")), facts=facts("dep")),
        "FORM_NOT_OF_OBJECT",
    ),
    ("I08", lambda: a_task(I.SCHEME_REVIEW, scheme=None), approve, "SCHEME_NOT_SUBMITTED"),
    ("I09", lambda: a_task(I.ASSIGNED), lambda t: t.arrive_urgently(replace(URGENT, reason=" "), facts=facts()), "NOT_URGENT"),
    (
        "I09",
        lambda: a_task(I.ASSIGNED),
        lambda t: t.arrive_urgently(replace(URGENT, approved_by=""), facts=facts()),
        "ORAL_APPROVAL_MISSING",
    ),
    (
        "I09",
        lambda: a_task(I.ASSIGNED),
        lambda t: t.arrive_urgently(replace(URGENT, approved_at=NOW + timedelta(hours=1)), facts=facts()),
        "ORAL_APPROVAL_MISSING",
    ),
    ("I09", lambda: a_task(I.ON_SITE), lambda t: t.submit_scheme(a_scheme(), facts=facts()), "NOT_URGENT"),
    ("I09", lambda: a_task(I.ON_SITE, urgent=True), lambda t: t.submit_scheme(a_scheme(), facts=facts()), "SCHEME_ALREADY_APPROVED"),
    ("I10", lambda: a_task(I.READY), lambda t: t.arrive(ARRIVAL, facts=facts("zhou")), "SECOND_OFFICER_MISSING"),
    ("I10", lambda: a_task(I.READY), lambda t: t.arrive(ARRIVAL, facts=facts("zhou", "zhou")), "SAME_OFFICER_TWICE"),
    ("I10", lambda: a_task(I.READY), lambda t: t.arrive(ARRIVAL, facts=facts("zhou", "lin")), "ROLE_FORBIDS_MOVE"),
    ("I10", lambda: a_task(I.READY, lead_id="lin"), lambda t: t.arrive(ARRIVAL, facts=facts("zhou", "wu")), "LEAD_OFFICER_MISSING"),
    ("I10", lambda: a_task(I.READY), lambda t: t.arrive(ARRIVAL, facts=facts("zhou", "wu", officers=EXPIRED)), "CERTIFICATE_NOT_VALID"),
    ("I10", lambda: with_recused(I.READY), lambda t: t.arrive(ARRIVAL, facts=facts("zhou", "wu")), "OFFICER_IN_CONFLICT"),
    (
        "I10",
        lambda: a_task(I.READY),
        lambda t: t.arrive(replace(ARRIVAL, device_id=""), facts=facts("zhou", "wu")),
        "RECORDING_DEVICE_MISSING",
    ),
    (
        "I10",
        lambda: a_task(I.READY),
        lambda t: t.arrive(replace(ARRIVAL, recording=False), facts=facts("zhou", "wu")),
        "RECORDING_DEVICE_MISSING",
    ),
    (
        "I10",
        lambda: a_task(I.READY),
        lambda t: t.arrive(replace(ARRIVAL, certificates_shown=False), facts=facts("zhou", "wu")),
        "CERTIFICATES_NOT_SHOWN",
    ),
    ("I10", lambda: late(a_task(I.READY)), lambda t: t.arrive(ARRIVAL, facts=facts("zhou", "wu")), "OUTSIDE_SCHEME_WINDOW"),
    ("I10", lambda: a_task(I.READY, scheme=a_scheme()), lambda t: t.arrive(ARRIVAL, facts=facts("zhou", "wu")), "SCHEME_NOT_SUBMITTED"),
    (
        "I10",
        lambda: a_task(I.READY, covert=True),
        lambda t: t.arrive(replace(ARRIVAL, notified_before=True), facts=facts("zhou", "wu")),
        "NOTICE_GIVEN_BEFORE_COVERT_CHECK",
    ),
    (
        "I10",
        lambda: a_task(I.READY),
        lambda t: t.arrive(ARRIVAL, facts=facts("zhou", "wu", elsewhere={"wu": "other"})),
        "OFFICER_ELSEWHERE",
    ),
    (
        "I11",
        lambda: a_task(I.ON_SITE),
        lambda t: t.obstruct(replace(OBSTRUCTION, warning_given=False), facts=facts("wu")),
        "WARNING_NOT_GIVEN",
    ),
    (
        "I11",
        lambda: a_task(I.ON_SITE),
        lambda t: t.obstruct(replace(OBSTRUCTION, recording=False), facts=facts("wu")),
        "RECORDING_DEVICE_MISSING",
    ),
    ("I11", lambda: a_task(I.ON_SITE), lambda t: t.obstruct(replace(OBSTRUCTION, reason=""), facts=facts("wu")), "REASON_MISSING"),
    (
        "I11",
        lambda: a_task(I.ON_SITE),
        lambda t: t.obstruct(replace(OBSTRUCTION, form=a_form("F03", t.id, complete=False)), facts=facts("wu")),
        "FORM_NOT_READY",
    ),
    ("I12", lambda: a_task(I.OBSTRUCTED), lambda t: t.give_access("", facts=facts("lin")), "ROLE_FORBIDS_MOVE"),
    ("I13", lambda: a_task(I.OBSTRUCTED), lambda t: t.persist("", facts=facts()), "REFUSAL_NOT_RECORDED"),
    ("I14", lambda: a_task(I.ON_SITE), lambda t: sign(t, complete=False), "FORM_NOT_READY"),
    ("I14", lambda: a_task(I.ON_SITE), lambda t: sign(t, second=None), "SECOND_OFFICER_MISSING"),
    ("I14", lambda: a_task(I.ON_SITE, answers=[]), sign, "NOTHING_ANSWERED"),
    ("I14", lambda: a_finding(slots={}).task, sign, "EMPTY_SLOTS"),
    ("I14", lambda: a_finding(F.FOUND).task, sign, "FINDING_NOT_CLASSIFIED"),
    ("I14", lambda: a_finding(handling=[]).task, sign, "HANDLING_NOT_CHOSEN"),
    ("I14", lambda: a_task(I.ON_SITE), lambda t: sign(t, "F04"), "FORM_NOT_OF_OBJECT"),
    ("I15", lambda: recorded_with(F.GENERAL), lambda t: t.end("close_without_findings", "", facts=facts()), "FINDINGS_EXIST"),
    ("I15", lambda: a_task(I.RECORDED, answers=[]), lambda t: t.end("close_without_findings", "", facts=facts()), "ITEMS_UNANSWERED"),
    ("I16", lambda: a_task(I.RECORDED), lambda t: t.open_issues(facts=facts("system")), "NO_FINDINGS"),
    ("I16", lambda: recorded_with(F.GENERAL), lambda t: t.open_issues(facts=facts()), "ROLE_FORBIDS_MOVE"),
    ("I17", lambda: recorded_with(F.GENERAL), refer, "OTHER_MATTERS_OPEN"),
    ("I17", lambda: recorded_with(F.HANDED_OVER), lambda t: refer(t, " "), "REASON_MISSING"),
    ("I18", lambda: a_finding(F.RECTIFYING).task, lambda t: t.end("close", "", facts=facts()), "FINDINGS_OPEN"),
    ("I18", lambda: a_finding(F.VERIFIED_CLOSED).task, lambda t: t.end("close", "", facts=facts()), "ACT_NOT_FOLLOWED_UP"),
    (
        "I18",
        lambda: an_order(R.RECHECKED_PASS, [a_finding(F.VERIFIED_CLOSED)]).task,
        lambda t: t.end("close", "", facts=facts()),
        "ORDERS_OPEN",
    ),
    ("I18", a_closable, lambda t: t.end("close", "", facts=facts("wu")), "ROLE_FORBIDS_MOVE"),
    ("I19", lambda: a_task(I.DRAFT), lambda t: t.cancel("", facts=facts("zheng")), "REASON_MISSING"),
    ("I20", lambda: a_task(I.RECORDED), lambda t: supplement(t, complete=False), "FORM_NOT_READY"),
    ("I21", lambda: a_task(I.REFERRED), lambda t: t.end("accept_referral", "", facts=facts("zheng"), receipt=""), "EVIDENCE_MISSING"),
]


@pytest.mark.parametrize(
    ("build", "act", "reason"),
    [pytest.param(*r[1:], marks=pytest.mark.refuses(r[0]), id=f"{r[0]}-{n}-{r[3]}") for n, r in enumerate(REFUSALS)],
)
def test_a_refused_move_names_its_reason_and_changes_nothing(build: Callable[[], Inspection], act: Act, reason: str) -> None:
    task = build()
    before = task.state

    with pytest.raises(DomainError) as refused:
        act(task)

    assert refused.value.reason == reason
    assert task.state in (before, None)
    assert task.take_transitions() == []


@pytest.mark.parametrize(
    ("move", "state"),
    [
        pytest.param(row.name, state, marks=pytest.mark.refuses(row.row), id=f"{row.row}-{row.name}-{state}")
        for row in MOVES
        for state in I
        if None not in row.sources and not any(state in other.sources for other in MOVES if other.name == row.name)
    ],
)
def test_a_move_that_the_table_does_not_list_is_forbidden(move: str, state: I) -> None:
    with pytest.raises(DomainError) as refused:
        a_task(state).row(move)

    assert refused.value.reason == "STATE_FORBIDS_TRANSITION"
    assert refused.value.facts["move"] == move


def test_a_check_over_the_cap_is_entered_with_the_reason_of_the_head() -> None:
    task = a_task(I.DRAFT, frequency_override="群众举报线索，局长同意")

    create(task, checks_this_year=9)

    assert task.state is I.DRAFT


def test_a_complaint_does_not_count_against_the_cap() -> None:
    task = a_task(I.DRAFT, source=Source.COMPLAINT)

    create(task, checks_this_year=9)

    assert task.state is I.DRAFT


def test_a_pending_recusal_does_not_stop_the_check() -> None:
    task = with_recused(I.READY, accepted=False)

    task.arrive(ARRIVAL, facts=facts("zhou", "wu"))

    assert task.state is I.ON_SITE


def test_an_accepted_recusal_is_a_ground_to_replace_the_lead() -> None:
    task = a_task(I.READY)
    a_recusal(task, C.DECIDED_ACCEPT, "zhou")

    task.replace_officer("zhou", "lin", "", "RECUSAL", "", facts=facts("zheng"))

    assert (task.officer_ids, task.lead_id, task.scheme) == (["lin", "wu"], "lin", None)


def test_an_urgent_check_has_a_day_for_its_scheme() -> None:
    task = a_task(I.ASSIGNED)

    task.arrive_urgently(URGENT, facts=facts())
    started = task.timer("GEN")
    task.submit_scheme(a_scheme(), facts=facts())
    approve(task)

    assert started is not None
    assert started.expires_at is not None
    assert abs(started.expires_at - (NOW + timedelta(hours=24))) < timedelta(seconds=1)
    assert timers_of(task) == {"GEN": "STOPPED"}


def test_publicity_runs_only_for_a_drawn_check() -> None:
    drawn, chosen = a_task(I.ON_SITE, drawn=True), a_task(I.ON_SITE)

    sign(drawn)
    sign(chosen)

    assert timers_of(drawn) == {"D32": "RUNNING"}
    assert timers_of(chosen) == {}


def test_an_urgent_check_is_recorded_before_its_scheme_is_sealed() -> None:
    task = an_urgent()
    task.file.documents.clear()

    sign(task)

    assert task.state is I.RECORDED


@pytest.mark.refuses("I14")
def test_the_record_waits_for_the_sealed_scheme() -> None:
    task = a_task(I.ON_SITE)
    task.file.documents.clear()

    with pytest.raises(DomainError) as refused:
        sign(task)

    assert refused.value.reason == "PREDECESSOR_NOT_SEALED"


@pytest.mark.refuses("I13")
def test_persisting_waits_for_the_order_to_be_served() -> None:
    task = an_obstructed()
    task.file.orders.clear()

    with pytest.raises(DomainError) as refused:
        task.persist("", facts=facts())

    assert refused.value.reason == "OBSTRUCTION_ORDER_NOT_SERVED"


def test_the_record_tells_what_the_crime_screen_reads() -> None:
    task = a_task(I.ON_SITE)
    finding = a_finding(F.MAJOR, task)
    a_finding(F.VOID, task)

    event = sign(task)

    assert [(line.finding_id, line.act_id, line.severity, line.persons) for line in event.findings] == [(finding.id, "A14", "MAJOR", 2)]


def test_an_answer_that_made_findings_is_not_taken_back() -> None:
    task = a_task(I.ON_SITE, answers=[])
    finding = a_finding(F.FOUND, task)
    task.answer_item(ItemAnswer(ITEM.id, "", Answer.NOT_CONFORM, "", "wu", NOW, (str(finding.id),)), facts=facts("wu"))

    with pytest.raises(DomainError) as refused:
        task.answer_item(ItemAnswer(ITEM.id, "", Answer.CONFORM, "", "wu", NOW), facts=facts("wu"))
    finding.void("误录", facts=facts("wu"))
    task.answer_item(ItemAnswer(ITEM.id, "", Answer.CONFORM, "", "wu", NOW), facts=facts("wu"))

    assert refused.value.reason == "ANSWER_HAS_FINDINGS"
    assert [one.answer for one in task.answers] == [Answer.CONFORM]


def test_two_findings_of_one_item_share_its_answer() -> None:
    task = a_task(I.ON_SITE, answers=[])
    for id in ("1", "2"):
        task.answer_item(ItemAnswer(ITEM.id, "", Answer.NOT_CONFORM, "", "wu", NOW, (id,)), facts=facts("wu"))

    assert [one.finding_ids for one in task.answers] == [("1", "2")]


def test_what_may_happen_now_is_told_with_reasons() -> None:
    task = a_task(I.READY)

    told = {one.move.name: one.refusal for one in task.permitted(replace(facts("zhou"), permission_only=True))}

    assert told["arrive"] is None
    assert told["cancel"] is not None and told["cancel"].reason == "ROLE_FORBIDS_MOVE"
    assert told["sign_record"] is not None and told["sign_record"].reason == "STATE_FORBIDS_TRANSITION"
