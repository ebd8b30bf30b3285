"""Which services there are and what each is told."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from embedded import databases, keys
from embedded.backing import Addresses
from embedded.child import plain_environment
from embedded.settings import Settings
from embedded.state import CHECKOUT, State

GATEWAY = "gateway"
IDENTITY = "identity"
DOCUMENTS = "documents"
EVIDENCE = "evidence"
CRIMINAL_TRANSFER = "criminal-transfer"
# The typeface is made once for a checkout, whatever states lie beside it.
FONTS = CHECKOUT / ".local" / "fonts"
# Variables with secrets that one service alone is told, and the name under which each is remembered.
SECRETS = {
    CRIMINAL_TRANSFER: {"WEBHOOK_KEY": "criminal-transfer.webhooks"},
    IDENTITY: {"VAULT_KEY": "identity.vault", "BOOTSTRAP_PASSWORD": "identity.administrator"},
}


@dataclass(frozen=True)
class Service:
    """A folder of services/ that has an app.py."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def package(self) -> str:
        return self.name.replace("-", "_")

    @property
    def head(self) -> str | None:
        """Its newest migration; none: it has no database."""
        head = self.folder / "migrations" / "HEAD"
        return head.read_text().strip() if head.exists() else None

    @property
    def has_reference(self) -> bool:
        """Whether it ships data that `load-reference` stores."""
        return (self.folder / "src" / self.package / "adapters" / "reference.py").exists()

    @property
    def fingerprint(self) -> str:
        """Changes with its code or its reference data."""
        digest = hashlib.sha256()
        for path in sorted((self.folder / "src").rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(self.folder)).encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()


def found() -> list[Service]:
    """Every service that is built; the gateway last, it needs all others."""
    folders = (app.parents[2] for app in sorted((CHECKOUT / "services").glob("*/src/*/app.py")))
    return sorted((Service(folder) for folder in folders), key=lambda service: (service.name == GATEWAY, service.name))


def named() -> list[str]:
    """Every folder of services/: the built ones are told the address of each, be it built or not."""
    return sorted(folder.parent.name for folder in (CHECKOUT / "services").glob("*/pyproject.toml"))


@dataclass(frozen=True)
class Surroundings:
    """What all services are told alike, and the port of each."""

    state: State
    settings: Settings
    addresses: Addresses
    ports: dict[str, int]
    legal_clock: str

    @property
    def public_url(self) -> str:
        return self.settings.public_url or f"http://{self.address(GATEWAY)}"

    def address(self, service: str) -> str:
        return f"127.0.0.1:{self.ports[service]}"

    def environment(self, service: Service) -> dict[str, str]:
        own = {
            "LISTEN": self.address(service.name),
            "SERVICE_KEY_FILE": str(keys.private_key(self.state, service.name)),
            "SERVICE_KEYS": str(keys.public_keys(self.state)),
            "KAFKA_BOOTSTRAP": self.addresses.kafka_bootstrap,
            "REDIS_URL": self.addresses.redis_url,
            "S3_ENDPOINT": self.addresses.s3_endpoint,
            "S3_PUBLIC_ENDPOINT": self.addresses.s3_endpoint,
            "S3_ACCESS_KEY": self.addresses.s3_access_key,
            "S3_SECRET_KEY": self.addresses.s3_secret_key,
            "PUBLIC_URL": self.public_url,
            "LEGAL_CLOCK": self.legal_clock,
            "ENVIRONMENT": "development",
            "PYTHONUTF8": "1",
        }
        if service.head is not None:
            for kind, name in (("serve", "DATABASE_URL"), ("jobs", "DATABASE_JOBS_URL"), ("owner", "DATABASE_OWNER_URL")):
                own[name] = databases.url(self.addresses.pg_admin_url, self.state, service.package, kind)
        if service.name == DOCUMENTS:
            own |= {"SEAL_KEYS": str(keys.seals(self.state)), "FONTS": str(FONTS)}
        if service.name == EVIDENCE:
            own |= {"LEDGER_KEY_FILE": str(keys.ledger_key(self.state)), "PACK_KEY_FILE": str(keys.pack_key(self.state))}
        reached = {name.replace("-", "_"): self.address(name) for name in self.ports if name != GATEWAY}
        if service.name == GATEWAY:
            own["TARGETS"] = json.dumps(reached)
        if service.name == IDENTITY:
            own["OWNERS"] = json.dumps([address for name, address in reached.items() if name != IDENTITY])
        own |= {name: self.state.secret(secret) for name, secret in SECRETS.get(service.name, {}).items()}
        others = {name.upper(): address for name, address in reached.items()}
        return plain_environment() | self.settings.passed_on | others | own
