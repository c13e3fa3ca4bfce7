"""`python -m tests.redteam FILE...`: the cases of these files, put through the same checks as memchat's own."""

import os
import sys
from pathlib import Path

import pytest

import tests.redteam
from tests.redteam.cases import FILES, CaseError, load


def main(names: list[str]) -> int:
    """Run them; 0 when each holds, 1 when one does not, 2 when a file is no corpus."""
    if not names or set(names) & {"-h", "--help"}:
        sys.stdout.write(f"{tests.redteam.__doc__}\n")
        return 0 if names else 2
    try:
        count = sum(len(load(Path(name))) for name in names)
    except CaseError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    sys.stdout.write(f"{count} cases\n")
    os.environ[FILES] = os.pathsep.join(str(Path(name).resolve()) for name in names)
    here = Path(__file__).parent / "test_corpus.py"
    return int(pytest.main([str(here), "-p", "no:cacheprovider", "-k", "holds"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
