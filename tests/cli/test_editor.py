"""Which editor opens: the one a person named, nano, the system's; never vi unasked."""

import os
import signal
from pathlib import Path

import pytest
from memchat.cli import editor
from memchat.errors import MemchatError

from tests.cli.shell import script


def program(folder: Path, name: str, *, leads_to: str = "") -> Path:
    """Something that can be started, or a link to it."""
    folder.mkdir(exist_ok=True)
    target = folder / (leads_to or name)
    target.write_text("#!/bin/sh\n")
    target.chmod(0o700)
    if leads_to:
        (folder / name).symlink_to(target)
    return folder / name


def test_the_named_editor_is_used_with_its_arguments(tmp_path: Path) -> None:
    """VISUAL before EDITOR; `code --wait` is two words; a path with blanks that exists is one."""
    spaced = program(tmp_path / "My Tools", "edit")
    assert editor.command({"VISUAL": "code --wait", "EDITOR": "ed"}) == ["code", "--wait"]
    assert editor.command({"VISUAL": " ", "EDITOR": "ed"}) == ["ed"]
    assert editor.command({"EDITOR": str(spaced)}) == [str(spaced)]


def test_drafts_are_told_of_while_there_are_any(tmp_path: Path) -> None:
    """None yet, one, none any more; the folders made for it are the owner's alone."""
    state = tmp_path / "upper" / "state"
    assert editor.kept(state) == ""
    draft = editor.write_draft(state / editor.DRAFTS, "m1.txt", "words")
    assert editor.kept(state) == str(state / editor.DRAFTS)
    assert {folder.stat().st_mode & 0o777 for folder in (state.parent, state, state / editor.DRAFTS)} == {0o700}
    draft.discard()
    assert editor.kept(state) == ""


def test_vi_opens_for_those_who_asked(tmp_path: Path) -> None:
    """Never unasked, but asked."""
    program(tmp_path, "vi")
    assert editor.command({"EDITOR": "vi", "PATH": str(tmp_path)}) == ["vi"]


def test_nano_goes_before_the_systems_editor(tmp_path: Path) -> None:
    """Where both are there."""
    program(tmp_path, "editor")
    nano = program(tmp_path, "nano")
    assert editor.command({"PATH": str(tmp_path)}) == [str(nano)]


@pytest.mark.skipif(os.name == "nt", reason="links and /usr/bin/editor are of Unix")
def test_the_systems_editor_is_used_unless_it_is_vi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/usr/bin/editor often leads to vim.basic: then nothing opens, and the hint says how to choose."""
    monkeypatch.setattr("sys.platform", "linux")
    found = program(tmp_path / "a", "editor", leads_to="micro")
    assert editor.command({"PATH": str(tmp_path / "a")}) == [str(found)]
    program(tmp_path / "b", "editor", leads_to="vim.basic")
    program(tmp_path / "b", "vi")
    with pytest.raises(MemchatError, match="No editor was found") as raised:
        editor.command({"PATH": str(tmp_path / "b")})
    assert "EDITOR=nano" in raised.value.hint


@pytest.mark.parametrize(("platform", "words"), [("darwin", ["open", "-W", "-t"]), ("win32", ["notepad"])])
def test_other_systems_have_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, words: list[str]
) -> None:
    """macOS opens its text editor and waits, Windows has Notepad."""
    monkeypatch.setattr("sys.platform", platform)
    assert editor.command({"PATH": str(tmp_path)}) == words


def test_ctrl_c_belongs_to_the_editor(tmp_path: Path) -> None:
    """An interrupt while the editor is open does not end memchat; afterwards Ctrl-C is what it was."""
    before = signal.getsignal(signal.SIGINT)
    body = "import os, signal; os.kill(os.getppid(), signal.SIGINT); path.write_text('new')"
    draft = editor.write_draft(tmp_path / "drafts", "x.txt", "old")
    assert editor.edit(draft, {**os.environ, "EDITOR": script(tmp_path, body)}) == "new"
    assert signal.getsignal(signal.SIGINT) is before


def test_the_editor_can_be_interrupted_itself(tmp_path: Path) -> None:
    """The child does not inherit a blocked Ctrl-C: it ends by it, and that is a failure of the editor."""
    body = "import os, signal; signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT)); os.kill(os.getpid(), 2)"
    draft = editor.write_draft(tmp_path / "drafts", "x.txt", "old")
    with pytest.raises(MemchatError, match="failed"):
        editor.edit(draft, {**os.environ, "EDITOR": script(tmp_path, body)})


def test_a_folder_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "drafts").write_text("")
    with pytest.raises(MemchatError, match="cannot be written"):
        editor.write_draft(tmp_path / "drafts", "x.txt", "old")


def test_keeping_a_draft_that_is_gone_still_tells_the_error(tmp_path: Path) -> None:
    """The first error matters more than the draft."""
    draft = editor.write_draft(tmp_path / "drafts", "x.txt", "old")
    draft.path.unlink()
    error = draft.keep(MemchatError("It failed.", "Do this."))
    assert (error.message, error.hint) == ("It failed.", "Do this. Nothing was changed.")
    assert not draft.path.parent.exists()


@pytest.mark.parametrize(
    ("body", "message", "stays"),
    [
        ("path.unlink()", "The editor left no file.", False),
        ("path.unlink(); path.parent.rmdir()", "The editor left no file.", False),
        ("path.write_bytes(b'\\xff\\xfe')", "What the editor saved is no UTF-8 text.", True),
        ("path.unlink(); path.mkdir()", "What the editor saved cannot be read", True),
    ],
)
def test_a_draft_that_cannot_be_read_is_told_in_plain_words(
    tmp_path: Path, body: str, message: str, stays: bool
) -> None:
    """No name of an exception; what is still there is kept and named, an empty folder is not."""
    drafts = tmp_path / "drafts"
    draft = editor.write_draft(drafts, "x.txt", "old")
    with pytest.raises(MemchatError) as raised:
        editor.edit(draft, {**os.environ, "EDITOR": script(tmp_path, body)})
    assert raised.value.message.startswith(message)
    assert "Error" not in raised.value.message + raised.value.hint
    assert (str(draft.path) in raised.value.hint) is stays
    assert any(drafts.iterdir()) is stays
