"""The database of a service and its three roles, as a DBA makes them: owner (migrates), serve (row security), jobs (all rows).

One list of steps, run by a program (`make`) or written for psql (`script`). Passwords stand in it as SCRAM verifiers only: who reads
the script or the server's log learns none.
"""

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ROLES = ("owner", "serve", "jobs")
ITERATIONS = 4096


@dataclass(frozen=True)
class Step:
    """A statement, and the question that has a row where it is done already."""

    statement: str
    unless: str = ""


def verifier(password: str, salt: bytes | None = None) -> str:
    """What PostgreSQL stores of a password (RFC 5803)."""
    salt = salt or os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    said = [base64.b64encode(each).decode() for each in (salt, stored, server)]
    return f"SCRAM-SHA-256${ITERATIONS}:{said[0]}${said[1]}:{said[2]}"


def still(known: str, password: str) -> str:
    """The verifier that was made before, if it is of this password; else a new one."""
    salt = base64.b64decode(known.split("$")[1].split(":")[1]) if known else None
    made = verifier(password, salt)
    return made if made == known else verifier(password)


def steps(name: str, passwords: Mapping[str, str], known: Mapping[str, str] | None = None) -> list[Step]:
    """`name`: of the database and before the roles; `passwords`: of owner, serve and jobs; `known`: verifiers by role."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"{name!r} cannot name a database and its roles")
    made = []
    for kind in ROLES:
        role = f"{name}_{kind}"
        made.append(Step(f"CREATE ROLE {role}", f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"))  # noqa: S608 - a name as above
        made.append(Step(f"ALTER ROLE {role} LOGIN PASSWORD '{still((known or {}).get(role, ''), passwords[kind])}'"))
    # Who is no superuser gives a database only to a role that he is in.
    superuser = "SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolsuper"
    made.append(Step(f"GRANT {name}_owner TO CURRENT_USER", superuser))
    there = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"  # noqa: S608
    made.append(Step(f"CREATE DATABASE {name} OWNER {name}_owner TEMPLATE template0 ENCODING 'UTF8'", there))
    made.append(Step(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC"))
    made.append(Step(f"GRANT CONNECT ON DATABASE {name} TO {name}_serve, {name}_jobs"))
    return made


async def make(connection: Any, wanted: Iterable[Step]) -> None:
    """On a connection of asyncpg as somebody who may create roles and databases."""
    for step in wanted:
        if not step.unless or await connection.fetchval(step.unless) is None:
            await connection.execute(step.statement)


def script(wanted: Iterable[Step]) -> str:
    """For psql; run again it changes nothing but passwords."""
    lines = ["\\set ON_ERROR_STOP on"]
    for step in wanted:
        if step.unless:
            lines.append(f"SELECT $do${step.statement}$do$ WHERE NOT EXISTS ({step.unless}) \\gexec")
        else:
            lines.append(f"{step.statement};")
    return "\n".join(lines) + "\n"
