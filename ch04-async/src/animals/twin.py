"""The slow animals without a lock: typing blocks, and that is the feature.

python3 ch04-async/src/animals/twin.py
"""

import asyncio
import time

ANIMALS = ["cow", "pig", "chicken"]
SOUNDS = {"/cow": "Moo!", "/pig": "Oink!", "/chicken": "Cluck!"}
DELAY = 0.2
TYPING = 0.004


async def serve(reader, writer):
    request = (await reader.readline()).decode("latin-1").split()
    while (await reader.readline()).strip():
        pass
    await asyncio.sleep(DELAY)
    sound = SOUNDS.get(request[1] if len(request) == 3 else "")
    status = "200 OK" if sound else "404 Not Found"
    writer.write(f"HTTP/1.1 {status}\r\n\r\n{sound or ''}".encode())
    await writer.drain()
    writer.close()


async def ask(port, animal):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /{animal} HTTP/1.1\r\n\r\n".encode())
    head, _, sound = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    if " 200 " not in head:
        raise OSError(head)
    return f'The {animal} says "{sound}".'


class Screen:
    def __init__(self):
        self.column = 0
        self.torn = 0

    async def type_broken(self, text, others):
        self.begin()
        for i, letter in enumerate(text):
            self.type_letter(letter)
            if i == 0:
                await others.wait()
            await asyncio.sleep(TYPING)
        self.end()

    def type_out(self, text):
        self.begin()
        for letter in text:
            self.type_letter(letter)
            time.sleep(TYPING)
        self.end()

    def begin(self):
        self.torn += self.column > 0

    def type_letter(self, letter):
        self.column += 1
        print(letter, end="", flush=True)

    def end(self):
        self.column = 0
        print(flush=True)


async def ask_all(port, type_line):
    async def each(animal):
        await type_line(await ask(port, animal))

    await asyncio.gather(*(each(animal) for animal in ANIMALS))


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    print("typing gives way")
    screen, others = Screen(), asyncio.Barrier(len(ANIMALS))
    await ask_all(port, lambda line: screen.type_broken(line, others))
    print(f"  lines begun amid another: {screen.torn}")

    print("typing blocks")
    screen = Screen()

    async def type_line(line):
        screen.type_out(line)

    await ask_all(port, type_line)
    print(f"  lines begun amid another: {screen.torn}")
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
