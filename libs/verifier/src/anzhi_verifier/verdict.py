"""What a verification finds: the first thing that is wrong, or what was proved."""

from dataclasses import dataclass, field
from typing import Any


class Wrong(Exception):
    """The first thing that is wrong: its name, the file, the reason."""

    def __init__(self, name: str, file: str, reason: str) -> None:
        super().__init__(f"{name}: {file}: {reason}")
        self.name, self.file, self.reason = name, file, reason


@dataclass
class Report:
    """What was proved of a pack that is in order."""

    pack_id: str
    handed_to: str
    built_at: str
    # Whether its keys are among those that the caller trusts; None: he named none.
    trusted: bool | None
    keys: dict[str, str]
    # The tree head of this pack, and the earlier one that it is proved to continue.
    ledger: dict[str, int | str]
    counts: dict[str, int] = field(default_factory=dict)
    withheld: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"ok": True, **self.__dict__}
