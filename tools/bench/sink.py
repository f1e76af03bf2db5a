"""A mail server that takes everything and keeps nothing: the next hop of every measured gateway.

    python -m tools.bench.sink PORT

A process of its own, so that it shares no interpreter with what is measured.
"""

import asyncio
import sys


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink ESMTP\r\n")
    try:
        while line := await reader.readline():
            writer.write(await _answer(line[:4].upper().strip(), reader, writer))
            if line[:4].upper() == b"QUIT":
                break
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _answer(verb: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    if verb == b"EHLO":
        return b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 DSN\r\n"
    if verb == b"DATA":
        writer.write(b"354 go on\r\n")
        await reader.readuntil(b"\r\n.\r\n")
    return b"221 bye\r\n" if verb == b"QUIT" else b"250 2.0.0 ok\r\n"


async def _main(port: int) -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", port, limit=64 * 1024 * 1024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
