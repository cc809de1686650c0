"""TODO: say in one sentence what the program shows."""


def main():
    print("{{slug}}")


if __name__ == "__main__":
    main()
