"""From the words on the command line to a command: the table of commands, and what stands for which.

Pure: `route` rearranges words, `memchat.cli.app` imports and runs what they name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from memchat.errors import UsageError


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: the module in `memchat.cli` whose `COMMANDS` holds it, and its line in the list of commands."""

    module: str
    help: str
    hidden: bool = False


COMMANDS = {
    "chat": Entry("chat_commands", "An interactive chat.", hidden=True),
    "ask": Entry("chat_commands", "Ask one question; piped text goes before it."),
    "profile": Entry("profile_commands", "What memchat knows about you, field by field."),
    "memory": Entry("memory_commands", "All it remembers: list, why, add, edit, review, learn."),
    "forget": Entry("forget_command", "Erase for good: memories, words, conversations, all."),
    "tombstones": Entry("tombstone_commands", "What is not learned again: list, clear."),
    "sessions": Entry("data_commands", "Your conversations."),
    "browse": Entry("browse_command", "Look through all of it and edit, full screen."),
    "search": Entry("search_commands", "Find memories and past conversations."),
    "context": Entry("context_command", "What a message would show the model, and what it costs."),
    "usage": Entry("usage_command", "Tokens, cost, what memory cost and saved, what was learned."),
    "export": Entry("export_commands", "Everything, as JSON Lines or a document to read."),
    "import": Entry("import_command", "Take in what memchat export wrote."),
    "backup": Entry("backup_commands", "Copy the database to a file, checked."),
    "restore": Entry("backup_commands", "Put a backup in the database's place."),
    "setup": Entry("setup_commands", "Choose what may be kept and who answers."),
    "models": Entry("models_command", "Who could answer now, and names of other models."),
    "config": Entry("setup_commands", "Settings in force, and where each comes from."),
    "keys": Entry("setup_commands", "Keys of providers: list, set, remove."),
    "encrypt": Entry("encrypt_commands", "Encrypt the whole file, or change its passphrase."),
    "decrypt": Entry("encrypt_commands", "Write the file plain again."),
    "doctor": Entry("doctor_commands", "What is wrong or undone, and what mends it."),
}
ALIASES = {"memories": "memory", "session": "sessions"}
_FORGETTERS = {"rm", "delete", "forget"}
_FORGETTABLE = {"memory", "sessions"}

# Options of the chat and of every command that take a value: the word after one of them is no command.
# tests/cli/test_app.py holds it against what the commands declare.
VALUED = frozenset(
    {"-m", "--model", "--session", "-s", "--system", "-f", "--file", "-o", "--option", "--db", "--config"}
)
_ROOT_ONLY = {"-h", "--help", "-V", "--version", "--install-completion", "--show-completion"}


def before_dashes(argv: Sequence[str]) -> Sequence[str]:
    """The words before `--`, after which nothing is an option."""
    return argv[: argv.index("--")] if "--" in argv else argv


def route(argv: Sequence[str], *, piped: bool, can_chat: bool) -> list[str]:
    """The words with the command first: `memchat TEXT` is `ask`, nothing at all is `chat`, `... | memchat` `ask -`.

    Raises UsageError for a word that is no command, and for no prompt where nobody can type one.
    """
    words = list(argv)
    at = first_word(words)
    if at is None:
        return _wordless(words, piped=piped, can_chat=can_chat)
    word = words[at]
    if "--" in words[:at] or word == "-":
        return ["ask", *words]
    if word == "help":
        return [*words[:at], *words[at + 1 :], "--help"]
    name = ALIASES.get(word, word)
    if name in COMMANDS:
        return _noun(name, [*words[:at], *words[at + 1 :]])
    if piped or not word.isascii() or any(char.isspace() for char in word):
        return ["ask", *words]
    raise unknown(word, (*COMMANDS, *ALIASES), "memchat", f'To ask it: memchat ask "{word}"')


def first_word(words: Sequence[str], valued: frozenset[str] = VALUED) -> int | None:
    """Where the first word stands that is neither an option nor an option's value; None where there is none."""
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--":
            return at + 1 if at + 1 < len(words) else None
        if not word.startswith("-") or word == "-":
            return at
        at += 2 if _takes_next(word, valued) else 1
    return None


def with_default(words: Sequence[str], verbs: Iterable[str], default: str, noun: str) -> list[str]:
    """A noun's words with the verb first; a noun alone, or with options only, gets its default verb."""
    known = list(verbs)
    at = first_word(words, frozenset({"--db", "--config"}))
    if at is not None and words[at] in known:
        return [words[at], *words[:at], *words[at + 1 :]]
    if at == 0:
        raise unknown(words[0], known, f"memchat {noun}", f"memchat {noun} --help shows what there is.")
    if {"-h", "--help"} & set(words):
        return list(words)
    return [default, *words]


def unknown(word: str, known: Iterable[str], where: str, otherwise: str) -> UsageError:
    """The error for a word that is no command, with the nearest one named."""
    from difflib import get_close_matches

    near = get_close_matches(word, [name for name in known if name != "chat"], 1, 0.5)
    hint = f"Did you mean: {where} {near[0]}? " if near else ""
    return UsageError(f'"{word}" is no command of {where}.', f"{hint}{otherwise}")


def _wordless(words: list[str], *, piped: bool, can_chat: bool) -> list[str]:
    """Options only, or nothing at all."""
    if _ROOT_ONLY & set(words):
        return words
    if piped:
        return ["ask", *words, "-"]
    if can_chat or words:  # without a terminal the chat refuses, after a wrong option was told
        return ["chat", *words]
    raise UsageError("There is no prompt, and no terminal to type one.", 'memchat ask "...", or pipe the prompt in.')


def _noun(name: str, rest: list[str]) -> list[str]:
    """`memory rm m1` and its like are `forget m1`."""
    at = first_word(rest) if name in _FORGETTABLE else None
    if at is not None and rest[at] in _FORGETTERS:
        return ["forget", *rest[:at], *rest[at + 1 :]]
    return [name, *rest]


def _takes_next(word: str, valued: frozenset[str]) -> bool:
    """Whether the option `word` takes the word after it: `--db`, `-m`, `-cm`; not `--db=x` or `-mx`."""
    if word.startswith("--"):
        return word in valued
    for at, letter in enumerate(word[1:], 1):
        if f"-{letter}" in valued:
            return at == len(word) - 1
    return False
