"""An offence as the crime screen names it, in the words of a document: `134-1(3)` is 第一百三十四条之一第三项."""

import re

_CODE = re.compile(r"(?:CL\s*)?(\d{1,3})(?:-(\d{1,2}))?(?:\((\d{1,2})\))?")
_DIGITS = "零一二三四五六七八九"
LAW = "《中华人民共和国刑法》"


def chinese(number: int) -> str:
    """Below one thousand."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not number else "")


def spoken(offence: str) -> str:
    """What is no article stays as it is. An article «之一» lists items, another has paragraphs."""
    found = _CODE.fullmatch(offence.strip())
    if found is None:
        return offence
    article, further, part = found.groups()
    text = f"{LAW}第{chinese(int(article))}条"
    if further:
        text += f"之{chinese(int(further))}"
    if part:
        text += f"第{chinese(int(part))}{'项' if further else '款'}"
    return text
