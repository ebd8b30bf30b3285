"""What callers may ask."""

from typing import Any
from uuid import UUID

from kernel.moves import Machine

from criminal_transfer.application.ports import Filters, Ports, Uow
from criminal_transfer.domain.records import Handed, ReceiverKind
from criminal_transfer.domain.refusals import PackageNotYours, TransferNotFound
from criminal_transfer.domain.transfer import Transfer


async def transfer(uow: Uow, *, id: UUID) -> Transfer:
    return await uow.transfer(id)


async def machine(uow: Uow, *, id: UUID) -> Machine:
    return await uow.machine(id)


async def transfers(uow: Uow, *, size: int, token: str, state: str, case_id: str, inspection_id: str, enterprise_id: str) -> dict[str, Any]:
    rows, following = await uow.transfers(Filters(state, case_id, inspection_id, enterprise_id), size, token)
    return {"transfers": rows, "next_page_token": following}


async def handed_as(uow: Uow, *, id: UUID) -> tuple[ReceiverKind, str]:
    """As what the transfer was handed to the caller, and where it stands. Raises: TransferNotFound."""
    rows = await uow.handed(id)
    if not rows:
        raise TransferNotFound("there is no such transfer, or it is not yours to see", id=str(id))
    return rows[0].kind, rows[0].org_path


async def handed_rows(uow: Uow, *, size: int, token: str) -> tuple[list[Handed], str]:
    rows, following = await uow.handed_page(size, token)
    return list(rows), following


async def package_file(ports: Ports, uow: Uow, *, id: UUID, kind: ReceiverKind) -> Any:
    """The package is for the police; procuratorate and court have the papers (L54 7-8 [K])."""
    found = await uow.transfer(id)
    if kind is not ReceiverKind.POLICE or found.package is None or not found.package.pack_id:
        raise PackageNotYours("the package was handed to the police", id=str(id))
    return await ports.evidence.file(found.package.pack_id)
