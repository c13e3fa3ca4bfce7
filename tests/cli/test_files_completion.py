"""Paths are completed behind an @ and behind /file."""

from pathlib import Path

import pytest
from memchat.cli.file_completion import FileCompleter, completes
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with some files."""
    folder = tmp_path / "here"
    (folder / "src").mkdir(parents=True)
    (folder / "my folder").mkdir()
    for name in ("notes.md", "筆記.md", "a b.md", ".hidden", "src/app.py", 'a"b', "a\x1bb", "my folder/x.md"):
        (folder / name).write_text("x", "utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    return folder


def completed(line: str) -> list[str]:
    """The lines that each completion makes of this one."""
    found = FileCompleter().get_completions(Document(line), CompleteEvent())
    return [line[: len(line) + one.start_position] + one.text for one in found]


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("see @no", ["see @notes.md"]),
        ("@筆", ["@筆記.md"]),
        ("請看@no", ["請看@notes.md"]),
        ("(@no", ["(@notes.md"]),
        ("@a", ['@"a b.md"']),
        ('@"a b', ['@"a b.md"']),
        ("@my", ['@"my folder/']),
        ('@"my folder/', ['@"my folder/x.md"']),
        ("@src/", ["@src/app.py"]),
        ("@./s", ["@./src/"]),
        ("@~/no", ["@~/notes.md"]),
        ("@.h", ["@.hidden"]),
        ("@gone/", []),
        ("@nobody", []),
        ("me@no", []),
        ("@notes.md ", []),
        ("no", []),
        ("/file no", ["/file notes.md"]),
        ("/fi no", ["/fi notes.md"]),
        ("/file a", ["/file a b.md"]),
        ("/file src/", ["/file src/app.py"]),
        ("/file drop n", []),
        ("/forget no", []),
    ],
)
def test_a_path_is_completed(line: str, lines: list[str]) -> None:
    """With its quotation marks where it has blanks; names that cannot be typed are left out."""
    assert completed(line) == lines


def test_all_of_a_folder_is_offered_but_what_is_hidden() -> None:
    """In order, folders with their stroke."""
    assert completed("@") == ['@"a b.md"', '@"my folder/', "@notes.md", "@src/", "@筆記.md"]


def test_large_folders_are_not_read_to_their_end(here: Path) -> None:
    """Nobody looks through a thousand names."""
    (here / "many").mkdir()
    for number in range(600):
        (here / "many" / str(number)).write_text("", "utf-8")
    assert len(completed("@many/")) == 500


@pytest.mark.parametrize(
    ("begun", "wanted"),
    [("/", True), ("／he", True), ("see @", True), ("see @no", True), ("me@no", False), ("see", False)],
)
def test_it_is_offered_while_typing_where_a_path_may_stand(begun: str, wanted: bool) -> None:
    """Not in an address."""
    assert completes(begun) is wanted
