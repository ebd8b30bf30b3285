"""Grafana dashboards from the registry: one overview, one of each service, one of the law. Nobody edits the JSON."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from signals import Metric, metrics, services

WIDTH, HEIGHT = 12, 8
SOURCE = {"type": "prometheus", "uid": "${source}"}
LAW = ("anzhi.worklist.breached", "anzhi.timers", "anzhi.ledger", "anzhi.objects.lock_proved")
UNITS = {"s": "s", "By": "bytes"}


@dataclass(frozen=True)
class Panel:
    title: str
    purpose: str
    unit: str
    # Expression and legend of each line.
    lines: tuple[tuple[str, str], ...]


def of(metric: Metric, service: str, by: Sequence[str]) -> Iterator[Panel]:
    """What one metric looks like: a counter as a rate, a histogram as p50, p95 and traffic, a gauge as it is."""
    chosen = "{" + f'service_name="{service}"' + "}" if service else ""
    groups = ", ".join(by)
    legend = " ".join("{{" + each + "}}" for each in by) or metric.name
    over = f"by ({groups}) " if by else ""
    unit = UNITS.get(metric.unit, "short")
    if metric.kind == "histogram":
        bucket, count, _ = metric.series
        quantiles = [
            (f"histogram_quantile({quantile}, sum by (le) (rate({bucket}{chosen}[$__rate_interval])))", f"p{quantile[2:]:0<2}")
            for quantile in ("0.5", "0.95", "0.99")
        ]
        yield Panel(f"{metric.name}: how long", metric.purpose, unit, tuple(quantiles))
        yield Panel(
            f"{metric.name}: how many a second",
            metric.purpose,
            "short",
            ((f"sum {over}(rate({count}{chosen}[$__rate_interval]))", legend),),
        )
    elif metric.kind.endswith("counter"):
        yield Panel(
            f"{metric.name} a second",
            metric.purpose,
            "short",
            ((f"sum {over}(rate({metric.series[0]}{chosen}[$__rate_interval]))", legend),),
        )
    elif metric.name == "anzhi.objects.lock_proved":
        yield Panel(f"{metric.name}: ago", metric.purpose, "s", ((f"time() - max by (bucket) ({metric.series[0]}{chosen})", "{{bucket}}"),))
    else:
        # A group of consumers shares its partitions; of everything else the worst process counts.
        worst = "sum" if metric.name == "anzhi.consumer.lag" else "max"
        yield Panel(metric.name, metric.purpose, unit, ((f"{worst} {over}({metric.series[0]}{chosen})", legend),))


def law(metric: Metric) -> bool:
    return metric.name.startswith(LAW)


def overview() -> Iterator[Panel]:
    http = "anzhi_http_seconds"
    rate = "[$__rate_interval]"
    yield Panel(
        "Requests a second", "Traffic at the gateway, by status.", "short", ((f"sum by (status) (rate({http}_count{rate}))", "{{status}}"),)
    )
    yield Panel(
        "Faults of ours",
        "Share of requests that end with a status from 500.",
        "percentunit",
        ((f'sum(rate({http}_count{{status=~"5.."}}{rate})) / sum(rate({http}_count{rate}))', "faults"),),
    )
    yield Panel(
        "How long people wait",
        "Of all requests.",
        "s",
        tuple((f"histogram_quantile({q}, sum by (le) (rate({http}_bucket{rate})))", f"p{q[2:]}") for q in ("0.50", "0.95", "0.99")),
    )
    yield Panel(
        "Processes",
        "How many tell of themselves.",
        "short",
        (("count by (service_name) (anzhi_process_memory_bytes)", "{{service_name}}"),),
    )
    for metric in metrics():
        if len(metric.by) > 1 and not law(metric):
            yield from of(metric, "", ("service_name", *(("topic",) if metric.name == "anzhi.consumer.lag" else ())))


def of_service(service: str) -> Iterator[Panel]:
    for metric in metrics():
        if service in metric.by:
            yield from of(metric, service, tuple(metric.attributes))


def of_law() -> Iterator[Panel]:
    yield Panel(
        "Deadlines that were breached, this day",
        "Legal deadlines that ended without the act that they call for.",
        "short",
        (("sum by (owner, timer) (increase(anzhi_worklist_breached_total[1d]))", "{{owner}} {{timer}}"),),
    )
    for metric in metrics():
        if law(metric):
            yield from of(metric, "", tuple(metric.attributes) or ("service_name",))


def shown(title: str, panels: Sequence[Panel]) -> str:
    """Grafana's JSON."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    drawn = [
        {
            "id": number + 1,
            "type": "timeseries",
            "title": panel.title,
            "description": panel.purpose,
            "datasource": SOURCE,
            "gridPos": {"h": HEIGHT, "w": WIDTH, "x": number % 2 * WIDTH, "y": number // 2 * HEIGHT},
            "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
            "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
            "targets": [
                {"refId": chr(65 + index), "datasource": SOURCE, "expr": expression, "legendFormat": legend}
                for index, (expression, legend) in enumerate(panel.lines)
            ],
        }
        for number, panel in enumerate(panels)
    ]
    source = {"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
    board: dict[str, Any] = {
        "title": title,
        "uid": slug,
        "tags": ["anzhi"],
        "editable": False,
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [source]},
        "panels": drawn,
    }
    return json.dumps(board, ensure_ascii=False, indent=1) + "\n"


def boards() -> dict[str, str]:
    """File name and content."""
    made = {"overview.json": shown("Anzhi overview", list(overview())), "law.json": shown("Anzhi law", list(of_law()))}
    return made | {f"{service}.json": shown(f"Anzhi {service}", list(of_service(service))) for service in services()}
