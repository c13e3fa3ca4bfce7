"""Choosing in a terminal: menus of ids, models and files, the picker of conversations, the clipboard, long pastes."""

import base64
import re
import sys
from pathlib import Path

import pytest
from memchat.domain import Origin

from tests.e2e.running import ROOT
from tests.e2e.terminal import Terminal, chat, kept
from tests.e2e.test_terminal_reply import chat_with
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

DOCUMENT = "\n".join(f"Line {number} of a long document." for number in range(10_000))


def test_ids_are_offered_with_their_text_and_files_behind_an_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind /forget and /why the memories, by a word of theirs too; Tab writes the id. `@` and a name's beginning."""
    (tmp_path / "minutes.md").write_text("We meet on Monday.", "utf-8")
    monkeypatch.chdir(tmp_path)
    with chat(env={"PYTHONPATH": str(ROOT)}) as person:
        person.says("/remember I am allergic to peanuts")
        person.says("/remember I like jasmine tea")
        person.sees_prompt(after="/undo m2")
        person.types("/why jasm")
        person.waits(lambda: "I like jasmine tea" in "\n".join(person.screen[12:]), "no menu")
        person.presses("tab")
        person.sees("> /why m2")
        person.presses("enter")
        person.sees_prompt(after="by hand")
        person.types("What is in @min")
        person.sees("minutes.md")
        person.presses("tab")
        person.sees("> What is in @minutes.md")
        person.presses("ctrl-c")
        person.sees_prompt()


def test_a_conversation_is_picked_by_its_end() -> None:
    """Up and Down show the last words of each; Enter goes on with it; nothing of the picker stays."""
    with chat() as person:
        person.says("We spoke of rate limits")
        person.says("/new")
        person.sees_prompt(after="begins with")
        person.says("The cello is in Porto")
        person.sees_prompt(after="s2")
        person.says("/sessions")
        person.sees("Enter goes on with it")
        assert any(row.startswith("> s2") for row in person.screen)
        person.sees("> The cello is in Porto", times=2)
        person.presses("down")
        person.waits(lambda: any(row.startswith("> s1") for row in person.screen), "it did not move")
        person.presses("enter")
        person.sees_prompt(after="s1  We spoke of rate limits, 1 turn")
        assert "Enter goes on with it" not in person.text
        person.says("/sessions")
        person.sees("Enter goes on with it")
        person.presses("escape")
        person.sees_prompt(after="Go on with one: /resume ID")


def test_a_reply_is_copied_over_ssh_and_conversations_and_models_are_offered(openai_server: Server) -> None:
    """OSC 52 carries it to the terminal where the person sits; `code` takes the last block alone.

    Behind /resume stand conversations with their titles, behind /model where they run.
    """
    openai_server.script(Reply(text="So:\n\n```python\nprint('茶')\n```\n\nDone."))
    with chat_with(openai_server, SSH_CONNECTION="10.0.0.1 50000 10.0.0.2 22", TMUX="") as person:
        person.says("/copy")
        person.sees("This conversation has no reply yet.")
        person.says("Show me")
        person.sees_prompt(after="Done.")
        person.says("/copy code")
        person.sees("The last code block is sent to your terminal's clipboard (OSC 52)")
        person.says("/copy")
        person.sees("The last reply is sent")
        sent = [base64.b64decode(found).decode() for found in re.findall(r"\x1b\]52;c;([^\x07]*)\x07", person.raw)]
        assert sent == ["print('茶')", "So:\n\n```python\nprint('茶')\n```\n\nDone."]
        person.sees_prompt()
        person.types("/resume ")
        person.waits(lambda: any("s1  " in row and "Show me" in row for row in person.screen), "no menu")
        person.presses("ctrl-c")
        person.types("/model note")
        person.sees("built in: no key")
        person.presses("tab", "enter")
        person.sees("notebook answers, on this computer.")
        person.sees_prompt()


def test_ten_thousand_lines_are_folded_and_sent_whole() -> None:
    """The first and the last line show; words around it stay typed; Backspace takes the fold as one character."""
    with chat() as person:
        person.sees_prompt()
        person.pastes(DOCUMENT)
        person.sees("[1: 9,998 more lines]")
        person.sees("Line 9999 of a long document.")
        assert "Line 5000" not in person.text
        person.presses("ctrl-a", "backspace", "backspace")
        person.sees_no("more lines]")
        person.presses("ctrl-c")
        person.sees_prompt()
        person.types("Keep this: ")
        person.pastes("\n".join(DOCUMENT.split("\n")[:60]))
        person.sees("[1: 58 more lines]")
        person.types(" Thanks.")
        person.presses("enter")
        person.sees_prompt(after="Thanks.")
        person.presses("up")
        person.sees("Line 45 of a long document.")
        person.presses("ctrl-c")
    store = kept()
    parts = store.transcripts.turns(1)[0].user.parts
    assert [part.origin for part in parts] == [Origin.TYPED, Origin.PASTE, Origin.TYPED]
    assert parts[1].content == "\n".join(DOCUMENT.split("\n")[:60])
    store.close()


def test_chinese_comes_composed_at_one_stroke() -> None:
    """What an input method hands over is text, a full-width command too; Enter then sends it."""
    with chat() as person:
        person.sees_prompt()
        person.types("我對花生過敏")
        person.sees("> 我對花生過敏")
        person.presses("backspace", "backspace")
        person.types("過敏，住在台北。")
        person.sees("> 我對花生過敏，住在台北。")
        person.presses("enter")
        person.sees_prompt(after="/undo m1")
        person.says("／ｗｈｙ　ｍ１")
        person.sees_prompt(after="花生")
        person.says("／ｕｎｄｏ　ｍ１")
        person.sees("/redo")
        person.sees_prompt()


def test_ctrl_l_clears_and_ctrl_z_goes_to_the_shell_and_back() -> None:
    """As in any program of a terminal."""
    env = {"MEMCHAT_MODEL": "notebook", "MEMCHAT_MEMORY__ENABLED": "true", "PS1": "shell% "}
    with Terminal(["bash", "--norc", "--noprofile", "-i"], env=env) as person:
        person.sees("shell%")
        person.types(f"{sys.executable} -m memchat\r")
        person.sees_prompt()
        person.types("half a thought")
        person.sees("> half a thought")
        person.presses("ctrl-l")
        person.waits(lambda: person.screen[0] == "> half a thought", "the screen was not cleared")
        person.presses("ctrl-z")
        person.sees("Stopped")
        person.types("fg\r")
        person.waits(lambda: person.screen[-1].endswith("remembering"), "it did not come back")
        person.types(" goes on")
        person.sees("> half a thought goes on")
        person.presses("ctrl-c", "ctrl-d")
        person.sees("shell%", times=2)
