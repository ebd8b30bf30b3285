"""Money in fen, and amounts in the capital numerals of documents."""

from dataclasses import dataclass

from kernel.errors import Invalid

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_LARGEST = 10**18


class MoneyInvalid(Invalid):
    """An amount of money is a whole number of fen."""


@dataclass(frozen=True, order=True)
class Money:
    """An amount in fen (1 yuan = 100 fen). Never a float."""

    fen: int

    def __post_init__(self) -> None:
        if not isinstance(self.fen, int) or isinstance(self.fen, bool):
            raise MoneyInvalid(f"money is a whole number of fen, not {self.fen!r}", given=str(self.fen))

    @classmethod
    def yuan(cls, amount: int) -> "Money":
        if not isinstance(amount, int) or isinstance(amount, bool):
            raise MoneyInvalid(f"whole yuan are an integer, not {amount!r}", given=str(amount))
        return cls(amount * 100)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen)

    def __mul__(self, times: int) -> "Money":
        return Money(self.fen * times)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{'-' if self.fen < 0 else ''}{yuan:,}.{fen:02}"

    def part(self, numerator: int, denominator: int) -> "Money":
        """That part of the amount; a fraction of a fen is dropped."""
        return Money(self.fen * numerator // denominator)

    def in_words(self) -> str:
        """The amount as documents print it: 肆万玖仟元整."""
        return capital(self.fen)


def capital(fen: int) -> str:
    """Capital Chinese numerals of an amount in fen."""
    if not 0 <= fen < _LARGEST:
        raise MoneyInvalid("only amounts from 0 to below ten thousand million million yuan are written in words", given=str(fen))
    yuan, small = divmod(fen, 100)
    jiao, cents = divmod(small, 10)
    text = f"{_integer(yuan)}元" if yuan or not small else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif cents and yuan:
        text += "零"
    return text + (f"{_DIGITS[cents]}分" if cents else "整")


def _integer(number: int) -> str:
    if number == 0:
        return "零"
    text, gap = "", False
    for index in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10 ** (4 * index) % 10**4
        if group == 0:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text, gap = text + _group(group) + _GROUPS[index], False
    return text


def _group(number: int) -> str:
    """A number below ten thousand."""
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text, gap = text + ("零" if gap else "") + _DIGITS[digit] + _PLACES[place], False
    return text
