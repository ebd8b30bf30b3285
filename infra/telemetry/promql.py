"""The expressions of the dashboards, and the names in an expression."""

import json
import re
from collections.abc import Iterator

from signals import DASHBOARDS

NAME = re.compile(r"\banzhi_[a-z0-9_]+")
VARIABLES = {"$service": ".+", "$__rate_interval": "5m", "$__range": "1h"}


def names(expression: str) -> set[str]:
    """Label names of the resource begin alike and are none."""
    return set(NAME.findall(expression)) - {"anzhi_role"}


def of_dashboards() -> Iterator[str]:
    """With values in the place of Grafana's variables."""
    for path in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(path.read_text("utf-8"))["panels"]:
            for target in panel.get("targets", []):
                expression = target["expr"]
                for variable, value in VARIABLES.items():
                    expression = expression.replace(variable, value)
                yield expression
