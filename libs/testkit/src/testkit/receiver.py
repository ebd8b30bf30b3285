"""A real receiver of OTLP: what a service sends to its collector, kept in lists for a test to look through."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc


@dataclass(frozen=True)
class Signal:
    """One span, log record or metric, with the resource that sent it."""

    resource: dict[str, Any]
    it: Any

    @property
    def service(self) -> str:
        return str(self.resource.get("service.name", ""))

    @property
    def trace_id(self) -> str:
        return str(self.it.trace_id.hex())

    @property
    def attributes(self) -> dict[str, Any]:
        return plain(self.it.attributes)

    @property
    def links(self) -> set[str]:
        return {link.trace_id.hex() for link in self.it.links}


@dataclass
class Received:
    endpoint: str = ""
    spans: list[Signal] = field(default_factory=list)
    logs: list[Signal] = field(default_factory=list)
    metrics: list[Signal] = field(default_factory=list)

    def holds(self, texts: Iterable[str]) -> set[str]:
        """Those of the texts that were sent in whatever place of whatever signal."""
        raw = [(each, str(each.resource)) for kind in (self.spans, self.logs, self.metrics) for each in list(kind)]
        sent = b"\n".join(each.it.SerializeToString() + resource.encode() for each, resource in raw)
        return {text for text in texts if text.encode() in sent}

    def trace(self, trace_id: str) -> list[Signal]:
        """The spans of a trace and those that are linked with it."""
        return [span for span in list(self.spans) if span.trace_id == trace_id or trace_id in span.links]

    def points(self, metric: str, service: str = "") -> list[tuple[dict[str, Any], Any]]:
        """The newest points of a metric: attributes and point."""
        found: dict[tuple[Any, ...], tuple[dict[str, Any], Any]] = {}
        for each in list(self.metrics):
            if each.it.name == metric and service in ("", each.service):
                data = getattr(each.it, each.it.WhichOneof("data"))
                for point in data.data_points:
                    attributes = plain(point.attributes)
                    found[each.service, str(each.resource.get("service.instance.id")), *sorted(attributes.items())] = (attributes, point)
        return list(found.values())


def plain(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value") or "string_value") for each in attributes}


class _Traces(trace_service_pb2_grpc.TraceServiceServicer):
    def __init__(self, received: Received) -> None:
        self.received = received

    def Export(self, request: Any, context: Any) -> Any:
        for group in request.resource_spans:
            resource = plain(group.resource.attributes)
            self.received.spans += [Signal(resource, span) for scope in group.scope_spans for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()


class _Logs(logs_service_pb2_grpc.LogsServiceServicer):
    def __init__(self, received: Received) -> None:
        self.received = received

    def Export(self, request: Any, context: Any) -> Any:
        for group in request.resource_logs:
            resource = plain(group.resource.attributes)
            self.received.logs += [Signal(resource, record) for scope in group.scope_logs for record in scope.log_records]
        return logs_service_pb2.ExportLogsServiceResponse()


class _Metrics(metrics_service_pb2_grpc.MetricsServiceServicer):
    def __init__(self, received: Received) -> None:
        self.received = received

    def Export(self, request: Any, context: Any) -> Any:
        for group in request.resource_metrics:
            resource = plain(group.resource.attributes)
            self.received.metrics += [Signal(resource, metric) for scope in group.scope_metrics for metric in scope.metrics]
        return metrics_service_pb2.ExportMetricsServiceResponse()


@contextmanager
def receiving() -> Iterator[Received]:
    """Threads of its own: a test may block."""
    received = Received()
    server = grpc.server(ThreadPoolExecutor(4), options=[("grpc.max_receive_message_length", 64 << 20)])
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(_Traces(received), server)  # type: ignore[no-untyped-call]
    logs_service_pb2_grpc.add_LogsServiceServicer_to_server(_Logs(received), server)  # type: ignore[no-untyped-call]
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(_Metrics(received), server)  # type: ignore[no-untyped-call]
    received.endpoint = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield received
    finally:
        server.stop(1).wait()
