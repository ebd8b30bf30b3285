"""Settings of a server in a container: from the environment, or from the file that NAME_FILE names."""

import os
import socket
import sys
from pathlib import Path

DATA = Path("/data")
SCRATCH = Path("/tmp")  # noqa: S108 - the one place beside the volume that may be written


def needed(name: str) -> str:
    path = os.environ.get(f"{name}_FILE")
    value = Path(path).read_text().strip() if path else os.environ.get(name, "")
    if not value:
        sys.exit(f"{name} is not set: give it, or name a file with it in {name}_FILE")
    if "\n" in value:
        sys.exit(f"{name} has more than one line")
    return value


def packages() -> Path:
    return next(Path("/app/lib").glob("python3.*/site-packages"))


def private(path: Path, text: str) -> Path:
    """A file that nobody else reads."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
    return path


def answers(port: int, sent: bytes = b"", expected: bytes = b"") -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
            connection.sendall(sent)
            return not expected or connection.recv(len(expected)) == expected
    except OSError:
        return False
