"""One RPC, one transaction: scope, stored answer, command, history, outbox and read log land together.

Every method takes the request, the context (kept for the signature of a servicer), the class of the answer, what to do, and
the data for it.
"""

import dataclasses
import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from anzhi.type.v1 import types_pb2
from google.protobuf import json_format
from google.protobuf.message import Message
from kernel.errors import Conflict, Invalid, NotFound, Precondition
from kernel.money import Money
from kernel.moves import Facts, Machine, Person, Role
from sqlalchemy import select, update

from servicekit import auth, record, telemetry, wire
from servicekit.auth import Caller
from servicekit.db import Sessions, Uow, facts_for, page, transaction
from servicekit.tables import history, proposals, reads, requests

M = TypeVar("M", bound=Message)
Command = Callable[..., Awaitable[Any]]


class RequestIdMissing(Invalid):
    """Every write carries an id chosen by the caller."""


class RequestIdReused(Invalid):
    """The id was used for another request, or by someone else."""


class ProposalNotFound(NotFound):
    """There is no such proposal, or it is not yours to see."""


class AlreadyConfirmed(Conflict):
    """The proposal was confirmed before."""


class NothingToConfirm(Precondition):
    """The proposed move is not one that is confirmed here."""


class Calls:
    """The bridge from a servicer to commands and queries."""

    def __init__(self, sessions: Sessions, store: type[Uow]) -> None:
        self.sessions, self.store = sessions, store

    async def once(
        self, request: Message, context: Any, answer: type[M], command: Command, /, *, scope: str | None = None, **given: Any
    ) -> M:
        """A write. Sent twice it is done once, and both get the same answer. An error stores nothing."""

        async def work(uow: Uow, caller: Caller) -> Any:
            facts = await facts_for(self.sessions, uow, caller.person)
            return await command(uow, facts=facts, **given)

        return await self._stored(request, answer, work, scope)

    async def read(
        self, request: Message, context: Any, answer: type[M], query: Command, /, *, scope: str | None = None, **given: Any
    ) -> M:
        """A query under the caller's scope. The read log is written if the policy says so."""
        caller = _caller()
        async with self._open(caller, scope) as uow:
            if "facts" in inspect.signature(query).parameters:
                given["facts"] = await facts_for(self.sessions, uow, caller.person)
            found = wire.write(answer, await query(uow, **given))
            await self._log_read(uow, caller, request)
        return found

    async def propose(
        self, request: Message, context: Any, command: Command, /, *, scope: str | None = None, **given: Any
    ) -> types_pb2.Proposal:
        """The first of two officers. The command is run on trial with every guard, undone, and kept until it is confirmed."""

        async def work(uow: Uow, caller: Caller) -> Any:
            facts = await facts_for(self.sessions, uow, caller.person)
            moved = await self._trial(uow, command, facts, given)
            row = {
                "id": uuid4(),
                **{name: moved[name] for name in ("move", "row", "machine", "object_id")},
                "arguments": _packed(given),
                "proposed_by": caller.person.id,
                "proposer": _packed_person(caller.person),
                "proposed_at": facts.now,
                "org_path": moved["org_path"] or uow.scope,
            }
            await uow.session.execute(proposals.insert().values(row))
            return row

        return await self._stored(request, types_pb2.Proposal, work, scope)

    async def confirm(
        self, request: Message, context: Any, answer: type[M], commands: Mapping[str, Command], /, *, scope: str | None = None
    ) -> M:
        """The second officer, with a token of his own: the proposed command runs with both. `commands`: move -> command."""
        proposal_id = wire.uuid(getattr(request, "proposal_id"), "proposal_id")  # noqa: B009 - Message has no such attribute for mypy

        async def work(uow: Uow, caller: Caller) -> Any:
            proposed = (await uow.session.execute(select(proposals).where(proposals.c.id == proposal_id))).mappings().one_or_none()
            if proposed is None:
                raise ProposalNotFound("there is none, or it is not yours to see", id=str(proposal_id))
            command = commands.get(proposed["move"])
            if command is None:
                raise NothingToConfirm("this move is not confirmed here", move=proposed["move"])
            facts = await facts_for(self.sessions, uow, _unpacked_person(proposed["proposer"]), second=caller.person)
            taken = await uow.session.execute(
                update(proposals)
                .where(proposals.c.id == proposal_id, proposals.c.confirmed_at.is_(None))
                .values(confirmed_by=caller.person.id, confirmed_at=facts.now)
            )
            if taken.rowcount == 0:  # type: ignore[attr-defined]
                raise AlreadyConfirmed("the proposal was confirmed before", id=str(proposal_id))
            return await command(uow, facts=facts, **_unpacked(proposed["arguments"]))

        return await self._stored(request, answer, work, scope)

    async def moves(
        self, request: Message, context: Any, query: Command, /, *, scope: str | None = None, **given: Any
    ) -> types_pb2.ListMovesResponse:
        """Every row of the tables of what the query answers (a machine or several): possible now, or why not."""
        caller = _caller()
        async with self._open(caller, scope) as uow:
            facts = await facts_for(self.sessions, uow, caller.person)
            facts = dataclasses.replace(facts, permission_only=True)
            machines = _machines(await query(uow, **given))
            return types_pb2.ListMovesResponse(moves=[line for machine in machines for line in _permitted(machine, facts)])

    async def history(
        self, request: Message, context: Any, query: Command, /, *, scope: str | None = None, **given: Any
    ) -> types_pb2.ListHistoryResponse:
        """The history of what the query answers, oldest first. `request` is a ListHistoryRequest."""
        caller = _caller()
        async with self._open(caller, scope) as uow:
            ids = [str(machine.id) for machine in _machines(await query(uow, **given))]
            chosen = select(history.c.id).where(history.c.object_id.in_(ids))
            size, token = getattr(request, "page_size", 0), getattr(request, "page_token", "")
            found, token = await page(uow, chosen, by=(history.c.id,), size=size, token=token)
            rows = (await uow.session.execute(select(history).where(history.c.id.in_(found)).order_by(history.c.id))).mappings()
            answer = wire.write(types_pb2.ListHistoryResponse, {"entries": list(rows), "next_page_token": token})
            await self._log_read(uow, caller, request)
        return answer

    def _open(self, caller: Caller, scope: str | None, **claim: Any) -> Any:
        return transaction(
            self.sessions,
            self.store,
            scope=caller.scope if scope is None else scope,
            handed_to=caller.handed_to,
            root=caller.root,
            caller=caller,
            **claim,
        )

    async def _stored(self, request: Message, answer: type[M], work: Callable[[Uow, Caller], Awaitable[Any]], scope: str | None) -> M:
        caller = _caller()
        request_id, digest = _digest(request, caller)
        place = caller.scope or caller.root or "/"
        if scope is not None and not place.startswith(scope):
            # A partner acts in the place of the matter that was handed to him; his own is not part of it.
            place = scope
        claim = {"opening": record.OPEN_REQUEST, "request_id": request_id, "digest": digest, "place": place}
        async with self._open(caller, scope, **claim) as uow:
            if not uow.claimed:
                return await self._again(uow, request_id, digest, answer)
            done = await work(uow, caller)
            await uow.flush()
            message = wire.write(answer, done)
            await uow.end(request_id=request_id, response=message.SerializeToString())
        return message

    async def _again(self, uow: Uow, request_id: str, digest: bytes, answer: type[M]) -> M:
        stored = (
            await uow.session.execute(select(requests.c.digest, requests.c.response).where(requests.c.request_id == request_id))
        ).one_or_none()
        if stored is None or stored.digest != digest:
            raise RequestIdReused("this request_id was used for something else", request_id=request_id)
        return answer.FromString(stored.response)

    async def _trial(self, uow: Uow, command: Command, facts: Facts, given: dict[str, Any]) -> dict[str, Any]:
        nested = await uow.session.begin_nested()
        try:
            await command(uow, facts=dataclasses.replace(facts, permission_only=True), **given)
            await uow.flush()
            moved: list[dict[str, Any]] = uow.session.info.get("history", [])
        finally:
            if nested.is_active:
                await nested.rollback()
            uow.session.expunge_all()
            uow.forget()
        if not moved:
            raise RuntimeError("a proposed command has to move something")
        # Small machines that come with the move stand beside it; the proposal is that of the object that was asked about.
        return next((line for line in moved if line["object_id"] == str(given.get("id"))), moved[0])

    async def _log_read(self, uow: Uow, caller: Caller, request: Message) -> None:
        if not caller.policy.log_read:
            return
        await uow.session.execute(
            reads.insert()
            .inline()
            .values(
                rpc=caller.policy.rpc,
                object_id=_object_of(request),
                query=json_format.MessageToDict(request, preserving_proto_field_name=True),
                by=caller.person.id,
                service=caller.service,
                org_id=caller.person.org_id,
                org_path=caller.person.org_path,
                reason=caller.read_reason,
                trace_id=telemetry.trace_id(),
            )
        )


def _caller() -> Caller:
    caller = auth.current.get()
    if caller is None:
        raise RuntimeError("no call is in progress")
    return caller


def _digest(request: Message, caller: Caller) -> tuple[str, bytes]:
    request_id: str = getattr(request, "request_id")  # noqa: B009
    if not request_id or len(request_id) > 200:
        raise RequestIdMissing("request_id is needed: an id of your choice, at most 200 characters")
    content = "\0".join((caller.policy.rpc, caller.person.id)).encode() + b"\0" + request.SerializeToString(deterministic=True)
    return request_id, hashlib.sha256(content).digest()


def _object_of(request: Message) -> str:
    names = [field.name for field in request.DESCRIPTOR.fields]
    for name in ("id", *(name for name in names if name.endswith("_id"))):
        if name in names:
            return str(getattr(request, name))
    return ""


def _machines(found: Any) -> list[Machine]:
    return [found] if isinstance(found, Machine) else list(found)


def _permitted(machine: Machine, facts: Facts) -> Iterable[types_pb2.PermittedMove]:
    for row in machine.permitted(facts):
        move, refusal = row.move, row.refusal
        targets = move.target if isinstance(move.target, frozenset) else () if move.target is None else (move.target,)
        yield wire.write(
            types_pb2.PermittedMove,
            {
                "move": move.name,
                "row": move.row,
                "permitted": refusal is None,
                "reason": refusal.reason if refusal else "",
                "detail": refusal.text if refusal else "",
                "facts": {key: str(value) for key, value in refusal.facts.items()} if refusal else {},
                "by": str(move.by),
                "law": move.law,
                "object_kind": machine.MACHINE,
                "object_id": machine.id,
                "target_states": sorted(str(target) for target in targets),
                "form": move.form,
            },
        )


_PLAIN: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    UUID: ("uuid", str, UUID),
    datetime: ("instant", lambda at: at.astimezone(UTC).isoformat(), datetime.fromisoformat),
    date: ("date", date.isoformat, date.fromisoformat),
    Money: ("fen", lambda money: money.fen, Money),
    bytes: ("hex", bytes.hex, bytes.fromhex),
}
_READERS = {name: read for name, _, read in _PLAIN.values()}


def _packed(value: Any) -> Any:
    """Arguments as JSON that `_unpacked` turns back into the same values."""
    if isinstance(value, Mapping):
        return {str(key): _packed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(item) for item in value]
    for kind, (name, pack, _) in _PLAIN.items():
        if isinstance(value, kind):
            return {"$": name, "v": pack(value)}
    json.dumps(value)
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if "$" in value:
            return _READERS[value["$"]](value["v"])
        return {key: _unpacked(item) for key, item in value.items()}
    return [_unpacked(item) for item in value] if isinstance(value, list) else value


def _packed_person(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "org_id": person.org_id,
        "org_path": person.org_path,
        "roles": sorted(person.roles),
        "delegations": dict(person.delegations),
    }


def _unpacked_person(packed: Mapping[str, Any]) -> Person:
    return Person(**{**packed, "roles": frozenset(Role(role) for role in packed["roles"])})
