"""Which secrets each service asks for: read from its settings class, so that a new one cannot be forgotten here."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
# Addresses with a password in them, and words; who asks for another kind of secret has to be told how it is made (made.py).
DATABASE = {"DATABASE_URL": "serve", "DATABASE_JOBS_URL": "jobs", "DATABASE_OWNER_URL": "owner"}


@dataclass(frozen=True)
class Needs:
    service: str
    words: tuple[str, ...]  # variables
    files: tuple[str, ...]  # private keys

    @property
    def package(self) -> str:
        return self.service.replace("-", "_")

    @property
    def has_database(self) -> bool:
        return "DATABASE_OWNER_URL" in self.words


def of_services() -> list[Needs]:
    apps = sorted((ROOT / "services").glob("*/src/*/app.py"))
    return [_of(app.parents[2].name, importlib.import_module(f"{app.parent.name}.app").Settings) for app in apps]


def _of(service: str, settings: Any) -> Needs:
    migrated = (ROOT / "services" / service / "migrations").is_dir()
    words = [name for name in _words(settings) if migrated or name not in DATABASE]
    files = sorted(f"{name.removesuffix('_key_file')}.pem" for name in settings.model_fields if name.endswith("_key_file"))
    # The gateway speaks for its users only: it has no key of its own.
    return Needs(service, tuple(words), tuple(files) if migrated else ())


def _words(settings: Any) -> Iterator[str]:
    for name, field in sorted(settings.model_fields.items()):
        if name == "kafka_password":
            continue  # given where the broker asks for one
        if "SecretStr" in str(field.annotation) or "SecretStr" in str(field.metadata) or name == "s3_access_key":
            yield name.upper()
