import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
import pytest
import pytest_asyncio
from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from cryptography.hazmat.primitives import serialization
from identity.adapters.demo import Demo, bootstrap
from identity.adapters.passwords import Argon
from identity.adapters.vault import Vault
from identity.app import Settings, build
from servicekit.app import load_reference
from sqlalchemy import event
from testkit.world import Run, World

VAULT_KEY = "a key for tests and nothing else, long enough"
ROOT_PASSWORD = "Only-For-Tests-1"


@dataclass
class Identity:
    """Identity in this process, with the shipped bodies and the people of the demonstration."""

    world: World
    run: Run
    accounts: dict[str, dict[str, Any]]
    root_password: str = ROOT_PASSWORD
    vault_key: str = VAULT_KEY
    _tokens: dict[str, str] = field(default_factory=dict)
    _used: set[tuple[str, int]] = field(default_factory=set)

    async def nobody(self) -> IdentityServiceStub:
        return await self.run.stub(IdentityServiceStub)

    async def service(self, name: str) -> IdentityServiceStub:
        return await self.run.stub(IdentityServiceStub, service=name)

    async def login(self, username: str) -> pb.Tokens:
        account, stub = self.accounts[username], await self.nobody()
        answer = await stub.Login(pb.LoginRequest(username=username, password=account["password"]))
        if not account["totp_secret"]:
            return answer.tokens
        code = pb.VerifySecondFactorRequest(challenge=answer.challenge.id, code=self.code(username))
        return await stub.VerifySecondFactor(code)

    def code(self, username: str) -> str:
        """A right code that no test used before: each counts once, and three steps are taken at any time."""
        now = int(time.time()) // 30
        step = next(step for step in (now, now + 1, now - 1) if (username, step) not in self._used)
        self._used.add((username, step))
        return pyotp.TOTP(self.accounts[username]["totp_secret"]).at(step * 30)

    async def by(self, username: str) -> IdentityServiceStub:
        if username not in self._tokens:
            self._tokens[username] = (await self.login(username)).access_token
        return await self.run.stub(IdentityServiceStub, token=self._tokens[username])

    async def forget(self, username: str) -> None:
        self._tokens.pop(username, None)


def service_keys(world: World, folder: Path) -> Path:
    """Public halves, as operators put them beside identity."""
    for service in ("identity", "inspections", "penalties", "gateway"):
        public = world.signer.key(f"svc:{service}").public_key()
        text = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{service}.pem").write_bytes(text)
    return folder


@asynccontextmanager
async def an_identity(world: World, folder: Path, **settings: Any) -> AsyncIterator[Identity]:
    keys = folder / "keys"
    keys.mkdir()
    given = {"vault_key": VAULT_KEY, "service_keys": service_keys(world, keys), "login_pause_seconds": 1, "own_keys": True, **settings}
    async with world.running("identity", Settings, build, **given) as run:
        await load_reference(run.service)
        argon = Argon()
        await Demo(run.service.sessions, argon, Vault(VAULT_KEY), folder / "accounts.json").load()
        await bootstrap(run.service.sessions, argon, username="first", password=ROOT_PASSWORD, root="/44/")
        accounts = {account["username"]: account for account in json.loads((folder / "accounts.json").read_text("utf-8"))}
        yield Identity(world, run, accounts)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def identity(world, tmp_path_factory):
    async with an_identity(world, tmp_path_factory.mktemp("identity")) as made:
        yield made


@pytest.fixture
def apart_from(world):
    """Another identity in a world of its own."""

    @asynccontextmanager
    async def make(name: str, folder: Path, **settings: Any) -> AsyncIterator[Identity]:
        async with world.apart(name) as apart, an_identity(apart, folder, **settings) as made:
            yield made

    return make


@pytest.fixture
def counted(identity):
    """Every statement that the serve role sends, but for those of the transaction itself."""

    @asynccontextmanager
    async def count() -> AsyncIterator[list[str]]:
        seen: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        engine = identity.run.service.sessions.serve.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return count
