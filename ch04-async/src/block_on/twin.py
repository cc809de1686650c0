"""Waiting for a coroutine is: run the loop until it is done.

python3 ch04-async/src/block_on/twin.py
"""

import asyncio
import threading


async def ask(question):
    print("  asked, on the thread that waits")
    loop = asyncio.get_running_loop()
    answer = loop.create_future()

    def other():
        # A plain `answer.set_result` from here would set it, and leave the
        # loop asleep: only this call may come from another thread.
        loop.call_soon_threadsafe(answer.set_result, question * 2)

    thread = threading.Thread(target=other)
    thread.start()
    result = await answer
    thread.join()
    return result


def main():
    print("block_on: another thread answers")
    print("  answer:", asyncio.run(ask(21)))


if __name__ == "__main__":
    main()
