"""`python -m kernel.deadlines`: JSON lines in, JSON lines out (docs/law/deadline-format.md)."""

import json
import sys
from typing import Any, BinaryIO

from kernel.deadlines import BadInput, CalendarNotLoaded, UnknownTimer, compute
from kernel.errors import DomainError
from kernel.parameters import LawParameters


def answer(line: bytes, law: LawParameters) -> dict[str, Any]:
    """The answer to one line; a line that cannot be answered says why."""
    question_id: object = None
    try:
        try:
            asked = json.loads(line)
        except ValueError as wrong:
            raise BadInput("the line is no JSON") from wrong
        if not isinstance(asked, dict):
            raise BadInput("the line is no JSON object")
        question_id = asked.get("id")
        timer = asked.get("timer")
        if not isinstance(timer, str):
            raise BadInput("timer is the id of a row, D01 to D65, or GEN")
        deadline = compute(timer, asked.get("starts_at"), asked.get("events"), asked.get("params"), law)
        return deadline.as_line(question_id)
    except DomainError as refused:
        return {"id": question_id, "error": _code(refused), "detail": refused.text}


def _code(refused: DomainError) -> str:
    if isinstance(refused, CalendarNotLoaded):
        return "calendar_not_loaded"
    return "unknown_timer" if isinstance(refused, UnknownTimer) else "bad_input"


def main(lines: BinaryIO, out: BinaryIO) -> None:
    law = LawParameters.shipped()
    for line in lines:
        out.write(json.dumps(answer(line, law), ensure_ascii=False).encode() + b"\n")
        out.flush()


if __name__ == "__main__":  # pragma: no cover
    main(sys.stdin.buffer, sys.stdout.buffer)
