"""python -m memchat, and the `memchat` command: the version at once, all else through the command line."""

import gc
import sys

# What is imported stays: looking for garbage each 700 objects, as Python does, takes a twentieth of the start.
OBJECTS = 50_000


def main() -> None:
    """Run memchat; `--version` alone answers before anything else is imported, as start-up is a feature."""
    gc.set_threshold(OBJECTS)
    _leave_folder()
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


def _leave_folder() -> None:
    """Import nothing from the current folder, where `python -m` looks first: a cloned one may hold an `apsw.py`.

    A source tree of memchat's own is where somebody works on it.
    """
    import os

    # `os` is loaded by then, pathlib is not.
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - as said
    first = sys.path[0] if sys.path and not sys.flags.safe_path else own
    try:
        here = os.getcwd()  # noqa: PTH109 - as said
    except OSError:  # it was removed: nothing can be imported from it
        return
    if first in {"", here} and here != own:
        del sys.path[0]


if __name__ == "__main__":
    main()
