"""The registry as data, and each metric's name in Prometheus, as the collector's exporter makes it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ALERTS = HERE / "alerts.yaml"
DASHBOARDS = HERE / "dashboards"
UNITS = {"s": "seconds", "By": "bytes"}


@dataclass(frozen=True)
class Metric:
    name: str
    kind: str
    unit: str
    module: str
    attributes: dict[str, int]
    by: tuple[str, ...]
    role: str
    purpose: str

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Metric":
        by = raw["by"] if isinstance(raw["by"], list) else services() if raw["by"] == "all" else with_data()
        return cls(raw["name"], raw["kind"], raw["unit"], raw["module"], dict(raw["attributes"]), tuple(by), raw["role"], raw["for"])

    @property
    def stem(self) -> str:
        words = self.name.replace(".", "_").split("_")
        unit = UNITS.get(self.unit, "")
        return "_".join(words if not unit or unit in words else [*words, unit])

    @property
    def series(self) -> tuple[str, ...]:
        if self.kind == "histogram":
            return tuple(f"{self.stem}{tail}" for tail in ("_bucket", "_count", "_sum"))
        return (f"{self.stem}_total",) if self.kind.endswith("counter") else (self.stem,)


@cache
def registry() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((HERE / "registry.yaml").read_text("utf-8"))
    return read


@cache
def metrics() -> tuple[Metric, ...]:
    return tuple(Metric.of(raw) for raw in registry()["metrics"])


@cache
def services() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in (ROOT / "services").iterdir() if (path / "pyproject.toml").is_file()))


@cache
def with_data() -> tuple[str, ...]:
    return tuple(name for name in services() if (ROOT / "services" / name / "migrations").is_dir())
