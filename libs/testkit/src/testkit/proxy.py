"""A TCP proxy that misbehaves on command: delay, cut, half-open, throttle, refuse."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

CHUNK = 16_384


class FaultyProxy:
    """Stands before `host:port`. Set `delay` (seconds before each piece), `throttle` (bytes a second), `silent` (accepts and
    says nothing: a half-open connection), `refuse` (closes whoever comes) at any time; `cut()` breaks what is open."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.delay = 0.0
        self.throttle: int | None = None
        self.silent = False
        self.refuse = False
        self.listens_on = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.listens_on}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.listens_on = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Break every connection at once, without goodbye."""
        for writer in list(self._open):
            writer.transport.abort()
        self._open.clear()

    def heal(self) -> None:
        self.delay, self.throttle, self.silent, self.refuse = 0.0, None, False, False

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuse:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, far_writer}
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while piece := await source.read(CHUNK):
                if self.silent:
                    continue
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self.throttle:
                    await asyncio.sleep(len(piece) / self.throttle)
                sink.write(piece)
                await sink.drain()
        self._open.discard(sink)
        sink.close()
