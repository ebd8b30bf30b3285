"""Each way in which a migration stops those at work, planted: the check that every service passes finds it."""

import pytest
from testkit.blocking import blocking

HARMLESS = {
    "a column without a need": "ALTER TABLE cases ADD COLUMN grade TEXT;",
    "a column with a constant default": "ALTER TABLE cases ADD COLUMN grade TEXT DEFAULT '' NOT NULL;",
    "an index beside those at work": "CREATE INDEX CONCURRENTLY ix_cases_grade ON cases (grade);",
    "a foreign key that is not validated yet": "ALTER TABLE cases ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b (id) NOT VALID;",
    "a table of its own": (
        "CREATE TABLE notes (id UUID NOT NULL, said TEXT NOT NULL, CONSTRAINT pk_notes PRIMARY KEY (id));"
        "CREATE INDEX ix_notes_said ON notes (said);"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY notes_serve ON notes TO penalties_serve USING (true);"
        "GRANT SELECT ON notes TO penalties_serve;"
        "UPDATE notes SET said = '';"
    ),
    "some rows": "UPDATE cases SET grade = 'A' WHERE grade = 'B';",
    "a function that not everybody calls": "REVOKE ALL ON FUNCTION tell(uuid) FROM PUBLIC;",
    "what alembic notes": "UPDATE alembic_version SET version_num='0005' WHERE alembic_version.version_num = '0004';",
    "words in a comment": "-- LOCK TABLE cases; SET lock_timeout = 0\nALTER TABLE cases ADD COLUMN grade TEXT;",
}
BLOCKING = {
    "a column that needs a value": ("ALTER TABLE cases ADD COLUMN grade TEXT NOT NULL;", "adding-required-field"),
    "a value that becomes needed": ("ALTER TABLE cases ALTER COLUMN grade SET NOT NULL;", "adding-not-nullable-field"),
    "a default for each row": ("ALTER TABLE cases ADD COLUMN k UUID DEFAULT gen_random_uuid();", "adding-field-with-default"),
    "an index that locks": ("CREATE INDEX ix_cases_grade ON cases (grade);", "require-concurrent-index-creation"),
    "an index dropped under a lock": ("DROP INDEX ix_cases_grade;", "require-concurrent-index-deletion"),
    "another type": ("ALTER TABLE cases ALTER COLUMN version TYPE TEXT;", "changing-column-type"),
    "another name of a column": ("ALTER TABLE cases RENAME COLUMN number TO code;", "renaming-column"),
    "another name of a table": ("ALTER TABLE cases RENAME TO files;", "renaming-table"),
    "a column that goes": ("ALTER TABLE cases DROP COLUMN number;", "ban-drop-column"),
    "a table that goes": ("DROP TABLE cases;", "ban-drop-table"),
    "a foreign key that reads both tables": (
        "ALTER TABLE cases ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b (id);",
        "constraint-missing-not-valid",
    ),
    "a check that reads the table": ("ALTER TABLE cases ADD CONSTRAINT ck CHECK (version > 0);", "constraint-missing-not-valid"),
    "a unique constraint": ("ALTER TABLE cases ADD CONSTRAINT uq UNIQUE (number);", "disallowed-unique-constraint"),
    "a limit lifted": ("SET lock_timeout = '0';", "limits-lifted"),
    "a limit lifted for the transaction": ("SET LOCAL statement_timeout TO 0;", "limits-lifted"),
    "a limit lifted by a function": ("SELECT set_config('lock_timeout', '0', false);", "limits-lifted"),
    "all limits lifted": ("RESET ALL;", "limits-lifted"),
    "a lock by name": ("LOCK TABLE cases IN ACCESS EXCLUSIVE MODE;", "a lock by name"),
    "a table rewritten": ("VACUUM FULL cases;", "every row rewritten"),
    "a table emptied": ("TRUNCATE TABLE cases;", "every row rewritten"),
    "all rows at once": ("UPDATE cases SET grade = '';", "every row changed"),
    "all rows gone": ("DELETE FROM cases;", "every row changed"),
    "a trigger": ("CREATE TRIGGER t BEFORE UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION f();", "a trigger"),
    "a right taken": ("REVOKE SELECT ON cases FROM penalties_serve;", "a right"),
    "row security": ("ALTER TABLE cases ENABLE ROW LEVEL SECURITY;", "row security"),
    "a policy dropped": ("DROP POLICY cases_serve ON cases;", "a policy"),
}


@pytest.mark.parametrize("sql", HARMLESS.values(), ids=HARMLESS)
def test_what_stops_nobody_passes(sql: str) -> None:
    # As alembic writes it: one transaction, but for what it has to leave.
    assert blocking(sql if "CONCURRENTLY" in sql else f"BEGIN;\n{sql}\nCOMMIT;\n") == []


@pytest.mark.parametrize(("sql", "rule"), BLOCKING.values(), ids=BLOCKING)
def test_what_would_block_is_refused(sql: str, rule: str) -> None:
    assert any(problem.startswith(rule) for problem in blocking(f"BEGIN;\n{sql}\nCOMMIT;\n")), blocking(sql)


def test_a_column_that_nobody_uses_any_more_may_go_and_no_other() -> None:
    sql = "ALTER TABLE cases DROP COLUMN number;"

    assert blocking(sql, left={"cases.number"}) == []
    assert blocking(sql, left={"cases.grade"})


def test_a_body_between_dollar_signs_stays_one_statement() -> None:
    body = "DO $x$ BEGIN PERFORM 1; UPDATE notes SET said = ''; END $x$;"

    assert blocking(f"{body} LOCK TABLE cases;")[0].startswith("a lock by name")
