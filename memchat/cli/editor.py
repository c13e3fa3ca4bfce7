"""A person's own editor on a draft: which one, where the draft lies, and what becomes of it when something fails."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from memchat import private_file, system
from memchat.errors import MemchatError

# Links like /usr/bin/editor may lead to one of these, and nobody shall land in it without having asked for it.
NEVER_UNASKED = ("vi", "vim", "nvi", "nvim", "elvis", "vile")
# Drafts lie in this folder of the state folder, each in one of its own.
DRAFTS = "drafts"
_KEYS = ("_API_KEY", "MEMCHAT_PASSPHRASE")
HOW_TO_CHOOSE = "Name one you know: EDITOR=nano memchat ... (VISUAL and EDITOR are read)."


@dataclass(frozen=True, slots=True)
class Draft:
    """A text in a file of its own folder, readable only by its owner; `original` is what was written into it."""

    path: Path
    original: str

    def read(self) -> str:
        """What it holds now. Raises MemchatError when it is gone or no UTF-8."""
        try:
            # Some editors put a byte order mark before the text.
            return self.path.read_text("utf-8-sig")
        except FileNotFoundError:
            raise MemchatError("The editor left no file.") from None
        except UnicodeDecodeError:
            raise MemchatError("What the editor saved is no UTF-8 text.") from None
        except OSError as error:
            raise MemchatError(f"What the editor saved cannot be read: {error.strerror}.") from None

    @property
    def changed(self) -> bool:
        """Whether it is there and not as it was written; also when that cannot be read."""
        try:
            return self.path.read_bytes() != self.original.encode()
        except FileNotFoundError:
            return False
        except OSError:
            return True

    def discard(self) -> None:
        """Remove it, with the backup copies an editor left beside it."""
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def keep(self, error: MemchatError) -> MemchatError:
        """The same error, telling where the draft is kept, readable only by its owner; nothing stays of one gone."""
        kept = "Nothing was changed."
        if self.path.is_file():
            self.path.chmod(0o600)
        if self.path.exists():
            kept = f"Nothing was changed; your draft is kept: {self.path}"
        else:
            self.discard()
        return type(error)(error.message, f"{error.hint} {kept}".strip())


def write_draft(folder: Path, name: str, text: str) -> Draft:
    """A new draft `name` in a folder of its own within `folder`. Raises MemchatError when it cannot be written."""
    try:
        private_file.make_folder(folder)
        path = private_file.new_folder(folder) / name
        with os.fdopen(private_file.create(path), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise MemchatError(f"The draft cannot be written: {error.strerror}.", f"Is there room in {folder}?") from None
    return Draft(path, text)


def kept(state: Path) -> str:
    """The folder of drafts below the state folder while there are any, which hold parts of memory; else empty."""
    folder = state / DRAFTS
    return str(folder) if folder.is_dir() and any(folder.iterdir()) else ""


def drafts(state: Path) -> list[Path]:
    """The files of those drafts, which hold parts of memory."""
    return sorted(path for path in (state / DRAFTS).rglob("*") if path.is_file() and not path.is_symlink())


def discard_all(state: Path) -> None:
    """Remove all those drafts, as far as they can be."""
    shutil.rmtree(state / DRAFTS, ignore_errors=True)


def edit(draft: Draft, environ: Mapping[str, str], *, on_terminal: bool = True) -> str:
    """Open the draft, wait for the editor to close, and return the text.

    Raises MemchatError when there is no editor, it cannot start, ends with a failure or leaves no text; a draft that
    was changed is kept then. Without a terminal on standard output the editor draws on standard error.
    """
    try:
        return opened(draft, environ, on_terminal=on_terminal)
    except MemchatError as error:
        if draft.changed or not draft.path.exists():
            raise draft.keep(error) from None
        draft.discard()
        raise


def opened(draft: Draft, environ: Mapping[str, str], *, on_terminal: bool = True) -> str:
    """As `edit`, but whatever comes of it, the draft is left for the caller to keep or discard."""
    _run([*command(environ), str(draft.path)], environ, on_terminal=on_terminal)
    return draft.read()


def command(environ: Mapping[str, str]) -> list[str]:
    """The editor: $VISUAL, $EDITOR, nano, else the system's; never vi unasked. Raises MemchatError: there is none."""
    path = environ.get("PATH")
    for name in ("VISUAL", "EDITOR"):
        wanted = environ.get(name, "").strip()
        if wanted:
            return _split(name, wanted, path)
    nano = shutil.which("nano", path=path)
    if nano:
        return [nano]
    if system.mac():
        return ["open", "-W", "-t"]
    if system.windows():
        return ["notepad"]
    default = shutil.which("editor", path=path)
    if default and Path(default).resolve().name.split(".")[0] not in NEVER_UNASKED:
        return [default]
    raise MemchatError("No editor was found.", HOW_TO_CHOOSE)


def without_keys(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for another program: without keys of providers and the passphrase, which are not for it."""
    return {name: value for name, value in environ.items() if not name.upper().endswith(_KEYS)}


def _split(name: str, wanted: str, path: str | None) -> list[str]:
    """The words of $EDITOR; a path with blanks that exists is one word."""
    import shlex

    if shutil.which(wanted, path=path):
        return [wanted]
    try:
        if system.windows():
            return _split_on_windows(wanted, path)
        return shlex.split(wanted)
    except ValueError:
        raise MemchatError(f"{name} cannot be read: a quote is left open in it.", HOW_TO_CHOOSE) from None


def _split_on_windows(wanted: str, path: str | None) -> list[str]:
    """Backslashes are part of paths there, and a program may be a script: `code` is `code.cmd`, and is found by which.

    Raises ValueError for a quote that is left open.
    """
    import shlex

    words = [word.strip('"') for word in shlex.split(wanted, posix=False)]
    return [shutil.which(words[0], path=path) or words[0], *words[1:]]


def _run(words: list[str], environ: Mapping[str, str], *, on_terminal: bool) -> None:
    import signal
    import subprocess

    # Ctrl-C belongs to the editor while it is open. A handler, not SIG_IGN: the editor would inherit the latter.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        done = subprocess.run(words, env=without_keys(environ), stdout=None if on_terminal else 2, check=False)  # noqa: S603 - the user's own editor
    except OSError as error:
        raise MemchatError(f"The editor {words[0]!r} cannot be started: {error.strerror}.", HOW_TO_CHOOSE) from None
    finally:
        signal.signal(signal.SIGINT, before)
    if done.returncode:
        raise MemchatError(f"The editor {words[0]!r} failed with {done.returncode}.", HOW_TO_CHOOSE)
