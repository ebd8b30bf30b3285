"""Codes that the state gives: enterprises, persons, divisions, documents; how they are checked and how they are masked."""

import re
from dataclasses import dataclass
from datetime import date

from kernel.errors import Invalid

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_DOCUMENT_NUMBER = re.compile(
    r"（(?P<abbr>[\u4e00-\u9fa5]{1,6})）应急(?P<code>[\u4e00-\u9fa5]{1,6})〔(?P<year>20\d{2})〕(?P<seq>[1-9]\d{0,5})号"
)


class InvalidSocialCreditCode(Invalid):
    """The text has not the form of a unified social credit code."""


class InvalidIdCard(Invalid):
    """The text is no citizen identity number."""


class InvalidRegionCode(Invalid):
    """The text is no division code."""


class InvalidDocumentNumber(Invalid):
    """The text is no number of an enforcement document."""


@dataclass(frozen=True)
class SocialCreditCode:
    """Unified social credit code, GB 32100. Real registrations sometimes fail the check: it warns and does not refuse."""

    text: str
    check_ok: bool

    @classmethod
    def parse(cls, text: str) -> "SocialCreditCode":
        code = text.strip().upper()
        if not _USCC_FORM.fullmatch(code):
            raise InvalidSocialCreditCode(f"{text!r} has not the form of a unified social credit code", given=text)
        return cls(code, uscc_check(code[:17]) == code[17])

    @property
    def region(self) -> str:
        """Division of the registration authority."""
        return self.text[2:8]

    def __str__(self) -> str:
        return self.text


def uscc_check(first17: str) -> str:
    """The eighteenth character that belongs to the first seventeen (9.1)."""
    total = sum(_USCC_ALPHABET.index(char) * weight for char, weight in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[-total % 31]


@dataclass(frozen=True)
class IdCard:
    """Citizen identity number, GB 11643."""

    text: str
    born_on: date
    male: bool

    @classmethod
    def parse(cls, text: str) -> "IdCard":
        number = text.strip().upper()
        if not re.fullmatch(r"[1-8]\d{16}[\dX]", number):
            raise InvalidIdCard("an identity number has 17 digits and a check character")
        if id_check(number[:17]) != number[17]:
            raise InvalidIdCard("the check character of the identity number is wrong")
        try:
            born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        except ValueError as wrong:
            raise InvalidIdCard("the date of birth in the identity number does not exist") from wrong
        return cls(number, born_on, int(number[16]) % 2 == 1)

    @property
    def masked(self) -> str:
        return mask_id(self.text)

    def age_on(self, day: date) -> int:
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))

    def __str__(self) -> str:
        return self.masked


def id_check(first17: str) -> str:
    """The check character that belongs to the first seventeen digits (9.6)."""
    return _ID_CHECKS[sum(int(char) * weight for char, weight in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


@dataclass(frozen=True)
class RegionCode:
    """A division of GB/T 2260: province 2 digits, city 4, county 6, town or street 9 (9.2)."""

    text: str

    @classmethod
    def parse(cls, text: str) -> "RegionCode":
        code = text.strip()
        if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 6, 9) and code[0] != "0"):
            raise InvalidRegionCode(f"{text!r} is no division code", given=text)
        return cls(code)

    @property
    def significant(self) -> str:
        """44 for 440000, 4419 for 441900, 440402 as it is."""
        return significant(self.text)

    def covers(self, other: "RegionCode") -> bool:
        """Whether the other division is this one or lies in it."""
        return other.text.startswith(self.significant)

    def __str__(self) -> str:
        return self.text


def significant(code: str) -> str:
    """The digits that a division shares with everything in it."""
    if len(code) == 6 and code.endswith("0000"):
        return code[:2]
    return code[:4] if len(code) == 6 and code.endswith("00") else code


@dataclass(frozen=True)
class DocumentNumber:
    """（{abbr}）应急{code}〔{year}〕{seq}号 (4.1)."""

    abbr: str
    code: str
    year: int
    seq: int

    @classmethod
    def parse(cls, text: str) -> "DocumentNumber":
        found = _DOCUMENT_NUMBER.fullmatch(text.strip())
        if found is None:
            raise InvalidDocumentNumber(f"{text!r} is no number of an enforcement document", given=text)
        return cls(found["abbr"], found["code"], int(found["year"]), int(found["seq"]))

    @classmethod
    def of(cls, abbr: str, code: str, year: int, seq: int) -> "DocumentNumber":
        return cls.parse(f"（{abbr}）应急{code}〔{year}〕{seq}号")

    def __str__(self) -> str:
        return f"（{self.abbr}）应急{self.code}〔{self.year}〕{self.seq}号"


def mask_id(number: str) -> str:
    """The first six and the last four characters: division and check stay readable, the birthday does not."""
    return number if len(number) <= 10 else number[:6] + "*" * (len(number) - 10) + number[-4:]


def mask_phone(number: str) -> str:
    """The first three and the last four digits."""
    return number if len(number) <= 7 else number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_name(name: str) -> str:
    """The family name."""
    return name[:1] + "*" * max(len(name) - 1, 0)
