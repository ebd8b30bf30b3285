"""The states of a penalty case and the records that it keeps: screens, reviews, notices, questionings, documents."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from penalties.domain.crime_screen import OffenceResult, ScreenResult


class State(StrEnum):
    """Every state of 11.5, in its order there."""

    CLUE = "CLUE"
    FILING = "FILING"
    FILED = "FILED"
    INVESTIGATING = "INVESTIGATING"
    SUSPENDED = "SUSPENDED"
    REPORTED = "REPORTED"
    LEGAL_REVIEW = "LEGAL_REVIEW"
    NOTICE_DRAFT = "NOTICE_DRAFT"
    NOTIFIED = "NOTIFIED"
    DEFENCE = "DEFENCE"
    HEARING_REQ = "HEARING_REQ"
    HEARING_SET = "HEARING_SET"
    HEARING_DONE = "HEARING_DONE"
    DELIBERATION = "DELIBERATION"
    DECIDING = "DECIDING"
    DECIDED = "DECIDED"
    SERVED = "SERVED"
    EXECUTING = "EXECUTING"
    DEFERRED = "DEFERRED"
    DUNNED = "DUNNED"
    COURT = "COURT"
    EXECUTED = "EXECUTED"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"
    NOT_FILED = "NOT_FILED"
    NO_PENALTY = "NO_PENALTY"
    WITHDRAWN = "WITHDRAWN"
    TERMINATED = "TERMINATED"
    MOVED = "MOVED"
    CRIME_TRANSFER = "CRIME_TRANSFER"
    S_DRAFT = "S_DRAFT"
    S_DECIDED = "S_DECIDED"
    S_RECORDED = "S_RECORDED"


def span(first: State, last: State) -> frozenset[State]:
    """`X…Y` of the table: every state from X to Y in the order of 11.5."""
    order = list(State)
    return frozenset(order[order.index(first) : order.index(last) + 1])


class Source(StrEnum):
    FINDING = "FINDING"
    COMPLAINT = "COMPLAINT"
    HAND_OVER = "HAND_OVER"
    RETURNED_CRIMINAL = "RETURNED_CRIMINAL"


class RefusalGround(StrEnum):
    NO_VIOLATION = "NO_VIOLATION"
    NOT_ESTABLISHED = "NOT_ESTABLISHED"
    LIMITATION_PASSED = "LIMITATION_PASSED"
    NOT_COMPETENT = "NOT_COMPETENT"
    ALREADY_PUNISHED = "ALREADY_PUNISHED"
    NO_PENALTY = "NO_PENALTY"


class ScreenPoint(StrEnum):
    RECORD_SIGNED = "RECORD_SIGNED"
    FILING = "FILING"
    REQUEST = "REQUEST"
    REPORT = "REPORT"
    DECISION = "DECISION"


class Round(StrEnum):
    PRE_NOTICE = "PRE_NOTICE"
    PRE_DECISION = "PRE_DECISION"


class ReviewResult(StrEnum):
    PASS = "PASS"  # noqa: S105 - a result, no password
    PASS_WITH_CHANGES = "PASS_WITH_CHANGES"  # noqa: S105
    RETURN = "RETURN"
    REJECT = "REJECT"


class StatementMode(StrEnum):
    ORAL = "ORAL"
    WRITTEN = "WRITTEN"
    WAIVED = "WAIVED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class PersonParty:
    name: str
    sex: str = ""
    born_on: str = ""
    id_number: str = ""
    address: str = ""
    post: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Screen:
    id: UUID
    point: ScreenPoint
    at: datetime
    fact_version: int
    result: ScreenResult
    offences: tuple[OffenceResult, ...]
    thresholds_version: str
    run_by: str


@dataclass(frozen=True)
class Review:
    round: str
    result: ReviewResult
    opinion: str
    document_id: str
    reviewer_id: str
    at: datetime
    proposal_number: int
    proposal_digest: str


@dataclass(frozen=True)
class StatementPoint:
    text: str
    answer: str = ""
    adopted: bool = False


@dataclass(frozen=True)
class Notice:
    """A released notice. `statement` is empty until the party answered or its period ended."""

    number: int
    proposal_number: int
    document_id: str
    hearing_document_id: str
    released_by: str
    released_at: datetime
    served_on: str = ""
    deemed_on: str = ""
    mode: str = ""
    statement: StatementMode | None = None
    statement_at: datetime | None = None
    statement_document_id: str = ""
    points: tuple[StatementPoint, ...] = ()
    rechecked_by: str = ""
    rechecked_at: datetime | None = None
    hearing_requested_at: datetime | None = None
    hearing_waived: bool = False


@dataclass(eq=False)
class Questioning:
    """One person questioned by two officers (8.3)."""

    case_id: UUID
    org_path: str
    person_name: str
    person_role: str
    place: str
    starts_at: datetime
    ends_at: datetime
    officer_ids: list[str]
    recorder_id: str
    notice_document_id: str
    record_document_id: str
    entered_by: str
    id: UUID = field(default_factory=uuid4)


@dataclass(eq=False)
class CaseDocument:
    """A document of the case as told by the events of documents; guards read nothing else of them."""

    document_id: str
    case_id: UUID
    org_path: str
    form: str
    state: str
    drafted_at: datetime
    number: str = ""
    sha256: str = ""
    served_on: str = ""
    deemed_on: str = ""
    dated_on: str = ""

    @property
    def title(self) -> str:
        return TITLES.get(self.form, self.form)


TITLES = {
    "F01": "立案审批表",
    "F15": "询问通知书",
    "F16": "询问笔录",
    "F17": "勘验笔录",
    "F18": "抽样取证凭证",
    "F19": "先行登记保存证据审批表",
    "F20": "先行登记保存证据通知书",
    "F21": "先行登记保存证据处理审批表",
    "F22": "先行登记保存证据处理决定书",
    "F23": "鉴定委托书",
    "F24": "行政处罚告知书",
    "F25": "当事人陈述申辩笔录",
    "F26": "行政处罚听证告知书",
    "F27": "行政处罚听证会通知书",
    "F28": "听证笔录",
    "F29": "听证会报告书",
    "F30": "案件处理呈批表",
    "F31": "行政处罚集体讨论记录",
    "F32": "行政（当场）处罚决定书",
    "F33": "行政（当场）处罚决定书",
    "F34": "行政处罚决定书",
    "F35": "行政处罚决定书",
    "F36": "罚款催缴通知书",
    "F37": "加处罚款决定书",
    "F38": "延期（分期）缴纳罚款审批表",
    "F39": "延期（分期）缴纳罚款批准书",
    "F40": "文书送达回执",
    "F41": "行政强制执行事先催告书",
    "F42": "强制执行申请书",
    "F43": "案件移送审批表",
    "F44": "案件移送书",
    "F45": "案件延期审批表",
    "F46": "结案审批表",
    "F47": "案卷（首页）",
    "F48": "卷内目录",
    "SLIP": "罚款缴款通知书",
    "TERM": "案件终止审批表",
    "X5": "按日连续处罚决定书",
    "X7D": "撤销行政处罚决定书",
    "X7R": "案件恢复调查审批表",
    "X7S": "案件中止调查审批表",
    "ws100301": "案件处理呈批表（二次呈批）",
    "ws1003012": "案件告知审批表",
    "ws10049": "行政处罚案件审批表",
    "ws10050": "不予行政处罚决定书",
    "ws10051": "行政处罚法制审核意见书（流程表）",
    "ws10052": "案件撤销记录单",
    "ws10053": "行政处罚案件调查报告",
    "ws10059": "行政处罚法制审核意见书",
}
ISSUED = frozenset({"SEALED", "SERVING", "SERVED", "REFUSED_NOTED", "EFFECTIVE", "ARCHIVED"})
SERVED_STATES = frozenset({"SERVED", "EFFECTIVE", "ARCHIVED"})
