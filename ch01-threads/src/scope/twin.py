"""The end of `with` waits for the workers; what they write to is shared.

python3 ch01-threads/src/scope/twin.py
"""

from concurrent.futures import ThreadPoolExecutor


def square(numbers, threads):
    size = max(1, -(-len(numbers) // threads))

    def work(start):
        # Only this line keeps a worker inside its own piece.
        for i in range(start, min(start + size, len(numbers))):
            numbers[i] *= numbers[i]

    with ThreadPoolExecutor(threads) as executor:
        for start in range(0, len(numbers), size):
            executor.submit(work, start)


numbers = list(range(1, 11))
square(numbers, 3)
print(numbers)
