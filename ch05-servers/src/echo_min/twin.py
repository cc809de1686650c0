"""The smallest server for many clients.

python3 ch05-servers/src/echo_min/twin.py
"""

import asyncio


async def echo(reader, writer):
    while chunk := await reader.read(4096):
        writer.write(chunk)
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()

    first = await asyncio.open_connection(*address)
    print("1 connects, and is silent")
    second = await asyncio.open_connection(*address)
    print(f'2 gets "{await ask(*second, "hello")}"')
    print(f'1 gets "{await ask(*first, "at last")}"')
    for reader, writer in first, second:
        writer.write_eof()
        await reader.read()
    server.close()


async def ask(reader, writer, text):
    writer.write(text.encode())
    return (await reader.readexactly(len(text))).decode()


if __name__ == "__main__":
    asyncio.run(main())
