"""The tools of tests keep their word."""

import asyncio
import time

import pytest
from testkit import FaultyProxy, poll


@pytest.fixture
async def echo():
    async def answer(reader, writer):
        try:
            while piece := await reader.read(1000):
                writer.write(piece)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with FaultyProxy("127.0.0.1", server.sockets[0].getsockname()[1]) as proxy:
        yield proxy
    server.close()


async def say(proxy, text=b"hello", wait=2.0):
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.listens_on)
    try:
        writer.write(text)
        return await asyncio.wait_for(reader.read(1000), wait)
    finally:
        writer.close()


async def test_a_healthy_proxy_passes_on(echo):
    assert await say(echo) == b"hello"


async def test_a_delay_delays_each_way(echo):
    echo.delay = 0.1
    begin = time.monotonic()

    assert await say(echo) == b"hello"

    assert time.monotonic() - begin >= 0.2


async def test_a_silent_connection_is_half_open(echo):
    echo.silent = True

    with pytest.raises(TimeoutError):
        await say(echo, wait=0.2)


async def test_a_cut_breaks_what_is_open(echo):
    reader, writer = await asyncio.open_connection("127.0.0.1", echo.listens_on)
    writer.write(b"x")
    await reader.read(1)

    echo.cut()

    try:
        assert await reader.read(1) == b""
    except ConnectionResetError:
        return
    finally:
        writer.close()


async def test_whoever_comes_is_refused(echo):
    echo.refuse = True
    try:
        assert await say(echo) == b""
    except ConnectionResetError:
        return


async def test_throttled_bytes_take_their_time(echo):
    echo.throttle = 1000
    begin = time.monotonic()

    await say(echo, b"x" * 200)

    assert time.monotonic() - begin >= 0.3


async def test_poll_looks_until_it_is_true_and_says_what_it_saw_last():
    seen = []

    assert await poll(lambda: seen.append(1) or len(seen) == 3)
    with pytest.raises(AssertionError, match="last seen: 0"):
        await poll(lambda: 0, deadline=0.05)
