"""What the servicers share: the calls and the ports."""

from dataclasses import dataclass
from functools import partial

from servicekit.calls import Calls, Command

from inspections.application import commands, finding_commands
from inspections.application.ports import Documents, Enterprises, Identity, Lawbook
from inspections.domain.limits import Limits


@dataclass(frozen=True)
class Outside:
    """The services that commands ask."""

    identity: Identity
    lawbook: Lawbook
    enterprises: Enterprises
    documents: Documents


class Ports:
    """`confirmed`: the moves of two persons and the commands that a confirmation runs."""

    def __init__(self, calls: Calls, outside: Outside, limits: Limits) -> None:
        self.calls, self.limits = calls, limits
        self.identity, self.lawbook = outside.identity, outside.lawbook
        self.enterprises, self.documents = outside.enterprises, outside.documents
        self.arrive = partial(commands.arrive, identity=self.identity)
        self.confirmed: dict[str, Command] = {
            "arrive": self.arrive,
            "classify_major": finding_commands.classify_major,
            "downgrade": finding_commands.downgrade,
            "uphold_objection": finding_commands.decide_objection,
            "reject_objection": finding_commands.decide_objection,
        }
