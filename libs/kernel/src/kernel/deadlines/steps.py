"""Rows with a rule of their own in the department's steps: hearing, service, orders, police, limitation."""

from dataclasses import replace
from datetime import date, timedelta

from kernel.calendar import ONE_DAY
from kernel.days import day_begins, day_ends
from kernel.deadlines.counting import Count
from kernel.deadlines.deadline import spoken
from kernel.deadlines.question import BadInput, Question
from kernel.deadlines.rows import Answer, finish, judge, named_day, plain, run, version_for
from kernel.parameters import Length, TimerRow

_PUBLIC_NOTICE_SHORTENED = date(2022, 1, 1)
_LOOK_BACK = 10


def hearing_held(question: Question, row: TimerRow, count: Count) -> Answer:
    """D10: a target; D11 is law and wins (APL 64(2)). `feasible`: whether D11 leaves a day inside it (5.5)."""
    answer = plain(question, row, count)
    served = question.first("hearing_notice", "notice")
    if served is None:
        count.say("5.5: no notice of hearing yet; feasible is reckoned as if it were served on the day of the request.")
    earliest, _ = _lead(question, count, served.day if served else count.start)
    last = answer.fields["legal_expiry"]
    feasible = earliest <= last
    answer.fields["feasible"] = feasible
    if not feasible:
        count.say(
            f"D11 is law and wins over the target: no day is left by {spoken(last)}; the hearing is set on {spoken(earliest)}, "
            "the first day that D11 allows; the reason is stored and it is no defect (5.5)."
        )
        held = question.first("act")
        if held is not None:
            answer.fields["in_time"] = held.day <= earliest
    return answer


def _lead(question: Question, count: Count, served: date) -> tuple[date, date]:
    """First day for the hearing, and last day of the clear days, by the version of D11 on the day of service."""
    row = count.law.timers["D11"]
    length = row.version_on(served).length
    clear = count.read("hearing_lead") == "7_clear"
    if length.unit == "cal":
        last = served + timedelta(days=length.n)
        earliest = last + ONE_DAY if clear else last
        count.say(
            f"D11 (APL 42 of 2017, before 2021-07-15): {length.n} calendar days after service on {spoken(served)} end on {spoken(last)}."
        )
        return earliest, last
    last = count.end(served, length, of="service of the notice of hearing", source=row.source)
    if not clear:
        return last, last
    earliest = count.calendar.count(last, 1, count.unknown)
    count.say(
        f"D11 (APL 64(2)): both the day of service and the day of the hearing are left out; the hearing is on {spoken(earliest)} or later."
    )
    return earliest, last


def hearing_lead(question: Question, row: TimerRow, count: Count) -> Answer:
    """D11: forward from service of the notice, or backward from the day of the hearing."""
    version = version_for(question, row, count)
    answer = Answer(law=version.law)
    if question.params.get("direction") == "backward":
        return _hearing_lead_backward(question, count, answer, version.length)
    earliest, last = _lead(question, count, count.start)
    answer.fields |= {"raw": last, "legal_expiry": last, "earliest": earliest}
    answer.expires_at = day_begins(earliest)
    held = question.first("act")
    if held is not None:
        answer.fields["in_time"] = held.day >= earliest and count.calendar.works(held.day)
    return answer


def _hearing_lead_backward(question: Question, count: Count, answer: Answer, length: Length) -> Answer:
    days = length.n + 1 if count.read("hearing_lead") == "7_clear" else length.n
    latest = count.start - timedelta(days=days) if length.unit == "cal" else count.before(count.start, days)
    answer.ends(latest, latest)
    answer.fields["latest"] = latest
    for served in question.all("hearing_notice", "notice"):
        answer.accepted[served.index] = served.day <= latest
    act = question.first("act", "post")
    if act is not None:
        answer.fields["in_time"] = act.day <= latest
    return answer


def service(question: Question, row: TimerRow, count: Count) -> Answer:
    """D13: service within seven working days; by public notice, published within them and deemed served after its days."""
    answer = plain(question, row, count)
    published = question.first("notice")
    if question.params.get("mode") != "public_notice" and published is None:
        return answer
    last = answer.fields["legal_expiry"]
    bound = count.read("public_notice_start") == "within_7_wd"
    if bound:
        answer.fields["notice_due"] = last
    if published is None:
        return answer
    answer.accepted[published.index] = not bound or published.day <= last
    days = 30 if published.day >= _PUBLIC_NOTICE_SHORTENED else 60
    deemed = published.day + timedelta(days=days)
    count.say(
        f"5.7 (CVL 95): published on {spoken(published.day)}, a day that is not counted; {days} days make it served at the end of "
        f"{spoken(deemed)}; deemed service is not rolled (CT-15)."
    )
    if count.read("public_notice_deemed") == "next_working_day":
        deemed = count.roll(deemed)
    answer.fields["deemed_served"] = deemed
    answer.expires_at = day_ends(deemed)
    return answer


def rectification(question: Question, row: TimerRow, count: Count) -> Answer:
    """D25: the day named in the order; a grant in time names another, a request in time is one by D26."""
    version_for(question, row, count)
    named = named_day(question)
    rolls = count.read("roll_named_day") is True
    count.say(f"D25 (WSL 65): the order of {spoken(count.start)} names {spoken(named)}.")
    answer = Answer()
    refused_late = False
    for event in question.events:
        if event.kind == "extend_request":
            on_time = _request_in_time(count, event.day, named, served=count.start)
            answer.accepted[event.index] = on_time
            refused_late = not on_time
        elif event.kind == "extend":
            until = event.until or named + timedelta(days=event.days or 0)
            last = count.roll(named, rolls)
            if refused_late:
                count.say("3.5: the request was late, so the day named in the order stands.")
            elif event.day > last:
                count.say(f"CT-19: the extension of {spoken(event.day)} came after {spoken(last)} and does not count.")
            in_time = event.day <= last and until > named and not refused_late
            answer.accepted[event.index] = in_time
            if in_time:
                named = until
                count.say(f"CT-19 (PB 17): granted on {spoken(event.day)}; the new day is {spoken(named)}.")
    answer.ends(named, count.roll(named, rolls))
    finish(question, row, count, answer)
    return answer


def _request_in_time(count: Count, asked: date, named: date, *, served: date | None) -> bool:
    earliest, latest = _request_window(count, named, served=served)
    return (earliest is None or asked >= earliest) and asked <= latest


def _request_window(count: Count, named: date, *, served: date | None) -> tuple[date | None, date]:
    """D26: when an extension of an order may be asked for. The days look back and are not rolled (CT-15)."""
    reading = count.read("d26_reading")
    edge = named - timedelta(days=_LOOK_BACK)
    if served is not None and (named - served).days <= _LOOK_BACK:
        count.say(f"3.5: the order has {(named - served).days} days, so it can be asked for until its last day, {spoken(named)}.")
        return None, named
    if reading == "within":
        count.say(f"3.5 (PB 17, not verified): to be asked for from {spoken(edge)} to {spoken(named)}; not rolled.")
        return edge, named
    count.say(f"3.5 (PB 17, not verified): to be asked for at least ten days before {spoken(named)}: by {spoken(edge)}; not rolled.")
    return None, edge


def extension_request(question: Question, row: TimerRow, count: Count) -> Answer:
    """D26: counted back from the day named in the order (`starts_at`); how long the order is follows from `n`, `served_on` or `notice`."""
    version = version_for(question, row, count)
    answer = Answer(law=version.law)
    told = question.first("notice", "told")
    served = question.days.get("served_on") or (told.day if told else None)
    if served is None and question.params.get("n") is not None:
        served = count.start - timedelta(days=question.params["n"])
    earliest, latest = _request_window(count, count.start, served=served)
    answer.ends(latest, latest)
    answer.fields["latest"] = latest
    if earliest is not None:
        answer.fields["earliest"] = earliest
    posted = question.first("post")
    for event in question.all("extend_request"):
        asked = event.day
        if posted is not None and posted.day < asked and count.read("posting_counts") is True:
            asked = posted.day
        answer.accepted[event.index] = (earliest is None or asked >= earliest) and count.in_time(event.at, asked, latest)
    in_time = judge(question, row, count, latest)
    if in_time is not None:
        first = min(event.day for event in question.all("act", "post", "apply"))
        answer.fields["in_time"] = in_time and (earliest is None or first >= earliest)
    return answer


def reinspection(question: Question, row: TimerRow, count: Count) -> Answer:
    """D28: from the application or the expiry of the order, whichever is first (PB 18)."""
    asked = question.first("apply")
    if asked is not None and asked.day < count.start:
        count.say(f"D28 (PB 18): the application of {spoken(asked.day)} came before the order expired, so it starts the period.")
        count.start = asked.day
    return plain(question, row, count)


def cash(question: Question, row: TimerRow, count: Count) -> Answer:
    """D06: cash collected on water is handed in from the day of landing (APL 71)."""
    landed = question.first("land")
    if landed is not None:
        count.say(f"APL 71: collected on water, so the period starts with landing on {spoken(landed.day)}.")
        count.start = landed.day
    return plain(question, row, count)


def power_cut(question: Question, row: TimerRow, count: Count) -> Answer:
    """D30: power may be cut from the moment 24 hours after service of the notice (WSL 70)."""
    version = version_for(question, row, count)
    answer = Answer()
    allowed = count.hours(question.starts_at, version.length.n, choice=False, of="service of the notice")
    answer.fields |= {"raw": allowed, "legal_expiry": allowed, "earliest": allowed}
    answer.expires_at = allowed
    cut = question.first("act")
    if cut is not None:
        answer.fields["in_time"] = cut.at >= allowed
    return answer


def demand_wait(question: Question, row: TimerRow, count: Count) -> Answer:
    """D22: ten working days after the demand; the court may be asked from the day after the tenth (AEL 54)."""
    answer = plain(question, row, count)
    answer.fields.pop("in_time", None)
    earliest = answer.fields["legal_expiry"] + ONE_DAY
    count.say(f"D22 (AEL 54): the court may be asked from the day after the tenth working day, {spoken(earliest)}.")
    answer.fields["earliest"] = earliest
    asked = question.first("act", "apply", "post")
    if asked is not None:
        answer.fields["in_time"] = asked.day >= earliest
    return answer


def material_check(question: Question, row: TimerRow, count: Count) -> Answer:
    """D35: the police say within 24 hours what is missing; the department supplements within three days of that notice."""
    version = version_for(question, row, count)
    answer = Answer()
    due = count.hours(question.starts_at, version.notice_hours, choice=True, of="police receipt")
    answer.fields["notice_due"] = due
    notice = question.first("notice")
    if notice is None:
        answer.expires_at = due + timedelta(microseconds=1)
        return answer
    answer.accepted[notice.index] = notice.at <= due
    count.start = notice.day
    raw = count.end(notice.day, version.length, of="receipt of the notice", source=row.source)
    return run(question, row, count, answer, raw, version.length)


def police_decision(question: Question, row: TimerRow, count: Count) -> Answer:
    """D36: three days, or as many in all from receipt as the police head approved (7 or 30)."""
    approved = question.params.get("approved_days")
    if approved is None:
        return plain(question, row, count)
    if approved > 30:
        raise BadInput("the police decide within 30 days in all", approved_days=approved)
    version = version_for(question, row, count)
    length = replace(version.length, n=approved)
    count.say(f"D36 (L54 11, not verified): {approved} days in all from receipt are approved.")
    raw = count.end(count.start, length, of="police receipt", source=row.source)
    return run(question, row, count, Answer(), raw, length)


def police_forward(question: Question, row: TimerRow, count: Count) -> Answer:
    """D37: from the finding after review that another organ is competent, or from receipt of the file."""
    found = question.first("discovered")
    if found is not None and count.read("d37_start") == "finding":
        question = replace(question, starts_at=found.at)
    else:
        count.read("d37_start")
    return plain(question, row, count)


def limitation(question: Question, row: TimerRow, count: Count) -> Answer:
    """D50: two or five years from the act, or from its end if it went on; stopped by discovery (APL 36)."""
    ended = question.first("act_ended")
    if ended is not None:
        count.say(f"APL 36(2): the act went on until {spoken(ended.day)}; the period runs from its end.")
        count.start = ended.day
    answer = plain(replace(question, events=()), row, count)
    stop = question.first("act") if count.read("d50_stop") == "filing" else question.first("discovered", "act")
    if stop is not None:
        answer.fields["in_time"] = stop.day <= answer.fields["legal_expiry"]
    elif question.first("discovered") is not None:
        answer.fields["in_time"] = False
        count.say("D50: discovered but not filed; by this reading only filing stops the period.")
    return answer
