"""What the run has measured, for people and for the closing note: a table on the screen, `report.json` beside the cluster."""

import json
import time
from pathlib import Path
from typing import Any

NOT_PROVED = (
    "spread over nodes and zones, and a drain that ends: there is one node",
    "autoscaling: there is no metrics server; the HorizontalPodAutoscalers are only rendered",
    "Ingress, Gateway API, ServiceMonitor and cert-manager: there is no controller for them; they are only rendered",
    "servers of the backing kind that are replicated: `make peers` has three brokers",
    "a volume that moves to another node, a node that is lost, a balancer in front of the node",
    "AppArmor and limits of ephemeral storage: the node has neither",
)


class Report:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.steps: list[dict[str, Any]] = []
        self.begun = time.time()

    def note(self, step: str, **figures: Any) -> None:
        self.steps.append(
            {"step": step, **{name: round(value, 1) if isinstance(value, float) else value for name, value in figures.items()}}
        )
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps({"begun": self.begun, "steps": self.steps, "not proved": NOT_PROVED}, indent=1, ensure_ascii=False))

    def table(self) -> list[str]:
        width = max((len(step["step"]) for step in self.steps), default=0)
        lines = [
            f"{step['step']:{width}}  " + ", ".join(f"{name} {value}" for name, value in step.items() if name != "step")
            for step in self.steps
        ]
        return [*lines, "", "not proved on one node:", *(f"  {what}" for what in NOT_PROVED)]
