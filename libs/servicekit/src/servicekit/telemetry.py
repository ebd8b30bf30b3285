"""Traces, metrics and JSON logs. They leave the process only if OTEL_EXPORTER_OTLP_ENDPOINT is set.

Every name stands in infra/telemetry/registry.yaml. Export runs in threads of its own with bounded queues: a collector that is away
costs what does not fit into them, and nothing else.
"""

import json
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from grpc.aio import AbortError
from kernel.errors import DomainError
from opentelemetry import metrics, trace
from opentelemetry._logs import Logger, SeverityNumber
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from servicekit.privacy import redacted, traced, words_of
from servicekit.settings import ServiceSettings

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("servicekit")
_meter = metrics.get_meter("servicekit")
# Boundaries of the histograms in seconds: what answers somebody, and what waits in a queue.
FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0)
LINKS = 64
EXPORT_SECONDS = 5
FLUSH_SECONDS = 4.0
SPARSE_SECONDS = 60.0

rpc_seconds = _meter.create_histogram(
    "anzhi.rpc.seconds", "s", "Duration of RPCs answered, by rpc and code", explicit_bucket_boundaries_advisory=FAST
)
call_seconds = _meter.create_histogram(
    "anzhi.call.seconds", "s", "Duration of RPCs asked of another service, by rpc and code", explicit_bucket_boundaries_advisory=FAST
)
published = _meter.create_counter("anzhi.outbox.published", "{event}", "Events published, by topic")
outbox_lag = _meter.create_histogram("anzhi.outbox.lag", "s", "From commit to publication", explicit_bucket_boundaries_advisory=SLOW)
consumed = _meter.create_counter("anzhi.inbox.consumed", "{event}", "Events consumed, by group, topic and outcome")
swept = _meter.create_counter("anzhi.timers.swept", "{timer}", "Timers swept, by timer and outcome")
object_seconds = _meter.create_histogram(
    "anzhi.objects.seconds", "s", "Duration of requests to the object store", explicit_bucket_boundaries_advisory=FAST
)


def _cpu(_: CallbackOptions) -> Iterable[Observation]:
    yield Observation(time.process_time())


def _memory(_: CallbackOptions) -> Iterable[Observation]:
    """Resident memory, where the kernel tells it (Linux)."""
    told_by = Path("/proc/self/statm")
    if told_by.exists():
        yield Observation(int(told_by.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE"))


_meter.create_observable_counter("anzhi.process.cpu", [_cpu], "s", "Processor time used")
_meter.create_observable_gauge("anzhi.process.memory", [_memory], "By", "Resident memory")


class _Sparse(logging.Filter):
    """An exporter that cannot export says so once a minute, not with every batch."""

    def __init__(self) -> None:
        super().__init__()
        self._again = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("opentelemetry"):
            return True
        now = time.monotonic()
        if now < self._again:
            return False
        self._again = now + SPARSE_SECONDS
        return True


def _text(record: logging.LogRecord) -> str:
    # What asyncio says after its first line is the repr of a task, with the exception and its values.
    said = record.getMessage()
    return str(redacted(said.split("\n", 1)[0] if record.name == "asyncio" else said))


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


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
            "text": _text(record),
            "trace_id": trace_id(),
            **redacted(getattr(record, "facts", {})),
        }
        if (error := _error(record)) is not None:
            line["error"] = traced(error)
        return json.dumps(line, ensure_ascii=False, default=str)


class _Exported(logging.Handler):
    """The same lines as OTLP records."""

    def __init__(self, logger: Logger) -> None:
        super().__init__()
        self.logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("opentelemetry"):
            return
        facts = {key: value if isinstance(value, int | float) else str(value) for key, value in getattr(record, "facts", {}).items()}
        attributes: dict[str, Any] = {"logger": record.name, **redacted(facts)}
        if (error := _error(record)) is not None:
            attributes["error"] = traced(error)
        severity = SeverityNumber(min(21, max(5, record.levelno // 10 * 4 + 1)))
        at = int(record.created * 1e9)
        self.logger.emit(timestamp=at, severity_number=severity, severity_text=record.levelname, body=_text(record), attributes=attributes)


def _resource(service: str, role: str) -> Resource:
    """In Kubernetes the host is the pod and its process has the number 1; elsewhere several processes share a host."""
    instance = socket.gethostname() if os.getpid() == 1 else f"{socket.gethostname()}.{os.getpid()}"
    own = {"service.name": service, "service.namespace": "anzhi", "service.instance.id": instance, "anzhi.role": role}
    try:
        own["service.version"] = metadata.version(service)
    except metadata.PackageNotFoundError:
        own["service.version"] = "unknown"
    return Resource.create(own)


_ends: list[Callable[[], Any]] = []


def set_up(service: str, settings: ServiceSettings, role: str) -> None:
    """Once per process. Several services in one process (tests) share the first one's. `shut_down` sends what waits."""
    endpoint, level = settings.otel_exporter_otlp_endpoint, settings.log_level
    lines = logging.StreamHandler(sys.stdout)
    lines.setFormatter(_JsonLines(service))
    lines.addFilter(_Sparse())
    handlers: list[logging.Handler] = [lines]
    resource = _resource(service, role)
    # The sampler is the one that OTEL_TRACES_SAMPLER names.
    traces = TracerProvider(resource=resource, shutdown_on_exit=False)
    readers: list[MetricReader] = []
    if endpoint:
        from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        where: dict[str, Any] = {"endpoint": endpoint, "insecure": not endpoint.startswith("https://"), "timeout": EXPORT_SECONDS}
        traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(**where)))
        interval = settings.otel_metric_export_interval
        readers.append(
            PeriodicExportingMetricReader(OTLPMetricExporter(**where), export_interval_millis=interval, export_timeout_millis=interval)
        )
        logs = LoggerProvider(resource=resource, shutdown_on_exit=False)
        logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(**where)))
        handlers.append(_Exported(logs.get_logger("servicekit")))
        _ends.append(logs.shutdown)
    logging.basicConfig(handlers=handlers, level=level, force=True)
    logging.getLogger("aiokafka").setLevel(max(logging.getLevelName(level), logging.WARNING))
    meters = MeterProvider(resource=resource, metric_readers=readers, shutdown_on_exit=False)
    _ends.extend((traces.shutdown, meters.shutdown))
    trace.set_tracer_provider(traces)
    metrics.set_meter_provider(meters)


@contextmanager
def process(service: str, settings: ServiceSettings, role: str) -> Iterator[None]:
    """The whole life of a process: what ends it is told like everything else, and what waits is sent."""
    set_up(service, settings, role)
    try:
        yield
    except Exception as error:
        logging.getLogger(__name__).critical("the process ends", exc_info=error)
        sys.exit(1)
    finally:
        shut_down()


def shut_down() -> None:
    """Send what waits. A collector that does not answer is not waited for longer than FLUSH_SECONDS."""
    threads = [threading.Thread(target=end, daemon=True, name="flush") for end in _ends]
    _ends.clear()
    until = time.monotonic() + FLUSH_SECONDS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


@contextmanager
def span(
    name: str, kind: SpanKind, carrier: Mapping[str, str] | None = None, others: Iterable[str] = (), **attributes: Any
) -> Iterator[Span]:
    """A span under the trace that `carrier` brings, or under the present one; linked with the traces of `others` (traceparents).

    An error is named by its kind only: its words may repeat what somebody sent.
    """
    context = _propagator.extract(carrier) if carrier is not None else None
    apart = {each for each in others if each and (carrier is None or each != carrier.get("traceparent"))}
    links = [Link(_linked(each)) for each in sorted(apart)[:LINKS]]
    with _tracer.start_as_current_span(
        name, context=context, kind=kind, attributes=attributes, links=links, record_exception=False, set_status_on_exception=False
    ) as opened:
        try:
            yield opened
        except Exception as error:
            opened.set_attribute("error.type", type(error).__name__)
            if not isinstance(error, DomainError | AbortError):
                opened.set_status(Status(StatusCode.ERROR, words_of(error)))
            raise


def _linked(parent: str) -> trace.SpanContext:
    return trace.get_current_span(_propagator.extract({"traceparent": parent})).get_span_context()


def traceparent() -> str:
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent", "")


def trace_id() -> str:
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""
