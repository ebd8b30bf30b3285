import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
import pytest_asyncio
from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from cryptography.hazmat.primitives import serialization
from identity.adapters.demo import Demo, bootstrap
from identity.adapters.passwords import Argon
from identity.adapters.vault import Vault
from identity.app import Settings, build
from servicekit.app import load_reference
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
    _tokens: dict[str, str] = field(default_factory=dict)

    async def nobody(self) -> IdentityServiceStub:
        return await self.run.stub(IdentityServiceStub)

    async def service(self, name: str) -> IdentityServiceStub:
        return await self.run.stub(IdentityServiceStub, service=name)

    async def login(self, username: str) -> pb.Tokens:
        account, stub = self.accounts[username], await self.nobody()
        answer = await stub.Login(pb.LoginRequest(username=username, password=account["password"]))
        if not account["totp_secret"]:
            return answer.tokens
        # A code counts once: the tests that log in the chief share one token.
        code = pyotp.TOTP(account["totp_secret"]).now()
        return await stub.VerifySecondFactor(pb.VerifySecondFactorRequest(challenge=answer.challenge.id, code=code))

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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def identity(world, tmp_path_factory):
    keys = service_keys(world, tmp_path_factory.mktemp("keys"))
    given = {"vault_key": VAULT_KEY, "service_keys": keys, "login_pause_seconds": 1, "own_keys": True}
    async with world.running("identity", Settings, build, **given) as run:
        await load_reference(run.service)
        told = tmp_path_factory.mktemp("demo") / "accounts.json"
        argon = Argon()
        await Demo(run.service.sessions, argon, Vault(VAULT_KEY), told).load()
        await bootstrap(run.service.sessions, argon, username="first", password=ROOT_PASSWORD, root="/44/")
        accounts = {account["username"]: account for account in json.loads(told.read_text("utf-8"))}
        yield Identity(world, run, accounts)
