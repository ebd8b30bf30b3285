"""Numbers of documents (4.1): per issuer, code and year, from 1, without gap; used once or void with a reason (INV-15)."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import Invalid

PATTERN = re.compile(r"（[\u4e00-\u9fa5]{1,6}）应急[\u4e00-\u9fa5]{1,6}〔20\d{2}〕[1-9]\d{0,5}号")


class NumberMalformed(Invalid):
    """Issuer, code or year do not make a number of the form （粤）应急罚〔2022〕1号."""


def number_text(abbreviation: str, code: str, year: int, sequence: int) -> str:
    """`（粤）应急罚〔2022〕1号`: full-width brackets, year in 〔〕, no leading zeros."""
    text = f"（{abbreviation}）应急{code}〔{year}〕{sequence}号"
    if PATTERN.fullmatch(text) is None:
        raise NumberMalformed(f"{text} is no document number", number=text)
    return text


@dataclass(eq=False)
class Number:
    """One line of the register. It belongs to its document from the moment it is taken, whatever becomes of it."""

    issuer_id: str
    letter_code: str
    year: int
    sequence: int
    number: str
    document_id: UUID
    org_path: str
    taken_at: datetime
    void_reason: str = ""
    voided_at: datetime | None = None

    @property
    def void(self) -> bool:
        return self.voided_at is not None
