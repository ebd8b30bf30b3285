"""Special-operation certificates: who may do which dangerous work on which day. Order 30 catalogue, unverified."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from kernel.codes import IdCard
from kernel.errors import Invalid
from kernel.moves import AnyOf, Facts, Machine, Move, Role

REGISTRARS = AnyOf(Role.OFF, Role.PLAN, Role.SYS)


class Status(StrEnum):
    VALID = "VALID"
    REVIEW_OVERDUE = "REVIEW_OVERDUE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    CANCELLED = "CANCELLED"
    NOT_YET_VALID = "NOT_YET_VALID"


class State(StrEnum):
    ISSUED = "ISSUED"
    REVOKED = "REVOKED"
    CANCELLED = "CANCELLED"


class UnknownOperationItem(Invalid):
    """The catalogue has no such item of special operation."""


class CertificatePeriodReversed(Invalid):
    """A certificate ends before it begins, or is reviewed outside its life."""


class CertificateEndUnknown(Invalid):
    """A certificate is revoked or cancelled."""


class HolderNameDiffers(Invalid):
    """The register has another name under this ID number."""


# Category and item of the catalogue to Order 30, in force until 2026-05-31.
ITEMS = {
    "1.1": "高压电工作业",
    "1.2": "低压电工作业",
    "1.3": "防爆电气作业",
    "2.1": "熔化焊接与热切割作业",
    "2.2": "压力焊作业",
    "2.3": "钎焊作业",
    "3.1": "登高架设作业",
    "3.2": "高处安装、维护、拆除作业",
    "4.1": "制冷与空调设备运行操作作业",
    "4.2": "制冷与空调设备安装修理作业",
    "5.1": "煤矿井下电气作业",
    "5.2": "煤矿井下爆破作业",
    "5.3": "煤矿安全监测监控作业",
    "5.4": "煤矿瓦斯检查作业",
    "5.5": "煤矿安全检查作业",
    "5.6": "煤矿提升机操作作业",
    "5.7": "煤矿采煤机(掘进机)操作作业",
    "5.8": "煤矿瓦斯抽采作业",
    "5.9": "煤矿防突作业",
    "5.10": "煤矿探放水作业",
    "6.1": "金属非金属矿井通风作业",
    "6.2": "尾矿作业",
    "6.3": "金属非金属矿山安全检查作业",
    "6.4": "金属非金属矿山提升机操作作业",
    "6.5": "金属非金属矿山支柱作业",
    "6.6": "金属非金属矿山井下电气作业",
    "6.7": "金属非金属矿山排水作业",
    "6.8": "金属非金属矿山爆破作业",
    "7.1": "司钻作业",
    "8.1": "煤气作业",
    "9.1": "光气及光气化工艺作业",
    "9.2": "氯碱电解工艺作业",
    "9.3": "氯化工艺作业",
    "9.4": "硝化工艺作业",
    "9.5": "合成氨工艺作业",
    "9.6": "裂解(裂化)工艺作业",
    "9.7": "氟化工艺作业",
    "9.8": "加氢工艺作业",
    "9.9": "重氮化工艺作业",
    "9.10": "氧化工艺作业",
    "9.11": "过氧化工艺作业",
    "9.12": "胺基化工艺作业",
    "9.13": "磺化工艺作业",
    "9.14": "聚合工艺作业",
    "9.15": "烷基化工艺作业",
    "9.16": "化工自动化控制仪表作业",
    "10.1": "烟火药制造作业",
    "10.2": "黑火药制造作业",
    "10.3": "引火线制造作业",
    "10.4": "烟花爆竹产品涉药作业",
    "10.5": "烟花爆竹储存作业",
}


@dataclass(eq=False)
class Certificate(Machine):
    """One certificate of one person for one item. Days in Asia/Shanghai, both ends included."""

    MACHINE = "special-operation certificate"

    number: str
    holder_name: str
    holder_id_number: str
    item: str
    valid_from_on: date
    valid_to_on: date
    review_due_on: date
    issuer: str
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    ended_on: date | None = None
    version: int = 1

    @classmethod
    def register(
        cls,
        *,
        number: str,
        holder_name: str,
        holder_id_number: str,
        item: str,
        valid_from_on: date,
        valid_to_on: date,
        review_due_on: date,
        issuer: str,
        facts: Facts,
    ) -> "Certificate":
        """Raises: UnknownOperationItem, CertificatePeriodReversed, InvalidIdCard."""
        if item not in ITEMS:
            raise UnknownOperationItem("the catalogue has no such item", item=item)
        if not valid_from_on <= review_due_on <= valid_to_on:
            raise CertificatePeriodReversed(
                "a certificate is reviewed within its life", valid_from=valid_from_on, review_due=review_due_on, valid_to=valid_to_on
            )
        certificate = cls(
            number=number.strip(),
            holder_name=holder_name.strip(),
            holder_id_number=IdCard.parse(holder_id_number).text,
            item=item,
            valid_from_on=valid_from_on,
            valid_to_on=valid_to_on,
            review_due_on=review_due_on,
            issuer=issuer.strip(),
        )
        certificate._begin("register", facts)
        return certificate

    @property
    def masked_id_number(self) -> str:
        return _masked(self.holder_id_number)

    @property
    def masked_number(self) -> str:
        """A certificate's number is T and the ID number of its holder, so it is masked alike."""
        return self.number.replace(self.holder_id_number, self.masked_id_number)

    def end(self, status: Status, *, on: date, reason: str, facts: Facts) -> None:
        """Raises: CertificateEndUnknown."""
        verb = {Status.REVOKED: "revoke", Status.CANCELLED: "cancel"}.get(status)
        if verb is None:
            raise CertificateEndUnknown("a certificate is revoked or cancelled", status=str(status))
        self._move(verb, facts, reason=reason)
        self.ended_on = on

    def status(self, on: date) -> Status:
        """Whether the holder may do the work that day. A missed review voids the certificate (Order 30 arts 19-25, unverified)."""
        if self.ended_on is not None and self.ended_on <= on:
            return Status(str(self.state))
        if on < self.valid_from_on:
            return Status.NOT_YET_VALID
        if on > self.valid_to_on:
            return Status.EXPIRED
        if on > self.review_due_on:
            return Status.REVIEW_OVERDUE
        return Status.VALID

    MOVES = (
        Move("SC01", "register", {None}, State.ISSUED, by=REGISTRARS),
        Move("SC02", "revoke", {State.ISSUED}, State.REVOKED, by=REGISTRARS),
        Move("SC03", "cancel", {State.ISSUED}, State.CANCELLED, by=REGISTRARS),
    )


def qualified(certificates: Iterable[Certificate], on: date) -> bool:
    """Whether one of them lets its holder do the work that day. Law: WSL 30(1)."""
    return any(certificate.status(on) is Status.VALID for certificate in certificates)


def check_holder(certificates: Iterable[Certificate], name: str) -> None:
    """The name asked for agrees with the register. Raises: HolderNameDiffers."""
    for certificate in certificates:
        if name.strip() and certificate.holder_name != name.strip():
            raise HolderNameDiffers("the register has another name under this number", certificate=certificate.number)


def _masked(number: str) -> str:
    """First three and last four characters. Law brief 12, masking rules."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:]
