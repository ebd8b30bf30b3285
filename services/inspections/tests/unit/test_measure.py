from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from inspections.domain.measure import MOVES, CoerciveMeasure
from inspections.domain.measure_rows import State as S
from inspections.domain.measure_terms import CoercionSteps, Kind, ObjectHandling, Sort
from inspections.domain.task_rows import State as I
from kernel.errors import DomainError
from kernel.moves import Person, Role

from . import measures as m
from .builders import NOW, OFFICERS, PATH, a_task, an_officer, facts, timers_of

Act = Callable[[CoerciveMeasure], Any]
Build = Callable[[], CoerciveMeasure]
POWER = Kind.POWER
AFTER = NOW + 31 * m.DAY
CONFISCATED = {"handling": ObjectHandling.CONFISCATE, "case_id": "case", "case_outcome": "CONFISCATES", "case_served": True}


def new(**changes: Any) -> CoerciveMeasure:
    made = m.a_measure(None, changes.pop("kind", Kind.SEAL), changes.pop("task", None), **changes)
    made.task.file.measures.remove(made)
    return made


def on_site() -> CoerciveMeasure:
    return new(task=a_task(I.ON_SITE), urgency="随时可能转移")


def propose(measure: CoerciveMeasure, by: str = "zhou", second: str | None = "wu", **known: Any) -> Any:
    return measure.propose(facts=facts(by, second, **{"body": m.COUNTY, **known}))


def urgently(measure: CoerciveMeasure, by: str = "zhou", second: str | None = "wu", steps: CoercionSteps = m.STEPS, **known: Any) -> Any:
    return measure.apply_urgently(steps, facts=facts(by, second, **{"body": m.COUNTY, **known}))


def released() -> CoerciveMeasure:
    return m.a_measure(S.APPROVED, documents={"F08": str(uuid4()), "F09": str(uuid4())})


def noticed() -> CoerciveMeasure:
    return m.a_measure(S.APPROVED, POWER, documents={"F13": str(uuid4()), "F12": str(uuid4())})


def by_system(name: str, now: Any = NOW, *given: Any) -> Act:
    return lambda one: getattr(one, name)(*given, facts=facts("system", now=now))


WALKS: list[tuple[str, Build, Act, S]] = [
    ("Q01", new, propose, S.PROPOSED),
    ("Q01", lambda: new(kind=POWER), propose, S.PROPOSED),
    ("Q02", lambda: m.a_measure(S.PROPOSED), m.approve, S.APPROVED),
    ("Q02", lambda: m.a_measure(S.PROPOSED, hazardous_chemicals=True), m.approve, S.APPROVED),
    ("Q03", lambda: m.a_measure(S.APPROVED), m.release, S.APPROVED),
    ("Q03", released, by_system("apply"), S.IN_FORCE),
    ("Q04", on_site, urgently, S.URGENT_APPLIED),
    ("Q04", lambda: m.a_measure(S.URGENT_APPLIED), m.hand_over, S.URGENT_APPLIED),
    ("Q05", lambda: m.a_measure(S.URGENT_APPLIED), m.confirm, S.IN_FORCE),
    ("Q06", lambda: m.a_measure(S.URGENT_APPLIED), lambda one: m.lift(one, "refuse_urgent"), S.LIFTED),
    ("Q07", m.a_measure, m.to_test, S.APPRAISAL),
    ("Q07", lambda: m.a_measure(S.EXTENDED), m.to_test, S.APPRAISAL),
    ("Q08", lambda: m.a_measure(S.APPRAISAL), by_system("end_appraisal", NOW, "opinion"), S.IN_FORCE),
    ("Q08", lambda: m.a_measure(S.APPRAISAL, stored_state=S.EXTENDED), by_system("end_appraisal", NOW, ""), S.EXTENDED),
    ("Q09", m.a_measure, m.extend, S.EXTENDED),
    ("Q10", m.a_measure, m.decide, S.DECIDED),
    ("Q10", lambda: m.a_measure(S.EXTENDED, case_id="case"), lambda one: m.decide(one, ObjectHandling.CONFISCATE), S.DECIDED),
    ("Q11", lambda: m.a_measure(S.DECIDED), m.give_back, S.LIFTED),
    ("Q11", lambda: m.a_measure(S.DECIDED, **{**CONFISCATED, "case_outcome": "SPARES"}), m.give_back, S.LIFTED),
    ("Q12", lambda: m.a_measure(S.DECIDED, **CONFISCATED), by_system("confiscate"), S.CONFISCATED),
    ("Q12", lambda: m.a_measure(S.DECIDED, **CONFISCATED), lambda one: one.confiscate(facts=facts("chief")), S.CONFISCATED),
    ("Q13", lambda: m.a_measure(S.DECIDED, handling=ObjectHandling.DESTROY), m.destroy, S.DESTROYED),
    ("Q13", lambda: m.a_measure(S.CONFISCATED, **CONFISCATED), m.destroy, S.DESTROYED),
    ("Q14", m.a_measure, m.to_police, S.HANDED_TO_POLICE),
    ("Q14", lambda: m.a_measure(S.EXTENDED), m.to_police, S.HANDED_TO_POLICE),
    ("Q14", lambda: m.a_measure(S.APPRAISAL), m.to_police, S.HANDED_TO_POLICE),
    ("Q15", m.a_measure, by_system("fall_overdue", AFTER), S.LIFT_OVERDUE),
    ("Q15", lambda: m.a_measure(S.EXTENDED), by_system("fall_overdue", NOW + 61 * m.DAY), S.LIFT_OVERDUE),
    ("Q15", lambda: m.a_measure(S.URGENT_APPLIED), by_system("fall_overdue", AFTER), S.LIFT_OVERDUE),
    ("Q16", lambda: m.a_measure(S.LIFT_OVERDUE), lambda one: m.lift(one, "lift_overdue"), S.LIFTED),
    ("Q17", lambda: m.a_measure(S.PROPOSED, POWER), m.approve, S.APPROVED),
    ("Q18", lambda: m.a_measure(S.APPROVED, POWER), m.release_notice, S.APPROVED),
    ("Q18", noticed, by_system("notice"), S.NOTICED),
    ("Q19", lambda: m.a_measure(S.NOTICED, POWER), m.cut, S.IN_FORCE),
    ("Q19", lambda: m.a_measure(S.NOTICED, POWER), lambda one: m.cut(one, now=NOW, emergency="即将爆炸"), S.IN_FORCE),
    ("Q20", lambda: m.a_measure(S.NOTICED, POWER), m.resume, S.LIFTED),
    ("Q20", lambda: m.a_measure(S.IN_FORCE, POWER), m.resume, S.LIFTED),
    ("Q21", lambda: m.a_measure(S.PROPOSED), lambda one: one.reject("理由不足", facts=facts("chief")), S.REJECTED),
    ("Q21", lambda: m.a_measure(S.APPROVED), lambda one: one.reject("未实施", facts=facts("chief")), S.REJECTED),
    ("Q22", lambda: m.a_measure(S.URGENT_APPLIED), by_system("miss_approval", NOW + 2 * m.DAY), S.URGENT_APPLIED),
]


@pytest.mark.parametrize(
    ("build", "act", "target"), [pytest.param(*w[1:], marks=pytest.mark.row(w[0]), id=f"{w[0]}-{n}") for n, w in enumerate(WALKS)]
)
def test_a_row_leads_to_its_state(build: Build, act: Act, target: S) -> None:
    measure = build()

    act(measure)

    assert measure.state is target
    assert measure.take_transitions()[-1].target == str(target)


def changed(state: S | None, kind: Kind = Kind.SEAL, **changes: Any) -> Build:
    return lambda: m.a_measure(state, kind, **changes)


def with_object(**changes: Any) -> Build:
    return lambda: new(objects=[replace(m.DRUM, **changes)])


def steps(**changes: Any) -> Act:
    return lambda one: m.release(one, steps=replace(m.STEPS, **changes))


def without_lead(measure: CoerciveMeasure) -> None:
    measure.task.officer_ids = ["zhou", "wu", "lin"]
    measure.release_application(m.the_papers(measure, "F08", "F09"), m.STEPS, facts=facts("wu", "lin"))


def unrecorded(state: S) -> Build:
    return lambda: m.a_measure(state, task=a_task(I.ON_SITE))


def left_early() -> CoerciveMeasure:
    return m.a_measure(S.URGENT_APPLIED, task=a_task(I.ON_SITE, left_at=NOW))


def no_stop() -> CoerciveMeasure:
    made = m.a_measure(S.PROPOSED, POWER)
    made.findings[0].in_force = []
    return made


def power(**changes: Any) -> Build:
    def build() -> CoerciveMeasure:
        made = m.a_measure(S.PROPOSED, POWER)
        assert made.power is not None
        made.power = replace(made.power, **changes)
        return made

    return build


def feeding_residents() -> CoerciveMeasure:
    made = m.a_measure(S.NOTICED, POWER)
    assert made.power is not None
    made.power = replace(made.power, feeds_residents=True)
    return made


EXPIRED = {"officers": {**OFFICERS, "wu": an_officer("wu", valid_to=NOW.date() - m.DAY)}}
NIGHT = NOW + 2 * m.DAY + (NOW.replace(hour=15) - NOW)
HOLIDAY = NOW.replace(month=10, day=3)

REFUSALS: list[tuple[str, str, Build, Act]] = [
    ("Q01", "SECOND_OFFICER_MISSING", new, lambda one: propose(one, second=None)),
    ("Q01", "ROLE_FORBIDS_MOVE", new, lambda one: propose(one, "chief")),
    ("Q01", "CERTIFICATE_NOT_VALID", new, lambda one: propose(one, **EXPIRED)),
    ("Q01", "COERCION_ENTRUSTED", new, lambda one: propose(one, body=m.TOWN)),
    ("Q01", "PLACE_NOT_COMPETENT", new, lambda one: propose(one, body=replace(m.COUNTY, region_codes=("440402",)))),
    ("Q01", "GROUNDS_MISSING", lambda: new(problem=" "), propose),
    ("Q01", "OBJECTS_MISSING", lambda: new(objects=[]), propose),
    ("Q01", "OBJECTS_MISSING", with_object(quantity=""), propose),
    ("Q01", "OBJECTS_MISSING", with_object(sort=None), propose),
    ("Q01", "OBJECT_NOT_TO_BE_SEALED", with_object(excluded="DAILY_NECESSITY"), propose),
    ("Q01", "OBJECT_NOT_TO_BE_SEALED", with_object(excluded="UNRELATED"), propose),
    ("Q01", "OBJECT_NOT_TO_BE_SEALED", with_object(excluded="SEALED_ELSEWHERE"), propose),
    ("Q01", "PLACE_NOT_SEIZED", lambda: new(kind=Kind.SEIZE, objects=[replace(m.DRUM, sort=Sort.PLACE)]), propose),
    ("Q02", "ROLE_FORBIDS_MOVE", changed(S.PROPOSED), lambda one: m.approve(one, "dep")),
    ("Q02", "SEPARATION_VIOLATED", changed(S.PROPOSED), lambda one: m.approve(one, reviewer="wu")),
    ("Q02", "SEPARATION_VIOLATED", changed(S.PROPOSED), lambda one: m.approve(one, reviewer="chief")),
    ("Q02", "FORM_NOT_OF_OBJECT", changed(S.PROPOSED), lambda one: m.approve(one, form="F08")),
    ("Q02", "FORM_NOT_READY", changed(S.PROPOSED), lambda one: m.approve(one, complete=False)),
    ("Q03", "LEAD_OFFICER_MISSING", changed(S.APPROVED), without_lead),
    ("Q03", "SECOND_OFFICER_MISSING", changed(S.APPROVED), lambda one: m.release(one, second=None)),
    ("Q03", "HEADS_APPROVAL_MISSING", changed(S.APPROVED, approved_by=""), m.release),
    ("Q03", "COERCION_STEPS_MISSING", changed(S.APPROVED), steps(party_called=False)),
    ("Q03", "COERCION_STEPS_MISSING", changed(S.APPROVED), steps(certificates_shown=False)),
    ("Q03", "COERCION_STEPS_MISSING", changed(S.APPROVED), steps(reasons_told=False)),
    ("Q03", "COERCION_STEPS_MISSING", changed(S.APPROVED), steps(rights_told=False)),
    ("Q03", "COERCION_STEPS_MISSING", changed(S.APPROVED), steps(statement_heard=False)),
    ("Q03", "COERCION_STEPS_MISSING", changed(S.APPROVED), steps(recording=False)),
    ("Q03", "COERCION_STEPS_MISSING", changed(S.APPROVED), steps(device_id="")),
    ("Q03", "WITNESS_MISSING", changed(S.APPROVED), steps(party_present=False)),
    ("Q03", "WITNESS_MISSING", changed(S.APPROVED), lambda one: m.release(one, party="REFUSED")),
    ("Q03", "DECISION_PAPERS_MISSING", changed(S.APPROVED), lambda one: m.release(one, "F08")),
    ("Q03", "DECISION_PAPERS_MISSING", changed(S.APPROVED), lambda one: m.release(one, "F09")),
    ("Q03", "FORM_NOT_READY", changed(S.APPROVED), lambda one: m.release(one, complete=False)),
    ("Q03", "ON_SITE_RECORD_MISSING", unrecorded(S.APPROVED), m.release),
    ("Q03", "DECISION_NOT_RELEASED", changed(S.APPROVED), by_system("apply")),
    ("Q03", "ROLE_FORBIDS_MOVE", released, lambda one: one.apply(facts=facts("zhou"))),
    ("Q04", "URGENCY_MISSING", lambda: new(task=a_task(I.ON_SITE)), urgently),
    ("Q04", "SECOND_OFFICER_MISSING", on_site, lambda one: urgently(one, second=None)),
    ("Q04", "COERCION_ENTRUSTED", on_site, lambda one: urgently(one, body=m.TOWN)),
    ("Q04", "CERTIFICATE_NOT_VALID", on_site, lambda one: urgently(one, **EXPIRED)),
    ("Q04", "COERCION_STEPS_MISSING", on_site, lambda one: urgently(one, steps=replace(m.STEPS, reasons_told=False))),
    ("Q04", "COERCION_STEPS_MISSING", on_site, lambda one: urgently(one, steps=replace(m.STEPS, recording=False))),
    ("Q04", "VISIT_OVER", lambda: new(task=a_task(I.READY), urgency="x"), urgently),
    (
        "Q04",
        "OBJECT_NOT_TO_BE_SEALED",
        lambda: new(task=a_task(I.ON_SITE), urgency="x", objects=[replace(m.DRUM, excluded="UNRELATED")]),
        urgently,
    ),
    ("Q04", "MEASURE_KIND_MISSING", lambda: new(kind=POWER, urgency="x"), urgently),
    ("Q04", "VISIT_OVER", left_early, m.hand_over),
    ("Q04", "ON_SITE_RECORD_MISSING", unrecorded(S.URGENT_APPLIED), m.hand_over),
    ("Q04", "DECISION_PAPERS_MISSING", changed(S.URGENT_APPLIED), lambda one: m.hand_over(one, "F08")),
    ("Q05", "ROLE_FORBIDS_MOVE", changed(S.URGENT_APPLIED), lambda one: m.confirm(one, "dep")),
    ("Q05", "SEPARATION_VIOLATED", changed(S.URGENT_APPLIED), lambda one: m.confirm(one, reviewer="zhou")),
    ("Q05", "FORM_NOT_OF_OBJECT", changed(S.URGENT_APPLIED), lambda one: m.confirm(one, form="F08")),
    ("Q06", "ROLE_FORBIDS_MOVE", changed(S.URGENT_APPLIED), lambda one: m.lift(one, "refuse_urgent", "zhou")),
    ("Q06", "FORM_NOT_OF_OBJECT", changed(S.URGENT_APPLIED), lambda one: m.lift(one, "refuse_urgent", form="F11")),
    ("Q07", "ROLE_FORBIDS_MOVE", changed(S.IN_FORCE), lambda one: m.to_test(one, "wu")),
    ("Q07", "APPRAISAL_PERIOD_MISSING", changed(S.IN_FORCE), lambda one: m.to_test(one, days=0)),
    ("Q07", "APPRAISAL_PERIOD_MISSING", changed(S.IN_FORCE), lambda one: m.to_test(one, notice="")),
    ("Q07", "MEASURE_PERIOD_OVER", changed(S.IN_FORCE), lambda one: m.to_test(one, now=AFTER)),
    ("Q08", "ROLE_FORBIDS_MOVE", changed(S.APPRAISAL), lambda one: one.end_appraisal("", facts=facts("zhou"))),
    ("Q09", "ROLE_FORBIDS_MOVE", changed(S.IN_FORCE), lambda one: m.extend(one, "dep")),
    ("Q09", "MEASURE_EXTENSION_INVALID", changed(S.IN_FORCE), lambda one: m.extend(one, days=31)),
    ("Q09", "MEASURE_EXTENSION_INVALID", changed(S.IN_FORCE), lambda one: m.extend(one, days=0)),
    ("Q09", "MEASURE_EXTENSION_INVALID", changed(S.IN_FORCE), lambda one: m.extend(one, reason="")),
    ("Q09", "MEASURE_EXTENSION_INVALID", changed(S.IN_FORCE, extended_days=5), m.extend),
    ("Q09", "MEASURE_PERIOD_OVER", changed(S.IN_FORCE), lambda one: m.extend(one, now=AFTER)),
    ("Q09", "FORM_NOT_OF_OBJECT", changed(S.IN_FORCE), lambda one: m.extend(one, form="F07")),
    ("Q10", "ROLE_FORBIDS_MOVE", changed(S.IN_FORCE), lambda one: m.decide(one, by="zhou")),
    ("Q10", "MEASURE_PERIOD_OVER", changed(S.IN_FORCE), lambda one: m.decide(one, now=AFTER)),
    ("Q10", "OBJECT_HANDLING_MISSING", changed(S.IN_FORCE), lambda one: m.decide(one, None)),
    ("Q10", "OBJECT_HANDLING_MISSING", changed(S.IN_FORCE), lambda one: m.decide(one, reason="")),
    ("Q10", "CASE_MISSING", changed(S.IN_FORCE), lambda one: m.decide(one, ObjectHandling.CONFISCATE)),
    ("Q10", "FORM_NOT_OF_OBJECT", changed(S.IN_FORCE), lambda one: m.decide(one, form="F10")),
    ("Q11", "HANDLING_IS_OTHER", changed(S.DECIDED, handling=ObjectHandling.DESTROY), m.give_back),
    ("Q11", "HANDLING_IS_OTHER", changed(S.DECIDED, **CONFISCATED), m.give_back),
    ("Q11", "RECEIPT_MISSING", changed(S.DECIDED), lambda one: m.give_back(one, receipt=" ")),
    ("Q11", "ROLE_FORBIDS_MOVE", changed(S.DECIDED), lambda one: m.give_back(one, "chief")),
    ("Q12", "HANDLING_IS_OTHER", changed(S.DECIDED), by_system("confiscate")),
    ("Q12", "PENALTY_DOES_NOT_CONFISCATE", changed(S.DECIDED, **{**CONFISCATED, "case_outcome": "SPARES"}), by_system("confiscate")),
    ("Q12", "PENALTY_DOES_NOT_CONFISCATE", changed(S.DECIDED, **{**CONFISCATED, "case_served": False}), by_system("confiscate")),
    ("Q12", "ROLE_FORBIDS_MOVE", changed(S.DECIDED, **CONFISCATED), lambda one: one.confiscate(facts=facts("wu"))),
    ("Q13", "HANDLING_IS_OTHER", changed(S.DECIDED), m.destroy),
    ("Q13", "SECOND_OFFICER_MISSING", changed(S.CONFISCATED), lambda one: m.destroy(one, second=None)),
    ("Q13", "ROLE_FORBIDS_MOVE", changed(S.CONFISCATED), lambda one: m.destroy(one, second="wu")),
    ("Q13", "ROLE_FORBIDS_MOVE", changed(S.CONFISCATED), lambda one: m.destroy(one, "evid")),
    ("Q13", "DISPOSAL_PROOF_MISSING", changed(S.CONFISCATED), lambda one: m.destroy(one, witness="")),
    ("Q13", "DISPOSAL_PROOF_MISSING", changed(S.CONFISCATED), lambda one: m.destroy(one, contract_evidence_id="")),
    ("Q13", "DISPOSAL_PROOF_MISSING", changed(S.CONFISCATED), lambda one: m.destroy(one, fireworks=True)),
    ("Q14", "HAND_OVER_UNSIGNED", changed(S.IN_FORCE), lambda one: m.to_police(one, taken=())),
    ("Q14", "HAND_OVER_UNSIGNED", changed(S.IN_FORCE), lambda one: m.to_police(one, handed=())),
    ("Q14", "ROLE_FORBIDS_MOVE", changed(S.IN_FORCE), lambda one: m.to_police(one, "zhou")),
    ("Q15", "MEASURE_PERIOD_RUNNING", changed(S.IN_FORCE), by_system("fall_overdue", NOW + 30 * m.DAY)),
    ("Q15", "ROLE_FORBIDS_MOVE", changed(S.IN_FORCE), lambda one: one.fall_overdue(facts=facts("chief", now=AFTER))),
    ("Q16", "ROLE_FORBIDS_MOVE", changed(S.LIFT_OVERDUE), lambda one: m.lift(one, "lift_overdue", "zhou")),
    ("Q16", "FORM_NOT_OF_OBJECT", changed(S.LIFT_OVERDUE), lambda one: m.lift(one, "lift_overdue", form="X7")),
    ("Q17", "ROLE_FORBIDS_MOVE", changed(S.PROPOSED, POWER), lambda one: m.approve(one, "dep")),
    (
        "Q17",
        "COERCION_ENTRUSTED",
        changed(S.PROPOSED, POWER),
        lambda one: one.approve(m.a_paper("F07", one), facts=facts("chief", body=m.TOWN)),
    ),
    ("Q17", "SEPARATION_VIOLATED", changed(S.PROPOSED, POWER), lambda one: m.approve(one, reviewer="wu")),
    ("Q17", "POWER_CONDITION_MISSING", power(stop_document_id=str(uuid4())), m.approve),
    ("Q17", "POWER_CONDITION_MISSING", no_stop, m.approve),
    ("Q17", "POWER_CONDITION_MISSING", power(refusal_evidence_id=""), m.approve),
    ("Q17", "POWER_CONDITION_MISSING", power(danger=""), m.approve),
    ("Q17", "POWER_CONDITION_MISSING", power(danger_evidence_id=""), m.approve),
    ("Q17", "POWER_CONDITION_MISSING", power(cut_safety=""), m.approve),
    ("Q17", "RESIDENTS_SUPPLIED", power(feeds_residents=True), m.approve),
    ("Q18", "ROLE_FORBIDS_MOVE", changed(S.APPROVED, POWER), lambda one: m.release_notice(one, by="chief")),
    ("Q18", "DECISION_PAPERS_MISSING", changed(S.APPROVED, POWER), lambda one: m.release_notice(one, "F13")),
    ("Q18", "DECISION_NOT_RELEASED", changed(S.APPROVED, POWER), by_system("notice")),
    ("Q19", "CUT_TOO_EARLY", changed(S.NOTICED, POWER), lambda one: m.cut(one, now=NOW + m.DAY / 2)),
    ("Q19", "NIGHT_OR_HOLIDAY", changed(S.NOTICED, POWER), lambda one: m.cut(one, now=NIGHT)),
    ("Q19", "NIGHT_OR_HOLIDAY", changed(S.NOTICED, POWER), lambda one: m.cut(one, now=HOLIDAY)),
    ("Q19", "RESIDENTS_SUPPLIED", feeding_residents, m.cut),
    ("Q19", "REFUSAL_OVER", changed(S.NOTICED, POWER), lambda one: m.cut(one, refusal_goes_on=False)),
    ("Q19", "RECEIPT_MISSING", changed(S.NOTICED, POWER), lambda one: m.cut(one, receipt_evidence_id="")),
    ("Q19", "ROLE_FORBIDS_MOVE", changed(S.NOTICED, POWER), lambda one: m.cut(one, "chief")),
    ("Q20", "ROLE_FORBIDS_MOVE", changed(S.IN_FORCE, POWER), lambda one: m.resume(one, "dep")),
    ("Q20", "COMPLIANCE_MISSING", changed(S.IN_FORCE, POWER), lambda one: m.resume(one, evidence="")),
    ("Q20", "FORM_NOT_OF_OBJECT", changed(S.IN_FORCE, POWER), lambda one: m.resume(one, form="F12")),
    ("Q21", "REASON_MISSING", changed(S.PROPOSED), lambda one: one.reject(" ", facts=facts("chief"))),
    ("Q21", "ROLE_FORBIDS_MOVE", changed(S.PROPOSED), lambda one: one.reject("x", facts=facts("zhou"))),
    ("Q22", "URGENT_APPROVAL_NOT_OVERDUE", changed(S.URGENT_APPLIED), by_system("miss_approval", NOW + m.DAY)),
    ("Q22", "ROLE_FORBIDS_MOVE", changed(S.URGENT_APPLIED), lambda one: one.miss_approval(facts=facts("chief", now=AFTER))),
]


@pytest.mark.parametrize(
    ("reason", "build", "act"),
    [pytest.param(*one[1:], marks=pytest.mark.refuses(one[0]), id=f"{one[0]}-{one[1]}-{n}") for n, one in enumerate(REFUSALS)],
)
def test_a_guard_refuses(reason: str, build: Build, act: Act) -> None:
    measure = build()
    before = measure.state

    with pytest.raises(DomainError) as refused:
        act(measure)

    assert refused.value.reason == reason
    assert measure.state is before
    assert not measure.take_transitions()


ACTS: dict[str, Act] = {
    "Q02": m.approve,
    "Q03": m.release,
    "Q04": m.hand_over,
    "Q05": m.confirm,
    "Q06": lambda one: m.lift(one, "refuse_urgent"),
    "Q07": m.to_test,
    "Q08": by_system("end_appraisal", NOW, ""),
    "Q09": m.extend,
    "Q10": m.decide,
    "Q11": m.give_back,
    "Q12": by_system("confiscate"),
    "Q13": m.destroy,
    "Q14": m.to_police,
    "Q15": by_system("fall_overdue", AFTER),
    "Q16": lambda one: m.lift(one, "lift_overdue"),
    "Q17": m.approve,
    "Q18": m.release_notice,
    "Q19": m.cut,
    "Q20": m.resume,
    "Q21": lambda one: one.reject("x", facts=facts("chief")),
    "Q22": by_system("miss_approval", AFTER),
}
OF_POWER = {"Q17", "Q18", "Q19", "Q20"}


def forbidden() -> list[Any]:
    found = []
    for row in ACTS:
        sources = {
            source for move in MOVES if move.row == row and move.name not in {"link_case", "note_penalty"} for source in move.sources
        }
        kind = POWER if row in OF_POWER else Kind.SEAL
        found += [
            pytest.param(row, kind, state, marks=pytest.mark.refuses(row), id=f"{row}-{state}") for state in S if state not in sources
        ]
    return found


@pytest.mark.parametrize(("row", "kind", "state"), forbidden())
def test_every_other_state_refuses(row: str, kind: Kind, state: S) -> None:
    measure = m.a_measure(state, kind)

    with pytest.raises(DomainError) as refused:
        ACTS[row](measure)

    assert refused.value.reason == "STATE_FORBIDS_TRANSITION"


@pytest.mark.parametrize(
    "move", [pytest.param(one, marks=pytest.mark.refuses(one.row), id=one.name) for one in MOVES if one.row not in {"Q01", "Q21"}]
)
def test_a_row_is_for_its_kind(move: Any) -> None:
    """Law brief 11.4: Q02 to Q16 and Q22 are not for power, Q17 to Q20 for nothing else."""
    guards = {guard.__name__ for guard in move.guards}

    assert ("of_power" if move.row in OF_POWER else "of_goods") in guards or move.name in {"link_case", "note_penalty"}


def test_the_deputy_approves_only_inside_a_delegation_and_never_hazardous_chemicals() -> None:
    deputy = Person("dep", "county", PATH, frozenset({Role.DEP}), {"seal_or_seize": None})

    def approve(measure: CoerciveMeasure) -> None:
        paper = m.a_paper("F07", measure, officers=("zhou", "wu"), approver="dep")
        measure.approve(paper, facts=replace(facts("chief", body=m.COUNTY), by=deputy))

    plain, chemicals = m.a_measure(S.PROPOSED), m.a_measure(S.PROPOSED, hazardous_chemicals=True)
    approve(plain)

    assert plain.state is S.APPROVED
    with pytest.raises(DomainError) as refused:
        approve(chemicals)
    assert refused.value.reason == "CHIEF_MUST_APPROVE"


def test_an_absent_party_needs_a_witness_and_is_told_nothing() -> None:
    measure = m.a_measure(S.APPROVED)

    m.release(measure, steps=CoercionSteps(certificates_shown=True, party_called=True, witness="林某", device_id="camera", recording=True))

    assert measure.steps is not None
    assert measure.steps.witness == "林某"


def test_a_record_of_the_spot_may_come_along() -> None:
    """INV-02: F17 in the place of F03."""
    measure = m.a_measure(S.APPROVED, task=a_task(I.ON_SITE))

    m.release(measure, "F17", "F08", "F09")

    assert set(measure.documents) == {"F17", "F08", "F09"}


def test_an_urgent_measure_runs_both_clocks() -> None:
    measure = on_site()

    event = urgently(measure)

    assert timers_of(measure) == {"D01": "RUNNING", "D02": "RUNNING", "GEN": "RUNNING"}
    assert event.urgent
    m.confirm(measure)
    assert timers_of(measure)["D01"] == "STOPPED"


@pytest.mark.parametrize("kind", [Kind.SEAL, POWER])
@pytest.mark.parametrize("state", list(S))
def test_what_may_happen_now_is_answered_in_every_state(state: S, kind: Kind) -> None:
    measure = m.a_measure(state, kind)

    answers = measure.permitted(replace(facts("chief"), known={}, permission_only=True))

    assert {answer.move.name for answer in answers} == {move.name for move in MOVES if None not in move.sources}
    open_ = {answer.move.row for answer in answers if answer.refusal is None}
    assert not open_ & (OF_POWER if kind is Kind.SEAL else set(ACTS) - OF_POWER - {"Q21"})
