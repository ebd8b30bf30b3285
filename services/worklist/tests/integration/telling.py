"""What other services tell of a matter of theirs."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from anzhi.work.v1 import events_pb2 as pb
from anzhi.worklist.v1 import worklist_pb2 as api
from anzhi.worklist.v1.worklist_pb2_grpc import WorklistServiceStub
from kernel.days import legal_day
from kernel.parameters import LawParameters
from kernel.timers import Timer
from servicekit import work
from testkit import a_user

CLOCK = count()
LAW = LawParameters.shipped()


def recorded() -> datetime:
    """Later with each call."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=next(CLOCK))


def officer(place: str, *roles: str, id: str = "", delegations: dict[str, int | None] | None = None) -> Any:
    return a_user(id, org_path=place, roles=roles, permissions=("worklist.read",), delegations=delegations)


def a_move(row: str, move: str, *roles: str, stops: tuple[str, ...] = (), delegated: str = "") -> pb.OpenMove:
    actors = [pb.Actor(role=role, delegated=delegated) for role in roles]
    return pb.OpenMove(row=row, move=move, by="/".join(roles), actors=actors, stops=stops)


@dataclass
class Matter:
    """One case or inspection of a service, told event by event."""

    world: Any
    org_path: str
    service: str = "penalties"
    kind: str = "case"
    officers: tuple[str, ...] = ()
    lead: str = ""
    id: UUID = field(default_factory=uuid4)
    version: int = 0

    @property
    def root(self) -> str:
        return f"/{self.org_path.strip('/').split('/')[0]}/"

    def at(self, state: str, *moves: pb.OpenMove, version: int = 0) -> pb.ObjectMoved:
        self.version = version or self.version + 1
        message = pb.ObjectMoved(
            service=self.service,
            object_kind=self.kind,
            object_id=str(self.id),
            org_path=self.org_path,
            state=state,
            version=self.version,
            number=f"粤莞应急罚〔2026〕{self.version}号",
            officer_ids=self.officers,
            lead_id=self.lead,
            moves=moves,
        )
        message.recorded_at.FromDatetime(recorded())
        return message

    def timer(self, name: str, starts_at: datetime, **params: Any) -> Timer:
        timer = Timer(name, self.kind, self.id, self.org_path, starts_at, [], params)
        timer.recompute(LAW)
        return timer

    def told(self, timer: Timer) -> pb.DeadlineChanged:
        message = work.told(self.service, [(timer, None)])[0]
        assert isinstance(message, pb.DeadlineChanged)
        message.recorded_at.FromDatetime(recorded())
        return message

    async def tell(self, *messages: Any, id: str = "") -> None:
        for message in messages:
            await self.world.produce(f"{self.service}.work.v1", message, key=str(self.id), root=self.root, id=id)


async def todos(run: Any, person: Any, size: int = 0, token: str = "") -> Any:
    stub = await run.stub(WorklistServiceStub, person)
    return await stub.ListMyTodos(api.ListMyTodosRequest(page_size=size, page_token=token))


async def ids(run: Any, person: Any) -> list[str]:
    return [todo.object_id for todo in (await todos(run, person)).todos]


def today(offset: int = 0) -> datetime:
    return datetime.now(UTC) + timedelta(days=offset)


__all__ = ["LAW", "Matter", "a_move", "ids", "legal_day", "officer", "recorded", "today", "todos"]
