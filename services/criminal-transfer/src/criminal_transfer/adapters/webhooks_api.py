"""The gRPC servicer of webhooks: a partner's own endpoints and deliveries, under its own path."""

from typing import Any, TypeVar

from anzhi.criminal_transfer.v1 import webhooks_pb2 as pb
from anzhi.criminal_transfer.v1.webhooks_pb2_grpc import WebhooksServiceServicer
from google.protobuf.message import Message
from kernel.errors import Forbidden
from servicekit import auth, wire
from servicekit.auth import Caller
from servicekit.calls import Calls, Command

from criminal_transfer.adapters.signing import Secrets
from criminal_transfer.application import webhook_commands as act

M = TypeVar("M", bound=Message)


class PartnersOnly(Forbidden):
    """Only the client of a partner has endpoints."""


def partner() -> Caller:
    caller = auth.current.get()
    if caller is None or not caller.handed_to or not caller.scope.startswith("/partner:"):
        raise PartnersOnly("only the client of a partner has endpoints")
    return caller


class WebhooksApi(WebhooksServiceServicer):
    def __init__(self, calls: Calls, secrets: Secrets, *, development: bool) -> None:
        self.calls, self.secrets, self.development = calls, secrets, development

    async def RegisterEndpoint(self, request: pb.RegisterEndpointRequest, context: Any) -> pb.RegisteredEndpoint:
        """The secret follows from the id and stands in no row: neither here nor among the stored answers."""
        caller = partner()
        endpoint = await self.calls.once(
            request,
            context,
            pb.WebhookEndpoint,
            act.register,
            url=request.url,
            client_id=caller.handed_to,
            place=caller.scope,
            development=self.development,
        )
        return pb.RegisteredEndpoint(endpoint=endpoint, secret=self.secrets.text(endpoint.id))

    async def ListEndpoints(self, request: pb.ListEndpointsRequest, context: Any) -> pb.ListEndpointsResponse:
        partner()
        return await self.calls.read(request, context, pb.ListEndpointsResponse, act.endpoints)

    async def DisableEndpoint(self, request: pb.DisableEndpointRequest, context: Any) -> pb.WebhookEndpoint:
        return await self._act(request, context, pb.WebhookEndpoint, act.disable)

    async def EnableEndpoint(self, request: pb.EnableEndpointRequest, context: Any) -> pb.WebhookEndpoint:
        return await self._act(request, context, pb.WebhookEndpoint, act.enable)

    async def ListDeliveries(self, request: pb.ListDeliveriesRequest, context: Any) -> pb.ListDeliveriesResponse:
        partner()
        return await self.calls.read(
            request,
            context,
            pb.ListDeliveriesResponse,
            act.deliveries,
            endpoint_id=wire.uuid_or_none(request.endpoint_id, "endpoint_id"),
            state=wire.word(pb.Delivery.State, request.state),
            size=request.page_size,
            token=request.page_token,
        )

    async def ReplayDelivery(self, request: pb.ReplayDeliveryRequest, context: Any) -> pb.Delivery:
        return await self._act(request, context, pb.Delivery, act.replay)

    async def _act(self, request: Any, context: Any, answer: type[M], command: Command) -> M:
        partner()
        return await self.calls.once(request, context, answer, command, id=wire.uuid(request.id), version=request.version)
