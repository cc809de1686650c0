"""Two locks in two orders: a deadlock.

python3 ch01-threads/src/lock_order/twin.py
python3 ch01-threads/src/lock_order/twin.py --broken    (hangs)
"""

import sys
import threading


class Account:
    def __init__(self, number, money):
        self.number = number
        self.money = money
        self.lock = threading.Lock()


def transfer_broken(source, target, both_hold_one):
    with source.lock:
        both_hold_one.wait()
        with target.lock:
            source.money -= 1
            target.money += 1


def transfer(source, target):
    if source is target:
        return
    first, second = sorted((source, target), key=lambda a: a.number)
    with first.lock, second.lock:
        source.money -= 1
        target.money += 1


def both_ways(work, *accounts):
    threads = [
        threading.Thread(target=work, args=pair)
        for pair in (accounts, accounts[::-1])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    left, right = Account(1, 10_000), Account(2, 10_000)

    def repeat(source, target):
        for _ in range(10_000):
            transfer(source, target)

    both_ways(repeat, left, right)
    print(f"left: {left.money}, right: {right.money}")


def deadlock():
    both_hold_one = threading.Barrier(2)
    print("two transfers, each with one lock", flush=True)
    both_ways(
        lambda source, target: transfer_broken(source, target, both_hold_one),
        Account(1, 1),
        Account(2, 1),
    )
    print("never printed")


deadlock() if "--broken" in sys.argv else main()
