"""What happened in the lawbook: frozen facts, named and shaped as in events.proto."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ParametersPublished:
    version: int
    overrides: bytes
    source: str
    published_at: datetime
    name: str = "parameters"
