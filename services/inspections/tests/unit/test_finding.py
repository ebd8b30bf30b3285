from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from inspections.domain import events
from inspections.domain.finding import Finding
from inspections.domain.finding_rows import ENDED, MOVES, OPEN
from inspections.domain.finding_rows import State as F
from inspections.domain.order import State as R
from inspections.domain.task_rows import State as I
from inspections.domain.terms import Handling, Measure, RecheckResult, Severity
from inspections.domain.wording import NotAChoice, UnknownSlot
from kernel.errors import DomainError

from .builders import DUE, ITEM, NOW, SLOTS, a_finding, a_form, a_line, a_task, an_order, facts, timers_of

Act = Callable[[Finding], Any]
MAJOR = {"severity": Severity.MAJOR, "safety_not_assured": True}
STOPPED = {**MAJOR, "in_force": ["M4"], "measures": ["M4"]}


def record(task: Any, **changes: Any) -> Finding:
    given = {"place": "焊接车间", "photo_ids": ["p1"], "persons": 2, "slots": SLOTS, "facts": facts("wu"), **changes}
    return Finding.record(task, ITEM, **given)[0]


def classify_major(
    f: Finding, item: str = "第十号令第三条第二项", doubtful: bool = False, opinion: str = "", second: str | None = "zheng"
) -> Any:
    return f.classify_major(item, doubtful=doubtful, opinion_evidence_id=opinion, facts=facts("zhou", second))


def downgrade(f: Finding, reason: str = "复核", evidence: tuple[str, ...] = ("e",), by: str = "zheng", second: str | None = "dep") -> Any:
    return f.downgrade(reason, evidence, facts=facts(by, second))


def choose(f: Finding, *handling: Handling, measures: tuple[Measure, ...] = (), to: str = "", **flags: bool) -> Any:
    flags = {"safety_not_assured": False, "hazchem_equipment": False, **flags}
    return f.choose_handling(handling, measures, hand_over_to=to, facts=facts("wu"), **flags)


def measure(f: Finding, second: str | None = "wu", **form: Any) -> Any:
    paper = a_form("F04", f.task.id, **form)
    return f.apply_measures(paper, facts=facts("zhou", second, form=paper, belongs_to=[f.task.id]))


def serve(f: Finding, due: date = DUE) -> Any:
    return f.begin_rectifying(f.id, due, facts=facts("system"))


def recheck(f: Finding, result: RecheckResult = RecheckResult.PASS, photos: tuple[str, ...] = ("after",), second: str | None = "wu") -> Any:
    paper = a_form("F06", f.task.id)
    return f.recheck(result, photos, paper, facts=facts("zhou", second, form=paper))


def hand_over(f: Finding, department: str = "消防", **form: Any) -> Any:
    paper = a_form("ws10054", f.id, **form)
    return f.hand_over(department, paper, "", facts=facts("zheng", form=paper))


def end_for_closed_unit(
    f: Finding, officers: tuple[str, ...] = ("zhou", "wu"), closure: str = "e", form: str = "F06", by: str = "dep"
) -> Any:
    paper = a_form(form, f.id, officers=officers)
    return f.end_for_closed_unit(paper, closure, "企业已关闭", facts=facts(by, form=paper))


def ask(f: Finding, now: datetime = NOW, reason: str = "设备未到货", evidence: str = "e") -> Any:
    return f.request_extension(reason, evidence, facts=facts("wu", now=now))


def grant(f: Finding, due: date = DUE + timedelta(days=10), interim: str = "设专人监护", now: datetime = NOW) -> Any:
    return f.grant_extension(due, interim, ("d1", "d2"), facts=facts("dep", now=now))


NOTICE = {"notice_number": "督办〔2022〕1号", "responsible_person": "陈某", "level": "COUNTY"}
SHANGHAI_NOON = timedelta(hours=4)


def day(month: int, number: int) -> datetime:
    return datetime(2022, month, number, 4, tzinfo=UTC)


WALKS: list[tuple[str, Callable[[], Finding], Act, F]] = [
    (
        "HD01",
        lambda: a_finding(F.FOUND),
        lambda f: f.amend(slots={"人数": "3"}, place="", photo_ids=[], persons=3, facts=facts("wu")),
        F.FOUND,
    ),
    ("HD02", lambda: a_finding(F.FOUND), lambda f: f.classify_general("", facts=facts()), F.GENERAL),
    ("HD02", lambda: a_finding(F.GENERAL), lambda f: choose(f, Handling.ORDER), F.GENERAL),
    ("HD03", lambda: a_finding(F.FOUND), classify_major, F.MAJOR),
    ("HD03", lambda: a_finding(F.RECTIFYING), classify_major, F.RECTIFYING),
    ("HD04", lambda: a_finding(F.MAJOR), downgrade, F.GENERAL),
    ("HD04", lambda: a_finding(F.RECTIFYING, **MAJOR), downgrade, F.RECTIFYING),
    (
        "HD05",
        lambda: a_finding(F.GENERAL, handling=["ON_SPOT"]),
        lambda f: f.close_on_spot((), ("after",), facts=facts("wu")),
        F.ON_SPOT_CLOSED,
    ),
    ("HD06", lambda: a_finding(F.GENERAL, a_task(I.ISSUES_OPEN), measures=["M2"]), measure, F.MEASURE_IN_FORCE),
    ("HD06", lambda: a_finding(F.MAJOR, a_task(I.ISSUES_OPEN), measures=["M3", "M4"], **MAJOR), measure, F.MEASURE_IN_FORCE),
    (
        "HD06",
        lambda: a_finding(F.GENERAL, a_task(I.ISSUES_OPEN), measures=["M5"], hazchem_equipment=True),
        measure,
        F.MEASURE_IN_FORCE,
    ),
    ("HD07", lambda: a_finding(F.GENERAL), serve, F.RECTIFYING),
    ("HD07", lambda: a_finding(F.MEASURE_IN_FORCE), serve, F.RECTIFYING),
    ("HD08", lambda: a_finding(F.RECTIFYING, **MAJOR), lambda f: f.supervise(NOTICE, None, facts=facts("chief")), F.RECTIFYING),
    ("HD08", lambda: a_finding(F.MAJOR), lambda f: f.supervise(NOTICE, DUE, facts=facts("chief")), F.MAJOR),
    ("HD09", lambda: a_finding(F.RECTIFYING), ask, F.EXT_PENDING),
    ("HD10", lambda: a_finding(F.EXT_PENDING), grant, F.RECTIFYING),
    ("HD11", lambda: a_finding(F.EXT_PENDING), lambda f: f.refuse_extension("理由不成立", (), facts=facts("dep")), F.RECTIFYING),
    ("HD12", lambda: a_finding(F.RECTIFYING), lambda f: f.report_done("report", facts=facts("wu")), F.RECHECK_DUE),
    ("HD12", lambda: a_finding(F.RECTIFYING), lambda f: f.pass_over("fall_due", facts=facts("system")), F.RECHECK_DUE),
    ("HD13", lambda: a_finding(F.RECHECK_DUE), recheck, F.VERIFIED_CLOSED),
    ("HD14", lambda: a_finding(F.RECHECK_DUE, **STOPPED), recheck, F.RESUME_REVIEW),
    ("HD15", lambda: a_finding(F.RESUME_REVIEW, **STOPPED), lambda f: f.consent_resume("e", "", facts=facts("dep")), F.VERIFIED_CLOSED),
    (
        "HD15",
        lambda: a_finding(F.RESUME_REVIEW, supervised=True, **STOPPED),
        lambda f: f.consent_resume("e", "", facts=facts("chief")),
        F.VERIFIED_CLOSED,
    ),
    ("HD16", lambda: a_finding(F.RESUME_REVIEW), lambda f: f.refuse_resume("未整改到位", DUE, facts=facts("dep")), F.RECTIFYING),
    ("HD17", lambda: a_finding(F.RECHECK_DUE), lambda f: recheck(f, RecheckResult.FAIL, ()), F.NOT_RECTIFIED),
    ("HD17", lambda: a_finding(F.RECHECK_DUE), lambda f: recheck(f, RecheckResult.PARTIAL), F.NOT_RECTIFIED),
    ("HD18", lambda: a_finding(F.NOT_RECTIFIED), serve, F.RECTIFYING),
    ("HD19", lambda: a_finding(F.NOT_RECTIFIED, measures=["M4"], **MAJOR), measure, F.MEASURE_IN_FORCE),
    ("HD20", lambda: a_finding(F.MEASURE_IN_FORCE), lambda f: f.apply_for("apply_for_review", "e", facts=facts("wu")), F.RECHECK_DUE),
    ("HD20", lambda: a_finding(F.MEASURE_IN_FORCE), lambda f: f.pass_over("review_falls_due", facts=facts("system")), F.RECHECK_DUE),
    ("HD21", lambda: a_finding(F.RECTIFYING), hand_over, F.HANDED_OVER),
    ("HD22", lambda: a_finding(F.RECTIFYING), lambda f: f.object_to("e", "事实不清", facts=facts("wu")), F.RECTIFYING),
    (
        "HD23",
        lambda: a_finding(F.RECTIFYING, disputed=True),
        lambda f: f.decide_objection("成立", upheld=True, facts=facts("zheng", "dep")),
        F.VOID,
    ),
    (
        "HD23",
        lambda: a_finding(F.RECTIFYING, disputed=True),
        lambda f: f.decide_objection("不成立", upheld=False, facts=facts("zheng", "dep")),
        F.RECTIFYING,
    ),
    ("HD24", lambda: a_finding(F.FOUND), lambda f: f.void("误录", facts=facts("wu")), F.VOID),
    (
        "HD25",
        lambda: a_finding(F.RECTIFYING, supervised=True, **MAJOR),
        lambda f: f.apply_for("apply_delisting", "e", facts=facts("wu")),
        F.RECHECK_DUE,
    ),
    ("HD26", lambda: a_finding(F.RECTIFYING), end_for_closed_unit, F.VERIFIED_CLOSED),
    ("HD27", lambda: a_finding(F.EXT_PENDING), lambda f: f.pass_over("miss_reply", facts=facts("system")), F.RECHECK_DUE),
    ("R04", lambda: a_finding(F.RECTIFYING), serve, F.RECTIFYING),
    ("I18", lambda: a_finding(F.RECTIFYING), lambda f: f.link_case("c", filed=True, facts=facts("system")), F.RECTIFYING),
]


@pytest.mark.parametrize(
    ("build", "act", "target"), [pytest.param(*w[1:], marks=pytest.mark.row(w[0]), id=f"{w[0]}-{n}") for n, w in enumerate(WALKS)]
)
def test_a_row_leads_to_its_state(build: Callable[[], Finding], act: Act, target: F) -> None:
    finding = build()

    act(finding)

    assert finding.state is target
    assert [line.target for line in finding.take_transitions()] == [str(target)]
    if finding.ended:
        assert set(timers_of(finding).values()) <= {"STOPPED"}


@pytest.mark.row("HD01")
def test_an_answer_makes_a_finding_with_the_standard_wording() -> None:
    finding = record(a_task(I.ON_SITE))

    assert finding.state is F.FOUND
    assert finding.violation_text == "特种作业人员邓某等2人未取得相应资格上岗作业"
    assert finding.empty_slots == ()


NOT_OURS = {"act_id": "A14", "authority": "FIRE_RESCUE"}
REFUSALS: list[tuple[str, Callable[[], Finding], Act, str]] = [
    ("HD01", lambda: a_finding(F.RECTIFYING), lambda f: record(f.task), "NOT_ON_SITE"),
    ("HD01", a_finding, lambda f: record(f.task, place=" "), "PLACE_MISSING"),
    ("HD01", a_finding, lambda f: record(f.task, photo_ids=[]), "PHOTO_MISSING"),
    ("HD01", a_finding, lambda f: record(f.task, facts=facts("lin")), "ROLE_FORBIDS_MOVE"),
    (
        "HD01",
        lambda: a_finding(F.GENERAL, a_task(I.RECORDED)),
        lambda f: f.amend(slots={}, place="", photo_ids=[], persons=1, facts=facts("wu")),
        "RECORD_ALREADY_SIGNED",
    ),
    ("HD02", lambda: a_finding(F.FOUND), lambda f: f.classify_general("", facts=facts("wu")), "ROLE_FORBIDS_MOVE"),
    ("HD02", a_finding, choose, "HANDLING_NOT_CHOSEN"),
    ("HD02", a_finding, lambda f: choose(f, Handling.ON_SPOT, Handling.ORDER), "HANDLING_NOT_POSSIBLE"),
    ("HD02", a_finding, lambda f: choose(f, Handling.HAND_OVER), "HANDLING_NOT_POSSIBLE"),
    ("HD02", a_finding, lambda f: choose(f, Handling.MEASURE), "MEASURE_NOT_CHOSEN"),
    ("HD02", a_finding, lambda f: choose(f, Handling.ORDER, measures=(Measure.M2,)), "MEASURE_NOT_CHOSEN"),
    ("HD02", a_finding, lambda f: choose(f, Handling.MEASURE, measures=(Measure.M6,)), "HANDLING_NOT_POSSIBLE"),
    ("HD02", a_finding, lambda f: choose(f, Handling.MEASURE, measures=(Measure.M4,), safety_not_assured=True), "MEASURE_WITHOUT_TRIGGER"),
    ("HD02", lambda: a_finding(F.MAJOR), lambda f: choose(f, Handling.MEASURE, measures=(Measure.M3,)), "MEASURE_WITHOUT_TRIGGER"),
    ("HD02", lambda: a_finding(F.GENERAL, a_task(I.RECORDED)), lambda f: choose(f, Handling.ORDER), "RECORD_ALREADY_SIGNED"),
    ("HD03", lambda: a_finding(F.FOUND), lambda f: classify_major(f, item=" "), "STANDARD_ITEM_MISSING"),
    ("HD03", lambda: a_finding(F.FOUND), lambda f: classify_major(f, doubtful=True), "EXPERT_OPINION_MISSING"),
    ("HD03", lambda: a_finding(F.FOUND), lambda f: classify_major(f, second=None), "SECOND_OFFICER_MISSING"),
    ("HD03", lambda: a_finding(F.FOUND), lambda f: classify_major(f, second="wu"), "ROLE_FORBIDS_MOVE"),
    ("HD04", lambda: a_finding(F.MAJOR), lambda f: downgrade(f, reason=" "), "REASON_MISSING"),
    ("HD04", lambda: a_finding(F.MAJOR), lambda f: downgrade(f, evidence=()), "EVIDENCE_MISSING"),
    ("HD04", lambda: a_finding(F.MAJOR), lambda f: downgrade(f, second="zheng"), "SAME_OFFICER_TWICE"),
    ("HD04", lambda: a_finding(F.MAJOR, classified_by=["zheng", "dep"]), downgrade, "SAME_OFFICER_DOWNGRADES"),
    ("HD04", lambda: a_finding(F.RECTIFYING), downgrade, "NOT_MAJOR"),
    ("HD05", a_finding, lambda f: f.close_on_spot((), ("a",), facts=facts("wu")), "HANDLING_NOT_POSSIBLE"),
    ("HD05", lambda: a_finding(handling=["ON_SPOT"]), lambda f: f.close_on_spot((), (), facts=facts("wu")), "PHOTO_MISSING"),
    (
        "HD05",
        lambda: a_finding(F.GENERAL, a_task(I.RECORDED)),
        lambda f: f.close_on_spot((), ("a",), facts=facts("wu")),
        "RECORD_ALREADY_SIGNED",
    ),
    ("HD06", lambda: a_finding(F.GENERAL, a_task(I.ISSUES_OPEN)), measure, "MEASURE_NOT_CHOSEN"),
    ("HD06", lambda: a_finding(F.GENERAL, a_task(I.ISSUES_OPEN), measures=["M3"]), measure, "MEASURE_WITHOUT_TRIGGER"),
    (
        "HD06",
        lambda: a_finding(F.GENERAL, a_task(I.ISSUES_OPEN), measures=["M4"], hazchem_equipment=True),
        measure,
        "MEASURE_WITHOUT_TRIGGER",
    ),
    ("HD06", lambda: a_finding(F.GENERAL, measures=["M2"]), measure, "PREDECESSOR_NOT_SEALED"),
    (
        "HD06",
        lambda: a_finding(F.GENERAL, a_task(I.ISSUES_OPEN), measures=["M2"]),
        lambda f: measure(f, second=None),
        "SECOND_OFFICER_MISSING",
    ),
    ("HD06", lambda: a_finding(F.GENERAL, a_task(I.ISSUES_OPEN), measures=["M2"]), lambda f: measure(f, complete=False), "FORM_NOT_READY"),
    ("HD07", a_finding, lambda f: serve(f, date(2022, 9, 16)), "DEADLINE_TOO_LONG"),
    ("HD07", a_finding, lambda f: f.begin_rectifying(f.id, DUE, facts=facts("zhou")), "ROLE_FORBIDS_MOVE"),
    ("HD08", lambda: a_finding(F.RECTIFYING), lambda f: f.supervise(NOTICE, None, facts=facts("chief")), "NOT_MAJOR"),
    ("HD08", lambda: a_finding(F.MAJOR), lambda f: f.supervise({}, None, facts=facts("chief")), "SUPERVISION_NOTICE_MISSING"),
    ("HD08", lambda: a_finding(F.MAJOR), lambda f: f.supervise(NOTICE, None, facts=facts("dep")), "ROLE_FORBIDS_MOVE"),
    ("HD09", lambda: a_finding(F.RECTIFYING), lambda f: ask(f, day(9, 6)), "EXTENSION_TOO_LATE"),
    ("HD09", lambda: a_finding(F.RECTIFYING), lambda f: ask(f, reason=" "), "REASON_MISSING"),
    ("HD09", lambda: a_finding(F.RECTIFYING), lambda f: ask(f, evidence=""), "EVIDENCE_MISSING"),
    ("HD09", lambda: a_finding(F.RECTIFYING), lambda f: f.request_extension("x", "e", facts=facts("dep")), "ROLE_FORBIDS_MOVE"),
    ("HD10", lambda: a_finding(F.EXT_PENDING), lambda f: grant(f, DUE), "EXTENSION_NOT_LONGER"),
    ("HD10", lambda: a_finding(F.EXT_PENDING), lambda f: grant(f, interim=""), "INTERIM_MEASURES_MISSING"),
    ("HD10", lambda: a_finding(F.EXT_PENDING), lambda f: grant(f, DUE + timedelta(days=31)), "DEADLINE_TOO_LONG"),
    ("HD11", lambda: a_finding(F.EXT_PENDING), lambda f: f.refuse_extension("", (), facts=facts("dep")), "REASON_MISSING"),
    ("HD12", lambda: a_finding(F.RECTIFYING), lambda f: f.report_done("", facts=facts("wu")), "EVIDENCE_MISSING"),
    ("HD12", lambda: a_finding(F.RECTIFYING), lambda f: f.report_done("e", facts=facts("lin")), "ROLE_FORBIDS_MOVE"),
    ("HD13", lambda: a_finding(F.RECHECK_DUE), lambda f: recheck(f, photos=()), "PHOTO_MISSING"),
    ("HD13", lambda: a_finding(F.RECHECK_DUE), lambda f: recheck(f, second=None), "SECOND_OFFICER_MISSING"),
    ("HD13", lambda: a_finding(F.RECHECK_DUE, **STOPPED), lambda f: f._move("verify", facts("zhou", "wu")), "STOP_MEASURE_IN_FORCE"),
    ("HD14", lambda: a_finding(F.RECHECK_DUE), lambda f: f._move("pass_under_measure", facts("zhou", "wu")), "NO_STOP_MEASURE"),
    (
        "HD15",
        lambda: a_finding(F.RESUME_REVIEW, supervised=True),
        lambda f: f.consent_resume("e", "", facts=facts("dep")),
        "CHIEF_DECIDES_SUPERVISED",
    ),
    ("HD15", lambda: a_finding(F.RESUME_REVIEW), lambda f: f.consent_resume("", "", facts=facts("dep")), "EVIDENCE_MISSING"),
    ("HD16", lambda: a_finding(F.RESUME_REVIEW), lambda f: f.refuse_resume("", DUE, facts=facts("dep")), "REASON_MISSING"),
    (
        "HD16",
        lambda: a_finding(F.RESUME_REVIEW),
        lambda f: f.refuse_resume("x", date(2022, 10, 1), facts=facts("dep")),
        "DEADLINE_TOO_LONG",
    ),
    ("HD17", lambda: a_finding(F.RECHECK_DUE), lambda f: recheck(f, RecheckResult.FAIL, second=None), "SECOND_OFFICER_MISSING"),
    ("HD18", lambda: a_finding(F.NOT_RECTIFIED), lambda f: serve(f, date(2022, 10, 1)), "DEADLINE_TOO_LONG"),
    ("HD19", lambda: a_finding(F.NOT_RECTIFIED, measures=["M5"], hazchem_equipment=True), measure, "NOT_MAJOR"),
    ("HD20", lambda: a_finding(F.MEASURE_IN_FORCE), lambda f: f.apply_for("apply_for_review", "", facts=facts("wu")), "EVIDENCE_MISSING"),
    (
        "HD20",
        lambda: an_order(R.RUNNING, [a_finding(F.MEASURE_IN_FORCE)]).findings[0],
        lambda f: f.apply_for("apply_for_review", "e", facts=facts("wu")),
        "ORDER_IN_FORCE",
    ),
    ("HD21", lambda: a_finding(F.RECTIFYING), lambda f: hand_over(f, " "), "REASON_MISSING"),
    ("HD21", lambda: a_finding(F.RECTIFYING), lambda f: hand_over(f, complete=False), "FORM_NOT_READY"),
    ("HD22", lambda: a_finding(F.RECTIFYING), lambda f: f.object_to("", "", facts=facts("wu")), "EVIDENCE_MISSING"),
    ("HD23", lambda: a_finding(F.RECTIFYING), lambda f: f.decide_objection("x", upheld=True, facts=facts("zheng", "dep")), "NOT_DISPUTED"),
    (
        "HD23",
        lambda: a_finding(F.RECTIFYING, disputed=True),
        lambda f: f.decide_objection("", upheld=False, facts=facts("zheng", "dep")),
        "REASON_MISSING",
    ),
    (
        "HD23",
        lambda: a_finding(F.RECTIFYING, disputed=True),
        lambda f: f.decide_objection("x", upheld=True, facts=facts("zheng")),
        "SECOND_OFFICER_MISSING",
    ),
    ("HD24", lambda: a_finding(F.FOUND, a_task(I.RECORDED)), lambda f: f.void("x", facts=facts("wu")), "RECORD_ALREADY_SIGNED"),
    ("HD24", lambda: a_finding(F.FOUND), lambda f: f.void("", facts=facts("wu")), "REASON_MISSING"),
    ("HD25", lambda: a_finding(F.RECTIFYING), lambda f: f.apply_for("apply_delisting", "e", facts=facts("wu")), "NOT_SUPERVISED"),
    ("HD26", lambda: a_finding(F.RECTIFYING), lambda f: end_for_closed_unit(f, closure=""), "EVIDENCE_MISSING"),
    ("HD26", lambda: a_finding(F.RECTIFYING), lambda f: end_for_closed_unit(f, officers=("wu",)), "OFFICERS_SIGNATURES_MISSING"),
    ("HD26", lambda: a_finding(F.RECTIFYING), lambda f: end_for_closed_unit(f, officers=("wu", "lin")), "OFFICERS_SIGNATURES_MISSING"),
    ("HD26", lambda: a_finding(F.RECTIFYING), lambda f: end_for_closed_unit(f, form="F04"), "FORM_NOT_OF_OBJECT"),
    ("HD26", lambda: a_finding(F.RECTIFYING), lambda f: end_for_closed_unit(f, by="zhou"), "ROLE_FORBIDS_MOVE"),
    ("HD27", lambda: a_finding(F.EXT_PENDING), lambda f: f.pass_over("miss_reply", facts=facts("zhou")), "ROLE_FORBIDS_MOVE"),
    ("I18", lambda: a_finding(F.RECTIFYING), lambda f: f.link_case("c", filed=True, facts=facts("zhou")), "ROLE_FORBIDS_MOVE"),
]


@pytest.mark.parametrize(
    ("build", "act", "reason"),
    [pytest.param(*r[1:], marks=pytest.mark.refuses(r[0]), id=f"{r[0]}-{n}-{r[3]}") for n, r in enumerate(REFUSALS)],
)
def test_a_refused_move_names_its_reason_and_changes_nothing(build: Callable[[], Finding], act: Act, reason: str) -> None:
    finding = build()
    before = finding.state, finding.severity, len(finding.timers)

    with pytest.raises(DomainError) as refused:
        act(finding)

    assert refused.value.reason == reason
    assert (finding.state, finding.severity, len(finding.timers)) == before
    assert finding.take_transitions() == []


@pytest.mark.parametrize(
    ("move", "state"),
    [
        pytest.param(row.name, state, marks=pytest.mark.refuses(row.row), id=f"{row.row}-{row.name}-{state}")
        for row in MOVES
        for state in F
        if None not in row.sources and not any(state in other.sources for other in MOVES if other.name == row.name)
    ],
)
def test_a_move_that_the_table_does_not_list_is_forbidden(move: str, state: F) -> None:
    with pytest.raises(DomainError) as refused:
        a_finding(state).row(move)

    assert refused.value.reason == "STATE_FORBIDS_TRANSITION"


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_ended_finding_moves_no_more(state: F) -> None:
    moves = {row.name for row in MOVES if state in row.sources}

    assert moves == {"link_case"}


def test_open_and_ended_are_all_states() -> None:
    assert frozenset(F) == OPEN | ENDED


def test_a_slot_that_the_wording_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownSlot):
        record(a_task(I.ON_SITE), slots={"设备": "x"})


def test_a_choice_takes_one_of_its_words() -> None:
    item = replace(ITEM, violation="证书因{有效期届满/逾期未复审}失效")

    with pytest.raises(NotAChoice):
        Finding.record(a_task(), item, place="p", photo_ids=["p"], persons=1, slots={"有效期届满/逾期未复审": "丢失"}, facts=facts("wu"))


def test_a_suspension_runs_six_months_and_a_withdrawal_of_workers_does_not() -> None:
    suspended = a_finding(F.MAJOR, a_task(I.ISSUES_OPEN), measures=["M4"], **MAJOR)
    withdrawn = a_finding(F.MAJOR, a_task(I.ISSUES_OPEN), measures=["M3"], **MAJOR)

    measure(suspended)
    measure(withdrawn)

    started = suspended.timer("D29")
    assert started is not None
    assert started.legal_expiry == "2023-02-16"
    assert withdrawn.timers == []


def test_rectification_runs_to_the_named_day_and_the_last_day_to_ask_for_more_is_ten_days_before() -> None:
    finding = a_finding(F.GENERAL)

    serve(finding)

    assert (finding.timer("D25").legal_expiry, finding.timer("D26").legal_expiry) == ("2022-09-15", "2022-09-05")  # type: ignore[union-attr]


def test_more_time_can_be_asked_for_until_the_tenth_day_before() -> None:
    finding = a_finding(F.RECTIFYING)

    ask(finding, day(9, 5))
    grant(finding, date(2022, 9, 30), now=day(9, 7))

    assert finding.due_on == date(2022, 9, 30)
    assert timers_of(finding) == {"D25": "RUNNING", "D26": "RUNNING", "D27": "STOPPED"}
    assert finding.timer("D25").legal_expiry == "2022-09-30"  # type: ignore[union-attr]
    assert finding.timer("D27").legal_expiry == "2022-09-13"  # type: ignore[union-attr]


def test_a_short_order_can_be_extended_until_its_last_day() -> None:
    finding = a_finding(F.RECTIFYING, due_on=date(2022, 8, 25))

    ask(finding, day(8, 25))

    assert finding.state is F.EXT_PENDING


@pytest.mark.refuses("HD10")
def test_more_time_is_not_granted_after_the_last_day() -> None:
    finding = a_finding(F.EXT_PENDING)

    with pytest.raises(DomainError) as refused:
        grant(finding, now=day(9, 16))

    assert refused.value.reason == "EXTENSION_TOO_LATE"


def test_the_recheck_counts_from_the_report_if_it_comes_first() -> None:
    finding = a_finding(F.RECTIFYING)

    event = finding.report_done("report", facts=facts("wu", now=day(9, 1)))

    assert (event.overdue, event.recheck_by) == (False, "2022-09-13")


def test_the_recheck_counts_from_the_last_day_if_nobody_reports() -> None:
    finding = a_finding(F.RECTIFYING)

    event = finding.pass_over("fall_due", facts=facts("system", now=datetime(2022, 9, 15, 16, tzinfo=UTC)))

    assert (event.overdue, event.recheck_by) == (True, "2022-09-26")
    assert finding.timer("D28").raw == "2022-09-25"  # type: ignore[union-attr]


def test_a_pass_stops_every_clock() -> None:
    finding = a_finding(F.RECHECK_DUE)

    event = recheck(finding)

    assert isinstance(event, events.FindingClosed)
    assert timers_of(finding) == {"D25": "STOPPED", "D26": "STOPPED", "D28": "STOPPED"}


def test_supervision_starts_a_period_only_where_none_runs() -> None:
    with_order, without = a_finding(F.RECTIFYING, **MAJOR), a_finding(F.MAJOR)

    with_order.supervise(NOTICE, date(2022, 12, 31), facts=facts("chief"))
    without.supervise(NOTICE, date(2022, 12, 31), facts=facts("chief"))

    assert (with_order.due_on, without.due_on) == (DUE, date(2022, 12, 31))
    assert len([timer for timer in with_order.timers if timer.timer == "D25"]) == 1
    assert without.timer("D25").legal_expiry == "2023-01-03"  # type: ignore[union-attr]


def test_de_listing_starts_recheck_and_review() -> None:
    finding = a_finding(F.MEASURE_IN_FORCE, supervised=True, **STOPPED)

    finding.apply_for("apply_delisting", "e", facts=facts("wu"))

    assert timers_of(finding) == {"D28": "RUNNING", "D31": "RUNNING"}


def test_an_act_of_another_authority_needs_no_case() -> None:
    assert not a_finding(F.VERIFIED_CLOSED, **NOT_OURS).penalisable
    assert a_finding(F.VERIFIED_CLOSED).penalisable


def test_a_case_and_a_reason_for_none_both_follow_up() -> None:
    filed, not_filed = a_finding(F.RECTIFYING), a_finding(F.RECTIFYING)

    filed.link_case("c1", filed=True, facts=facts("system"))
    filed.link_case("c1", filed=True, facts=facts("system"))
    not_filed.link_case("c2", filed=False, facts=facts("system"))

    assert (filed.case_ids, not_filed.not_filed_case_id) == (["c1"], "c2")
    assert filed.followed_up
    assert not_filed.followed_up


def test_the_form_of_another_task_is_refused() -> None:
    finding = a_finding(F.GENERAL, a_task(I.ISSUES_OPEN), measures=["M2"])
    paper = a_form("F04", a_task().id)

    with pytest.raises(DomainError) as refused:
        finding.apply_measures(paper, facts=facts("zhou", "wu", form=paper, belongs_to=[finding.task.id]))

    assert refused.value.reason == "FORM_NOT_OF_OBJECT"


def test_the_rectification_wording_names_the_day_of_the_order() -> None:
    finding = a_finding(F.RECTIFYING)

    assert finding.rectify_text == "立即停止邓某等2人作业；于2022年9月15日前调整为持证人员作业"
    assert a_line(finding.task, "F05").sealed


def test_supervision_of_a_danger_without_a_day_starts_no_period() -> None:
    finding = a_finding(F.MAJOR)

    finding.supervise(NOTICE, None, facts=facts("chief"))

    assert finding.timers == []


def test_a_correction_on_the_spot_may_be_made_until_the_officers_leave() -> None:
    finding = a_finding(handling=["ON_SPOT"])

    told = {one.move.name: one.refusal for one in finding.permitted(replace(facts("wu"), permission_only=True))}

    assert told["close_on_spot"] is None
