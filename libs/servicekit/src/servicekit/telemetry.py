"""Traces, metrics and JSON logs. They leave the process only if OTEL_EXPORTER_OTLP_ENDPOINT is set."""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("servicekit")
_meter = metrics.get_meter("servicekit")

rpc_seconds = _meter.create_histogram("anzhi.rpc.seconds", "s", "Duration of RPCs answered, by rpc and code")
published = _meter.create_counter("anzhi.outbox.published", "1", "Events published, by topic")
outbox_lag = _meter.create_histogram("anzhi.outbox.lag", "s", "From commit to publication")
consumed = _meter.create_counter("anzhi.inbox.consumed", "1", "Events consumed, by topic and outcome")
swept = _meter.create_counter("anzhi.timers.swept", "1", "Timers swept, by timer and outcome")


class _JsonLines(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self.service,
            "logger": record.name,
            "text": record.getMessage(),
            "trace_id": trace_id(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(service: str, *, endpoint: str | None, level: str) -> None:
    """Once per process. Several services in one process (tests) share the first one's."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLines(service))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("aiokafka").setLevel(max(logging.getLevelName(level), logging.WARNING))
    resource = Resource.create({"service.name": service, "service.namespace": "anzhi"})
    traces = TracerProvider(resource=resource)
    readers: list[MetricReader] = []
    if endpoint:
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        insecure = not endpoint.startswith("https://")
        traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, insecure=insecure)))
        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=endpoint, insecure=insecure)))
    trace.set_tracer_provider(traces)
    metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=readers))


@contextmanager
def span(name: str, kind: SpanKind, carrier: Mapping[str, str] | None = None, **attributes: Any) -> Iterator[Span]:
    """A span under the trace that `carrier` brings, or under the present one."""
    context = _propagator.extract(carrier) if carrier is not None else None
    with _tracer.start_as_current_span(name, context=context, kind=kind, attributes=attributes) as opened:
        yield opened


def traceparent() -> str:
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent", "")


def trace_id() -> str:
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""
