"""python -m memchat, and the `memchat` command: the version at once, all else through the command line."""

import sys


def main() -> None:
    """Run memchat; `--version` alone answers before anything else is imported, as start-up is a feature."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from memchat import __version__

        sys.stdout.write(f"memchat {__version__}\n")
        return
    try:
        from memchat.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while the command line itself was being loaded, or on the way out of it
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
