"""What a service would find wrong once it runs, found before it is installed. Reads only; a sentence for each fault names what to mend."""

import asyncio
import ssl
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from aiokafka.errors import KafkaError
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, RedisError

from servicekit import broker, migrations, topics
from servicekit.settings import ObjectSettings, ServiceSettings

ANSWER_SECONDS = 10.0
POSTGRESQL = 15
_URLS = {"serve": "DATABASE_URL", "jobs": "DATABASE_JOBS_URL", "owner": "DATABASE_OWNER_URL"}

_ROLE = """
SELECT current_user AS role, rolsuper AS super, rolbypassrls AS bypasses, current_setting('server_version_num')::int / 10000 AS version,
       current_setting('server_encoding') AS encoding, (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS place,
       has_schema_privilege('public', 'CREATE') AS creates,
       (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
          AND pg_has_role(relowner, 'MEMBER')) AS owned,
       (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace) AS tables
FROM pg_roles WHERE rolname = current_user
"""


async def faults(name: str, settings: ServiceSettings, *, database: bool, buckets: Sequence[str]) -> list[str]:
    """All of them, in the order in which one would look."""
    checks: list[Awaitable[list[str]]] = [asyncio.to_thread(key_files, settings)]
    if database:
        checks += [_databases(name, settings), _broker(name, settings)]
    redis = getattr(settings, "redis_url", None)
    if isinstance(redis, SecretStr):
        checks.append(_redis(redis.get_secret_value()))
    if isinstance(settings, ObjectSettings):
        checks += [asyncio.to_thread(bucket_faults, settings, bucket) for bucket in buckets]
    return [sentence for found in await asyncio.gather(*checks) for sentence in found]


def key_files(settings: ServiceSettings) -> list[str]:
    found = []
    for field, value in settings:
        if not isinstance(value, Path):
            continue
        name = field.upper()
        try:
            if value.is_dir():
                if not any(value.iterdir()):
                    found.append(f"{name}: the folder {value} is empty.")
            else:
                found += _key(field, value.read_bytes(), value)
        except FileNotFoundError:
            found.append(f"{name}: there is no {value}; is the secret mounted?")
        except OSError as error:
            found.append(f"{name}: {value} cannot be read ({error.strerror}).")
    return found


def _key(field: str, content: bytes, file: Path) -> list[str]:
    if not field.endswith("key_file"):
        return []
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        return [f"{field.upper()}: {file} is no private key in PEM."]
    if field == "service_key_file" and not (isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)):
        return [f"{field.upper()}: the key in {file} is not of the curve P-256."]
    return []


async def _databases(name: str, settings: ServiceSettings) -> list[str]:
    given = {"serve": settings.database_url, "jobs": settings.database_jobs_url, "owner": settings.database_owner_url}
    found: list[str] = []
    places: dict[str, str] = {}
    for kind, url in given.items():
        if url is None:
            found.append(f"{_URLS[kind]} is not set.")
            continue
        seen = await role_faults(name, kind, url.get_secret_value(), places)
        found += seen
    if len(set(places.values())) > 1:
        found.append(f"{', '.join(_URLS[kind] for kind in places)} do not lead to the same database.")
    return found


async def role_faults(name: str, kind: str, url: str, places: dict[str, str]) -> list[str]:
    """Of one role: that it gets in, is the one that grants and policies name, and may not do more than it should."""
    variable = _URLS[kind]
    try:
        connection = await asyncpg.connect(url, timeout=ANSWER_SECONDS)
    except Exception as error:  # noqa: BLE001 - each kind has its sentence
        return [why_not_connected(variable, url, error)]
    try:
        row = await connection.fetchrow(_ROLE)
        newer = await _newer(name, connection) if kind == "owner" and not row["super"] else []
    except asyncpg.PostgresError as error:
        return [f"{variable}: the database does not answer a question about its roles ({type(error).__name__})."]
    finally:
        await connection.close()
    places[kind] = row["place"]
    wanted, role = f"{name.replace('-', '_')}_{kind}", row["role"]
    found = []
    if row["version"] < POSTGRESQL:
        found.append(f"{variable}: the server is PostgreSQL {row['version']}, needed is {POSTGRESQL} or newer.")
    if row["encoding"] != "UTF8":
        found.append(f"{variable}: the database is encoded in {row['encoding']}, needed is UTF8.")
    if row["super"] or row["bypasses"]:
        found.append(f"{variable}: the role {role} is superuser or has BYPASSRLS: row security would not hold; name {wanted}.")
    elif role != wanted:
        found.append(f"{variable}: the role is {role}; grants and policies are for {wanted}.")
    elif kind == "owner" and (not row["creates"] or row["owned"] < row["tables"]):
        found.append(f"{variable}: the role {role} does not own the schema public and its tables; migrations need that.")
    elif kind != "owner" and row["owned"]:
        found.append(f"{variable}: the role {role} owns tables, or is a member of their owner: row security would not hold.")
    return found + newer


async def _newer(name: str, connection: Any) -> list[str]:
    if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
        return []
    there = await connection.fetchval("SELECT version_num FROM public.alembic_version")
    sentence = migrations.too_new(migrations.folder(name), there)
    return [sentence] if sentence else []


def why_not_connected(variable: str, url: str, error: Exception) -> str:
    place = urlsplit(url)
    at, role = f"{place.hostname}:{place.port or 5432}", place.username
    match error:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return f"{variable}: the server at {at} refuses the role {role} or its password."
        case asyncpg.InvalidCatalogNameError():
            return f"{variable}: the server at {at} has no database {place.path.strip('/')}."
        case asyncpg.InsufficientPrivilegeError():
            return f"{variable}: the role {role} may not connect to the database {place.path.strip('/')}."
        case ssl.SSLError():
            return f"{variable}: no TLS with the server at {at} ({error.reason}); mend sslmode or sslrootcert."
        case asyncpg.CannotConnectNowError() | asyncpg.TooManyConnectionsError():
            return broker.Away(f"{variable}: the server at {at} takes no connection now ({error}).")
        case OSError() | TimeoutError():
            return broker.Away(f"{variable}: no PostgreSQL answers at {at}.")
        case _:
            return f"{variable} cannot be used with {at} ({type(error).__name__})."


async def _broker(name: str, settings: ServiceSettings) -> list[str]:
    if settings.kafka_bootstrap is None:
        return ["KAFKA_BOOTSTRAP is not set."]
    try:
        async with broker.administration(settings) as admin:
            return await topics.faults(admin, topics.of(name), settings.topic_prefix, settings.topic_replicas)
    except (KafkaError, OSError) as error:
        return [await broker.fault(settings, error)]


async def _redis(url: str) -> list[str]:
    place = urlsplit(url)
    at = f"{place.hostname}:{place.port or 6379}"
    try:
        client: Any = Redis.from_url(url, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=ANSWER_SECONDS)
    except ValueError as error:
        return [f"REDIS_URL is wrong: {error}."]
    try:
        await client.ping()
    except AuthenticationError:
        return [f"REDIS_URL: the server at {at} refuses the password."]
    except (RedisError, OSError) as error:
        return [broker.Away(f"REDIS_URL: no Redis answers at {at} ({type(error).__name__}).")]
    finally:
        await client.aclose()
    return []


def bucket_faults(settings: ObjectSettings, bucket: str) -> list[str]:
    """A bucket that is not there yet is made with its lock later; one without lock can never get it."""
    from servicekit.objects import lock_fault

    return [sentence] if (sentence := lock_fault(settings, bucket)) else []
