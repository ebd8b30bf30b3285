"""Wires identity together. Read this file first."""

import argparse
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop
from anzhi.identity.v1.identity_pb2_grpc import add_IdentityServiceServicer_to_server
from anzhi.identity.v1.partners_pb2_grpc import add_PartnersServiceServicer_to_server
from pydantic import Field, SecretStr
from redis.asyncio import Redis
from servicekit import telemetry
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.settings import RedisUrl, ServiceSettings, Target, WebAddress, read

from identity.adapters.accounts import AccountRows
from identity.adapters.ageing import Ageing
from identity.adapters.api import IdentityApi
from identity.adapters.assertions import PartnerTokens
from identity.adapters.clients import Owners
from identity.adapters.demo import Demo, bootstrap
from identity.adapters.keyring import Keyring, SignedTokens
from identity.adapters.live import Limits, RedisSessions
from identity.adapters.partners_api import PartnersApi
from identity.adapters.passwords import Argon, Totp
from identity.adapters.reference import load_reference
from identity.adapters.store import Store
from identity.adapters.tables import metadata
from identity.adapters.vault import Vault
from identity.application.login import Logins


class Settings(ServiceSettings):
    redis_url: RedisUrl = Field(description="sessions, challenges, counters of tries")
    vault_key: SecretStr = Field(
        min_length=32, description="at least 32 characters of chance: encrypts second factors and signing keys, signs refresh tokens"
    )
    service_keys: Path | None = Field(None, description="folder of the services' public keys, <service>.pem")
    public_url: WebAddress = Field(
        "http://localhost:8080", description="under which partners reach the gateway: assertions name it as audience"
    )
    key_days: int = Field(30, description="after this many days a new signing key is made")
    login_free_tries: int = Field(5, description="wrong passwords before the first pause")
    login_pause_seconds: int = Field(15, description="the first pause; each further one is twice as long")
    login_pause_longest_seconds: int = 3600
    session_idle_seconds: int = Field(72 * 3600, description="a device may be offline this long (law brief, 12)")
    session_seconds: int = 7 * 24 * 3600
    bootstrap_username: str = "admin"
    bootstrap_password: SecretStr | None = Field(None, description="of the first administrator; needed by the role bootstrap only")
    bootstrap_root: str = "/44/"
    owners: list[Target] = Field([], description="addresses of the services that keep a legal clock and timers, as a JSON list")


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    sessions = await stack.enter_async_context(database(settings))
    redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_connect_timeout=1, socket_timeout=2)
    stack.push_async_callback(redis.aclose)
    argon = Argon()
    stack.callback(argon.close)
    vault = Vault(settings.vault_key.get_secret_value())
    limits = Limits(
        free_tries=settings.login_free_tries,
        first_pause_seconds=settings.login_pause_seconds,
        longest_pause_seconds=settings.login_pause_longest_seconds,
        idle_seconds=settings.session_idle_seconds,
        session_seconds=settings.session_seconds,
    )
    keyring = Keyring(sessions, vault, service_keys=settings.service_keys, key_days=settings.key_days)
    tokens = SignedTokens(keyring, vault, refresh_seconds=settings.session_idle_seconds)
    logins = Logins(AccountRows(sessions, vault), RedisSessions(redis, limits), argon, Totp(), tokens)
    partner_tokens = PartnerTokens(sessions, redis, keyring, public_url=settings.public_url)
    owners = await stack.enter_async_context(Owners.at(settings, settings.owners if settings.legal_clock else ()))
    return Service(
        name="identity",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[
            (add_IdentityServiceServicer_to_server, IdentityApi(Calls(sessions, Store), logins, keyring, owners)),
            (add_PartnersServiceServicer_to_server, PartnersApi(Calls(sessions, Store), partner_tokens)),
        ],
        reference=load_reference,
        sweeps=[Ageing(sessions)],
        keys=keyring.jwks,
        offsets=_real_time,
    )


async def _real_time(root: str) -> int:
    """The offset of a root that stands in no row here stands nowhere."""
    return 0


async def run_bootstrap(settings: Settings) -> None:
    if settings.bootstrap_password is None:
        sys.exit("BOOTSTRAP_PASSWORD is not set")
    async with database(settings) as sessions:
        sessions.clock.ask = _real_time
        made = await bootstrap(
            sessions,
            Argon(),
            username=settings.bootstrap_username,
            password=settings.bootstrap_password.get_secret_value(),
            root=settings.bootstrap_root,
        )
    sys.stdout.write(f"{settings.bootstrap_username}: {'made' if made else 'was there'}\n")


async def run_demo(settings: Settings, told: Path) -> None:
    async with database(settings) as sessions:
        sessions.clock.ask = _real_time
        await Demo(sessions, Argon(), Vault(settings.vault_key.get_secret_value()), told).load()


async def run_rotate(settings: Settings) -> None:
    async with database(settings) as sessions:
        keyring = Keyring(sessions, Vault(settings.vault_key.get_secret_value()), service_keys=None, key_days=settings.key_days)
        sys.stdout.write(f"{await keyring.rotate()}\n")


_roles: Callable[[], None] = cli("identity", Settings, build, metadata)


def main() -> None:
    """The roles of every service, and: bootstrap, load-demo --accounts FILE, rotate-keys."""
    if len(sys.argv) < 2 or sys.argv[1] not in {"bootstrap", "load-demo", "rotate-keys"}:
        _roles()
        return
    parser = argparse.ArgumentParser(prog="python -m identity")
    parser.add_argument("role")
    parser.add_argument(
        "--accounts", type=Path, default=Path("accounts.json"), help="where load-demo writes names and passwords (JSON, mode 600)"
    )
    given, settings = parser.parse_args(), read(Settings, "identity")
    with telemetry.process("identity", settings, given.role):
        runs = {"bootstrap": run_bootstrap, "rotate-keys": run_rotate}
        uvloop.run(run_demo(settings, given.accounts) if given.role == "load-demo" else runs[given.role](settings))
