"""Provider keys: kept where only their owner can read them, given back, never shown."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError
from memchat.errors import ConfigError, KeyMissingError, MemchatError, UsageError
from memchat.llm.keys import Keys

SECRET = "sk-abcdefgh12345678"


class Memory(KeyringBackend):  # type: ignore[misc] # - keyring is not followed by mypy, its base is Any
    """A keyring as good as the system's, which lives in this process."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError

    def _open(self) -> None:
        if self.locked:
            raise KeyringLocked


@pytest.fixture
def backend() -> Iterator[Memory]:
    """A real keyring in place of none."""
    before = keyring.get_keyring()
    memory = Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def keys(home: Path) -> Keys:
    """Keys under the test's own home."""
    return Keys(home)


def mode(path: Path) -> int:
    """The permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_goes_to_a_file_of_its_owner_alone_where_there_is_no_keyring(keys: Keys, home: Path) -> None:
    """0600 in a folder 0700, and it says where."""
    assert keys.set("OpenAI", f" {SECRET}\n") == str(home / "keys.json")
    assert (mode(home / "keys.json"), mode(home)) == (0o600, 0o700)
    assert Keys(home).get("openai") == SECRET
    assert Keys(home).providers() == ["openai"]


def test_looking_for_keys_creates_nothing(keys: Keys, home: Path) -> None:
    """Without keys there is no file, and none appears."""
    assert keys.get("openai") is None
    assert keys.providers() == []
    assert not keys.remove("openai")
    assert not home.exists()


def test_a_removed_key_is_gone_and_the_others_stay(keys: Keys, home: Path) -> None:
    """And the file no longer holds its bytes."""
    keys.set("openai", SECRET)
    keys.set("anthropic", "sk-ant-zyxw9876")
    assert keys.remove("openai")
    assert not keys.remove("openai")
    assert keys.providers() == ["anthropic"]
    assert SECRET not in (home / "keys.json").read_text()


def test_a_key_goes_to_the_keyring_where_there_is_one(keys: Keys, backend: Memory, home: Path) -> None:
    """The file then names the provider only."""
    assert keys.set("openai", SECRET) == "keyring"
    assert backend.kept == {("memchat", "openai"): SECRET}
    assert SECRET not in (home / "keys.json").read_text()
    assert keys.get("openai") == SECRET
    assert keys.providers() == ["openai"]
    assert keys.remove("openai")
    assert backend.kept == {}
    assert keys.get("openai") is None


def test_a_key_lies_in_one_place_at_a_time(keys: Keys, backend: Memory, home: Path) -> None:
    """Set anew with a keyring it leaves the file; set anew while that is locked it goes to the file, and says so."""
    backend.locked = True
    assert keys.set("openai", "sk-in-the-file") == str(home / "keys.json")
    backend.locked = False
    assert keys.set("openai", "sk-in-the-keyring") == "keyring"
    assert "sk-in-the-file" not in (home / "keys.json").read_text()
    backend.locked = True
    keys.set("openai", "sk-in-the-file-again")
    assert keys.get("openai") == "sk-in-the-file-again"


def test_a_locked_keyring_is_told_and_never_taken_for_no_key(keys: Keys, backend: Memory) -> None:
    """Exit 3 with what to do; the name of the provider, never the key."""
    keys.set("openai", SECRET)
    backend.locked = True
    for act in (lambda: keys.get("openai"), lambda: keys.remove("openai")):
        with pytest.raises(KeyMissingError, match="keyring does not give out the key of openai") as caught:
            act()
        assert "memchat keys set openai" in caught.value.hint


def test_a_keyring_that_is_gone_is_told(keys: Keys, backend: Memory) -> None:
    """The key was kept there, and today there is none to ask."""
    keys.set("openai", SECRET)
    backend.priority = 0  # as keyring measures a backend that keeps nothing
    for act in (lambda: keys.get("openai"), lambda: keys.remove("openai")):
        with pytest.raises(KeyMissingError):
            act()


def test_a_key_that_somebody_took_out_of_the_keyring_is_gone(keys: Keys, backend: Memory) -> None:
    """get finds none, and remove tidies up."""
    keys.set("openai", SECRET)
    backend.kept.clear()
    assert keys.get("openai") is None
    assert keys.remove("openai")
    assert keys.providers() == []


@pytest.mark.skipif(os.name != "posix", reason="permission bits mean nothing there")
def test_a_file_of_keys_that_others_can_read_is_refused(keys: Keys, home: Path) -> None:
    """Not quietly tightened: its owner must know that the keys lay open."""
    keys.set("openai", SECRET)
    (home / "keys.json").chmod(0o644)
    for act in (
        lambda: keys.get("openai"),
        keys.providers,
        lambda: keys.set("x", SECRET),
        lambda: keys.remove("openai"),
    ):
        with pytest.raises(ConfigError, match="can be read by others") as caught:
            act()
        assert f"chmod 600 {home / 'keys.json'}" in caught.value.hint
    assert mode(home / "keys.json") == 0o644


@pytest.mark.parametrize(
    "content", [b"{", b"\xff", b"[]", b'{"keys": [], "keyring": []}', b'{"keys": {"a": 1}, "keyring": []}']
)
def test_a_damaged_file_of_keys_is_told_and_left_alone(keys: Keys, home: Path, content: bytes) -> None:
    """Setting a key over it would lose the others."""
    keys.set("openai", SECRET)
    (home / "keys.json").write_bytes(content)
    with pytest.raises(ConfigError, match="damaged"):
        keys.set("anthropic", "sk-ant-zyxw9876")
    assert (home / "keys.json").read_bytes() == content


def test_a_file_of_keys_that_cannot_be_read_is_told(keys: Keys, home: Path) -> None:
    """A folder stands in its place."""
    (home / "keys.json").mkdir(parents=True)
    with pytest.raises(ConfigError, match="cannot be read"):
        keys.providers()


def test_a_place_that_cannot_be_written_is_told() -> None:
    """Exit 3, with the way out."""
    with pytest.raises(ConfigError, match="cannot be kept") as caught:
        Keys(Path("/proc/nowhere")).set("openai", SECRET)
    assert "MEMCHAT_HOME" in caught.value.hint


@pytest.mark.parametrize("key", ["", " ", "two words", "sk", "sk-\x1b[1m", "鑰匙鑰匙", "x" * 5000])
def test_what_cannot_be_a_key_is_refused_without_being_repeated(keys: Keys, key: str, home: Path) -> None:
    """An accident of the clipboard is not kept, nor printed."""
    with pytest.raises(UsageError) as caught:
        keys.set("openai", key)
    assert not key.strip() or key not in caught.value.message + caught.value.hint
    assert not home.exists()


@pytest.mark.parametrize("provider", ["", "../etc", "open ai", SECRET * 3])
def test_what_cannot_be_a_provider_is_refused_without_being_repeated(keys: Keys, provider: str) -> None:
    """A key typed where the provider belongs is not printed either."""
    with pytest.raises(MemchatError) as caught:
        keys.set(provider, SECRET)
    assert SECRET not in str(vars(caught.value))


def test_without_keys_the_keyring_is_not_even_imported(home: Path) -> None:
    """It costs a tenth of a second, and on some systems a question on the screen."""
    script = (
        "import sys; from pathlib import Path; from memchat.llm.keys import Keys; "
        f"Keys(Path({str(home)!r})).get('openai'); print([*sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "keyring" not in json.loads(done.stdout.replace("'", '"'))
