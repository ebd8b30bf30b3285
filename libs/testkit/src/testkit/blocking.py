"""Whether a migration would stop those who are at work, or break the version that still runs on the schema.

squawk knows most of it. What it lets pass and a running platform does not: locks by name, rewriting of a whole table, rows changed
all at once, triggers and rights that meet code which does not know them, and a migration that lifts the limits set for all.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

# A migration runs once, in a transaction of its own; `servicekit.migrations.run` sets the timeouts for all.
EXCLUDED = ("prefer-robust-stmts", "require-timeout-settings")
_NAME = r'(?:ONLY\s+)?(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"?(?:public"?\.)?"?(?P<table>\w+)"?'
_CREATED = re.compile(rf"CREATE\s+TABLE\s+{_NAME}", re.I)
# On a table that was there before.
_REFUSED = {
    "a lock by name": rf"LOCK\s+(?:TABLE\s+)?{_NAME}",
    "every row rewritten": rf"(?:VACUUM\s+FULL|CLUSTER|TRUNCATE(?:\s+TABLE)?)\s+{_NAME}",
    "every row changed in one go: a backfill goes in batches": rf"(?:UPDATE|DELETE\s+FROM)\s+{_NAME}(?!.*\bWHERE\b)",
    "a trigger that the running version does not know": rf"CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\b.*?\bON\s+{_NAME}",
    "a right that the running version has": rf"REVOKE\b.*?\bON\s+(?!FUNCTION|SCHEMA|SEQUENCE|DATABASE|TYPE)(?:TABLE\s+)?{_NAME}",
    "row security that the running version does not know": rf"ALTER\s+TABLE\s+{_NAME}\s+(?:ENABLE|FORCE)\s+ROW\s+LEVEL\s+SECURITY",
    "a policy that the running version rests on": rf"(?:DROP|ALTER)\s+POLICY\b.*?\bON\s+{_NAME}",
    "a restrictive policy": rf"CREATE\s+POLICY\b.*?\bON\s+{_NAME}\s+AS\s+RESTRICTIVE",
}
_LIMITS = re.compile(r"\b(?:SET|RESET|set_config)\b.*?\b(?:lock_timeout|statement_timeout)\b|\bRESET\s+ALL\b", re.I | re.S)
_DROPPED = re.compile(
    r"ALTER\s+TABLE\s+(?:ONLY\s+)?\"?(?P<table>\w+)\"?\s+DROP\s+COLUMN\s+(?:IF\s+EXISTS\s+)?\"?(?P<column>\w+)\"?\s*;", re.I
)


def blocking(sql: str, *, left: Iterable[str] = ()) -> list[str]:
    """What is wrong with the SQL of one migration. `left`: `table.column` that the running version uses no more and that may go."""
    statements = _statements(sql)
    made = {found["table"].lower() for statement in statements if (found := _CREATED.match(statement))}
    problems = []
    for statement in statements:
        if _LIMITS.search(statement):
            problems.append(f"limits-lifted: {_short(statement)}")
        for what, pattern in _REFUSED.items():
            found = re.match(pattern, statement, re.I | re.S)
            # alembic notes its own progress in a table of its own.
            if found and found["table"].lower() not in {*made, "alembic_version"}:
                problems.append(f"{what}: {_short(statement)}")
    allowed = {name.lower() for name in left}

    def without(found: re.Match[str]) -> str:
        return "" if f"{found['table']}.{found['column']}".lower() in allowed else found[0]

    # With its comments: an accepted finding is written beside its statement, `-- squawk-ignore …`.
    return problems + _squawk(_DROPPED.sub(without, sql))


def _statements(sql: str) -> list[str]:
    """Without comments and empty lines. A body between dollar signs is one statement with what surrounds it."""
    plain = re.sub(r"--[^\n]*", "", sql)
    parts = re.split(r"(\$\w*\$.*?\$\w*\$)|;", plain, flags=re.S)
    statements, open_ = [], ""
    for body, text in zip([None, *parts[1::2]], parts[0::2], strict=True):
        if body is None and open_:
            statements.append(open_)
            open_ = ""
        open_ += (body or "") + text
    return [statement.strip() for statement in [*statements, open_] if statement.strip()]


def _squawk(sql: str) -> list[str]:
    with TemporaryDirectory() as folder:
        script = Path(folder) / "migration.sql"
        script.write_text(sql, "utf-8")
        squawk = str(Path(sys.executable).parent / "squawk")
        command = [squawk, "--reporter", "json", "--exclude", ",".join(EXCLUDED), str(script)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not done.stdout.strip():
            raise RuntimeError(f"squawk says nothing: {done.stderr.strip()}")
        return [f"{found['rule_name']}: line {found['line']}: {found['message']}" for found in json.loads(done.stdout)]


def _short(statement: str) -> str:
    return " ".join(statement.split())[:120]
