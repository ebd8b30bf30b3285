"""`python -m services.documents.tests.preview FOLDER [FORM …]`: every template with sample content, sealed, as PDF to look at."""

import asyncio
import sys
import tempfile
from datetime import date
from pathlib import Path

from documents.adapters.press import Job, Press
from documents.adapters.sealing import make_seal_keys
from documents.domain.numbering import number_text
from documents.domain.sheet import sheet

from .samples import AT, WITH_TEMPLATE, a_document, signed


def job(form_id: str, sequence: int = 135) -> Job:
    document = signed(a_document(form_id))
    document.dated_on = date(2022, 8, 16)
    if document.spec.numbered:
        document.number = number_text("莞", document.spec.code, 2022, sequence)
    url = f"https://anzhi.example/v/{document.id}#{document.body_digest[:16]}"
    template = document.spec.template(document.dated_on)
    return Job(template.name, sheet(document, url), AT, document.issuer_id, document.issuer_name, str(document.spec.seal))


async def main(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as keys:
        make_seal_keys(Path(keys), {"4419": "东莞市应急管理局"})
        async with Press(fonts=Path(__file__).parents[3] / ".local" / "fonts", keys=Path(keys)) as press:
            await press.ready()
            for form_id in wanted:
                (folder / f"{form_id}.pdf").write_bytes((await press.print(job(form_id))).pdf)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:] or WITH_TEMPLATE))
