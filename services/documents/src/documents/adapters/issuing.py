"""The press and the store of final files behind the port: print, lock one version, tell which."""

from datetime import UTC, datetime, timedelta

from servicekit.objects import Objects
from servicekit.settings import ObjectSettings

from documents.adapters.press import Job, Press
from documents.domain.document import Document, File
from documents.domain.sheet import sheet

BUCKET = "documents"
MEDIA_TYPE = "application/pdf"
LINK = timedelta(minutes=5)


class DocumentPress:
    def __init__(self, settings: ObjectSettings, press: Press, *, lock_days: int) -> None:
        self._objects = Objects(settings, BUCKET)
        self._press = press
        self._lock = timedelta(days=lock_days)

    async def ready(self) -> None:
        """The bucket is there and its lock proved, the typeface is there, the processes run."""
        await self._objects.ready()
        await self._press.ready()

    async def issue(self, document: Document, verify_url: str, at: datetime) -> File:
        assert document.dated_on is not None
        template = document.spec.template(document.dated_on)
        job = Job(template.name, sheet(document, verify_url), at, document.issuer_id, document.issuer_name, str(document.spec.seal))
        printed = await self._press.print(job)
        until = datetime.now(UTC) + self._lock
        key = f"{document.dated_on.year}/{document.id}.pdf"
        kept = await self._objects.put(key, printed.pdf, media_type=MEDIA_TYPE, locked_until=until)
        return File(key, kept.version, printed.sha256, printed.sm3, len(printed.pdf), printed.pages, until.date())

    async def link(self, document: Document) -> tuple[str, datetime]:
        url = self._objects.download_url(document.object_key, document.object_version, name=f"{document.id}.pdf", expires=LINK)
        return url, datetime.now(UTC) + LINK
