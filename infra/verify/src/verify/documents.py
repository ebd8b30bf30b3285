"""Numbers and files of documents."""

from itertools import groupby

from verify.invariants import Outcome, invariant
from verify.sources import Sources

BUCKET = "documents"
SEALED = "SELECT id, form, number, object_key, object_version, size, sha256, sm3 FROM documents WHERE object_key <> '' ORDER BY id"
REGISTER = """
    SELECT numbers.*, documents.number AS carried, documents.state
    FROM numbers LEFT JOIN documents ON documents.id = numbers.document_id
    ORDER BY numbers.issuer_id, numbers.letter_code, numbers.year, numbers.sequence
"""
UNREGISTERED = """
    SELECT id, number FROM documents
    WHERE number <> '' AND NOT EXISTS (SELECT 1 FROM numbers WHERE numbers.document_id = documents.id)
"""


@invariant("INV-15", "every number 1…n of issuer, code and year is used exactly once or is in the void log", needs=("documents",))
async def numbers_have_no_gap(sources: Sources) -> Outcome:
    outcome = Outcome()
    last = {(s["issuer_id"], s["letter_code"], s["year"]): s["last"] for s in await sources.rows("documents", "SELECT * FROM series")}
    lines = await sources.rows("documents", REGISTER)
    for key, series in groupby(lines, key=lambda line: (line["issuer_id"], line["letter_code"], line["year"])):
        sequence = 0
        for sequence, line in enumerate(series, start=1):
            used = line["carried"] == line["number"] and line["state"] != "VOID"
            void = bool(line["voided_at"] and line["void_reason"])
            outcome.look(line["sequence"] == sequence and used != void, f"{line['number']}: place {sequence}, document {line['state']}")
        if last.pop(key, None) != sequence:
            outcome.violations.append(f"{key}: {sequence} numbers in the register, the series stands elsewhere")
    outcome.violations += [f"{key}: the register has none of {count} numbers" for key, count in last.items() if count]
    for document in await sources.rows("documents", UNREGISTERED):
        outcome.look(False, f"document {document['id']} carries {document['number']}, which is not in the register")
    return outcome


@invariant("HASH-D", "every stored hash of a sealed document matches its object version", needs=("documents",))
async def files_verify(sources: Sources) -> Outcome:
    outcome = Outcome()
    for document in await sources.rows("documents", SEALED):
        found = sources.digests(BUCKET, document["object_key"], document["object_version"])
        told = (document["sha256"], document["sm3"], document["size"])
        same = found is not None and (found.sha256, found.sm3, found.size) == told
        outcome.look(same, f"{document['form']} {document['number']} {document['id']}: the store has {found}")
    return outcome
