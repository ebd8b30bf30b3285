"""The toy as a process, and an identity that it can ask."""

import asyncio
import sys
from contextlib import asynccontextmanager
from pathlib import Path

from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceServicer, add_IdentityServiceServicer_to_server
from servicekit.settings import ServiceSettings
from testkit import serving

HERE = Path(__file__).parents[1]


def identity_of(world):
    class Identity(IdentityServiceServicer):
        async def GetJwks(self, request, context):
            return identity_pb2.GetJwksResponse(jwks=await world.signer.jwks())

        async def GetLegalNow(self, request, context):
            return identity_pb2.LegalNow(root=request.root, offset_seconds=86_400)

    return serving((add_IdentityServiceServicer_to_server, Identity()))


@asynccontextmanager
async def a_process(world, role: str, port: int, **environment):
    settings = await world.settings(ServiceSettings, "toy")
    generated = next(path for path in sys.modules["toy"].__path__ if path != str(HERE / "toy"))
    code = f"import sys, toy; toy.__path__.append({generated!r}); sys.argv = ['toy', {role!r}]; import toy.__main__"
    env = {
        "PYTHONPATH": str(HERE),
        "LISTEN": f"127.0.0.1:{port}",
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "DATABASE_JOBS_URL": settings.database_jobs_url.get_secret_value(),
        "DATABASE_OWNER_URL": settings.database_owner_url.get_secret_value(),
        "KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "TOPIC_PREFIX": settings.topic_prefix,
        "SERVICE_KEY_FILE": str(settings.service_key_file),
        "LEGAL_CLOCK": "on",
        **environment,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
