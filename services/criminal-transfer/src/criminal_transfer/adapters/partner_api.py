"""What police, procuratorate and court call. Each sees the transfers that were handed to it, and acts in their place only."""

from functools import partial
from typing import Any
from uuid import UUID

from anzhi.criminal_transfer.v1 import criminal_transfer_pb2 as authority_pb
from anzhi.criminal_transfer.v1 import partner_pb2 as pb
from anzhi.criminal_transfer.v1.partner_pb2_grpc import PartnerTransfersServiceServicer
from servicekit import auth, wire
from servicekit.calls import Calls, Command
from servicekit.db import transaction

from criminal_transfer.application import partner_commands as act
from criminal_transfer.application import queries
from criminal_transfer.application.ports import Ports
from criminal_transfer.domain.records import ReceiverKind
from criminal_transfer.domain.transfer import Transfer


class PartnerApi(PartnerTransfersServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def _handed(self, id: UUID) -> tuple[ReceiverKind, str]:
        """As what it was handed to the caller and where it stands: read under the partner's own scope, which shows nothing else."""
        caller = auth.current.get()
        assert caller is not None
        async with transaction(
            self.calls.sessions, self.calls.store, scope="", handed_to=caller.handed_to, root=caller.root, caller=caller
        ) as uow:
            return await queries.handed_as(uow, id=id)  # type: ignore[arg-type]

    async def _act(self, request: Any, context: Any, command: Command, **given: Any) -> pb.PartnerTransfer:
        id = wire.uuid(request.id)
        kind, scope = await self._handed(id)

        async def seen(uow: Any, *, facts: Any, **given: Any) -> Any:
            return view(await command(uow, facts=facts, **given), kind)

        return await self.calls.once(request, context, pb.PartnerTransfer, seen, scope=scope, id=id, version=request.version, **given)

    async def SignReceipt(self, request: pb.SignReceiptRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(request, context, act.sign_receipt, number=request.number, received_by=request.received_by)

    async def DemandSupplement(self, request: pb.DemandSupplementRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(request, context, act.demand_supplement, missing=list(request.missing), number=request.number)

    async def StartReview(self, request: pb.StartReviewRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(request, context, act.start_review)

    async def ExtendReview(self, request: pb.ExtendReviewRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            act.extend_review,
            approved_days=request.approved_days,
            approved_by=request.approved_by,
            number=request.number,
        )

    async def ForwardTransfer(self, request: pb.ForwardTransferRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            act.forward,
            to_name=request.to_name,
            to_client_id=request.to_client_id,
            number=request.number,
            text=request.text,
        )

    async def TakeForwarded(self, request: pb.TakeForwardedRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(request, context, act.take_forwarded, number=request.number)

    async def FileTransfer(self, request: pb.FileTransferRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            act.file,
            number=request.number,
            dated_on=request.dated_on,
            text=request.text,
            sha256=request.sha256,
            copied_to_procuratorate=request.copied_to_procuratorate,
        )

    async def RefuseFiling(self, request: pb.RefuseFilingRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            act.refuse_filing,
            number=request.number,
            dated_on=request.dated_on,
            reason=request.reason,
            sha256=request.sha256,
            file_returned=request.file_returned,
            copied_to_procuratorate=request.copied_to_procuratorate,
        )

    async def DecideReconsideration(self, request: pb.DecideReconsiderationRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            act.decide_reconsideration,
            filed=request.filed,
            number=request.number,
            dated_on=request.dated_on,
            reason=request.reason,
            sha256=request.sha256,
        )

    async def OrderFiling(self, request: pb.OrderFilingRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            act.order_filing,
            number=request.number,
            dated_on=request.dated_on,
            text=request.text,
            sha256=request.sha256,
        )

    async def JustifyNonFiling(self, request: pb.JustifyNonFilingRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(request, context, act.justify_non_filing, number=request.number, reason=request.reason)

    async def SignMaterials(self, request: pb.SignMaterialsRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(request, context, act.sign_materials, received_by=list(request.received_by), number=request.number)

    async def RecordResult(self, request: pb.RecordResultRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            act.record_result,
            result=wire.word(authority_pb.Transfer.State, request.result),
            number=request.number,
            dated_on=request.dated_on,
            text=request.text,
            sha256=request.sha256,
        )

    async def ReturnToAdministration(self, request: pb.ReturnToAdministrationRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            act.return_to_administration,
            number=request.number,
            reason=request.reason,
            opinion_text=request.opinion_text or (request.reason if request.opinion else ""),
            party_fined=request.party_fined,
        )

    async def RecordJudgment(self, request: pb.RecordJudgmentRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            act.record_judgment,
            number=request.number,
            effective_on=request.effective_on,
            criminal_fine=wire.money(request.criminal_fine),
            text=request.text,
            administrative_matter_left=request.administrative_matter_left,
        )

    async def DeclineTransfer(self, request: pb.DeclineTransferRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(
            request,
            context,
            partial(act.decline, self.ports),
            number=request.number,
            reason=request.reason,
            competent_body=request.competent_body,
        )

    async def ReturnJudged(self, request: pb.ReturnJudgedRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(request, context, act.return_judged, number=request.number, reason=request.reason)

    async def TakeUp(self, request: pb.TakeUpRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(request, context, act.take_up, number=request.number, reason=request.reason)

    async def RequireTransfer(self, request: pb.RequireTransferRequest, context: Any) -> pb.PartnerTransfer:
        return await self._act(request, context, partial(act.require_transfer, self.ports), number=request.number, reason=request.reason)

    async def GetHandedTransfer(self, request: pb.GetHandedTransferRequest, context: Any) -> pb.PartnerTransfer:
        id = wire.uuid(request.id)
        kind, scope = await self._handed(id)

        async def seen(uow: Any, *, id: UUID) -> Any:
            return view(await queries.transfer(uow, id=id), kind)

        return await self.calls.read(request, context, pb.PartnerTransfer, seen, scope=scope, id=id)

    async def ListHandedTransfers(self, request: pb.ListHandedTransfersRequest, context: Any) -> pb.ListHandedTransfersResponse:
        rows, following = await self._page(request)
        wanted = wire.word(authority_pb.Transfer.State, request.state)

        async def seen(uow: Any) -> Any:
            found = [view(await queries.transfer(uow, id=row.transfer_id), row.kind) for row in rows]
            return {
                "transfers": [one for one in found if not wanted or one["state"] == wanted],
                "next_page_token": following,
            }

        # Only what stands in the rows of the caller is looked up.
        return await self.calls.read(request, context, pb.ListHandedTransfersResponse, seen, scope="/")

    async def _page(self, request: Any) -> tuple[list[Any], str]:
        caller = auth.current.get()
        assert caller is not None
        async with transaction(
            self.calls.sessions, self.calls.store, scope="", handed_to=caller.handed_to, root=caller.root, caller=caller
        ) as uow:
            return await queries.handed_rows(uow, size=request.page_size, token=request.page_token)  # type: ignore[arg-type]

    async def GetPackageFile(self, request: pb.GetPackageFileRequest, context: Any) -> pb.PackageFile:
        id = wire.uuid(request.id)
        kind, scope = await self._handed(id)
        return await self.calls.read(
            request, context, pb.PackageFile, partial(queries.package_file, self.ports), scope=scope, id=id, kind=kind
        )


def view(found: Transfer, kind: ReceiverKind) -> dict[str, Any]:
    """What a partner sees: no report, no legal opinions, no recusals, no internal reasons for a delay of the authority."""
    return {
        "id": found.id,
        "state": found.state,
        "enterprise_id": found.enterprise_id,
        "enterprise_name": found.enterprise_name,
        "offences": found.offences,
        "suspects": found.suspects,
        "region_code": found.region_code,
        "decision": found.decision if kind is ReceiverKind.PROCURATORATE else None,
        "package": found.package,
        "letters": found.letters,
        "materials": found.materials,
        "deadlines": [one for one in found.deadlines if one.timer != "GEN"],
        "returned_cause": found.returned_cause,
        "handed_as": kind,
        "version": found.version,
    }
