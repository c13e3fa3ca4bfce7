"""Files and folders only their owner may read: how they are made, read and replaced."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from memchat import private_file, system

STRANGER = 12_345
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has neither owners in numbers nor rights in bits")


@pytest.fixture
def theirs(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on everything belongs to another user, as far as this process can tell."""
    mine = os.geteuid() if hasattr(os, "geteuid") else 0

    def turn() -> None:
        monkeypatch.setattr(os, "geteuid", lambda: mine + 1, raising=False)

    return turn


def mode(path: Path) -> int:
    """The rights."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def masked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Such an umask until the test is over."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


@posix
@pytest.mark.usefixtures("masked")
def test_files_and_folders_are_the_owners_alone_under_any_umask(place: Path) -> None:
    """And never wider than in the end: the umask takes rights away, and only the owner's are given back."""
    folder = place / "one" / "two"
    private_file.make_folder(folder)
    private_file.make_empty(folder / "empty")
    private_file.replace(folder / "text", "words")
    inner = private_file.new_folder(folder)
    with private_file.fresh(folder / "fresh") as made:
        assert mode(made) == 0o600
        made.write_text("words", "utf-8")
    assert {mode(each) for each in (place / "one", folder, inner)} == {0o700}
    assert {mode(each) for each in folder.iterdir() if each.is_file()} == {0o600}


@posix
def test_nothing_is_open_to_others_even_for_a_moment(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is made has its rights from the first byte, not after a second step that could come too late."""
    before = os.umask(0)
    monkeypatch.setattr(os, "fchmod", lambda *_: None)
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    try:
        private_file.make_folder(place / "one" / "two")
        private_file.make_empty(place / "file")
        private_file.replace(place / "text", "words")
    finally:
        os.umask(before)
    assert (mode(place / "file"), mode(place / "text")) == (0o600, 0o600)
    assert (mode(place / "one"), mode(place / "one" / "two")) == (0o700, 0o700)


@posix
def test_a_file_system_without_rights_is_no_hindrance(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As that of a memory card: the rights cannot be set, and the file is there."""

    def refused(_: int, __: int) -> None:
        raise PermissionError

    before = os.umask(0o777)
    monkeypatch.setattr(os, "fchmod", refused)
    try:
        private_file.make_empty(place / "file")
    finally:
        os.umask(before)
    assert (place / "file").exists()


def test_a_new_file_takes_nobodys_place(place: Path) -> None:
    """Nor goes through a link, be it one that leads nowhere."""
    (place / "there").write_text("mine", "utf-8")
    (place / "link").symlink_to(place / "nowhere")
    for name in ("there", "link"):
        with pytest.raises(FileExistsError):
            private_file.create(place / name)
        with pytest.raises(FileExistsError), private_file.fresh(place / name):
            pass
    assert not (place / "nowhere").exists()
    with pytest.raises(OSError, match="zero byte"), private_file.fresh(place / "a\x00b"):
        pass


def test_somebody_who_was_quicker_keeps_his_file(place: Path) -> None:
    """What was written meanwhile under the same name stands."""
    path = place / "all"

    def race() -> None:
        with private_file.fresh(path) as made:
            made.write_text("ours", "utf-8")
            path.write_text("theirs", "utf-8")

    with pytest.raises(FileExistsError):
        race()
    assert [(each.name, each.read_text("utf-8")) for each in place.iterdir()] == [("all", "theirs")]


def test_another_file_in_the_place_of_ours_is_not_taken(place: Path) -> None:
    """In a folder where everybody may write somebody can swap the file under its name."""

    def swapped(*, link: bool) -> None:
        with private_file.fresh(place / "all") as made:
            made.unlink()
            if link:
                (place / "evil").write_text("evil", "utf-8")
                made.symlink_to(place / "evil")
            else:
                (place / "stays").touch()  # or the next file would have the number of the last
                made.write_text("evil", "utf-8")

    for link in (False, True):
        with pytest.raises(OSError):  # noqa: PT011 - which one is the system's affair
            swapped(link=link)
    assert not (place / "all").exists()


def test_a_file_system_without_hard_links_will_do(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is taken first, and then the file moved there."""

    def unknown(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", unknown)
    with private_file.fresh(place / "all") as made:
        made.write_text("ours", "utf-8")
    assert [each.name for each in place.iterdir()] == ["all"]
    assert (place / "all").read_text("utf-8") == "ours"


def test_a_name_as_long_as_names_get_is_written(place: Path) -> None:
    """What is written beside it first has a short one."""
    path = place / ("x" * 255)
    private_file.replace(path, "one")
    with private_file.fresh(path, instead=True) as made:
        made.write_text("two", "utf-8")
    assert path.read_text("utf-8") == "two"


@posix
def test_only_files_are_read_and_small_ones(place: Path) -> None:
    """A pipe is not waited for, a device that never ends not read; the null device is an empty file."""
    os.mkfifo(place / "pipe")
    for path in (place / "pipe", Path("/dev/zero"), place):
        with pytest.raises(OSError):  # noqa: PT011 - folder or no file, both are told
            private_file.read(path)
    assert private_file.read(Path(os.devnull))[0] == b""
    (place / "large").write_bytes(bytes(4_000_001))
    with pytest.raises(OSError, match="too large"):
        private_file.read(place / "large")


@posix
def test_what_belongs_to_another_user_is_neither_read_nor_replaced(place: Path, theirs: Callable[[], None]) -> None:
    """The administrator's may be read, for he can do anything anyway."""
    path = place / "file"
    path.write_text("theirs", "utf-8")
    if os.geteuid() == 0:
        os.chown(path, STRANGER, STRANGER)
        os.chown(place, STRANGER, STRANGER)
    theirs()
    for act in (
        lambda: private_file.read(path),
        lambda: private_file.replace(path, "mine"),
        lambda: private_file.new_folder(place),
    ):
        with pytest.raises(PermissionError, match="another user"):
            act()
    with pytest.raises(FileExistsError), private_file.fresh(path, instead=True):
        pass
    assert path.read_text("utf-8") == "theirs"
    assert private_file.is_trusted(os.stat_result((0o644, 0, 0, 1, 0, 0, 0, 0, 0, 0)))


@pytest.mark.parametrize("kind", ["dangling", "ring", "folder", "null"])
def test_nothing_but_a_file_is_replaced(place: Path, kind: str) -> None:
    """A link that leads to nothing, or in a circle, a folder, a device."""
    path = place / "config"
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to({"dangling": place / "no", "ring": path, "null": Path(os.devnull)}[kind])
    with pytest.raises(OSError):  # noqa: PT011 - each says which
        private_file.replace(path, "text")
    assert [each.name for each in place.iterdir()] == ["config"]
    assert not stat.S_ISREG(Path(os.devnull).stat().st_mode)


def test_a_folder_that_is_a_file_is_told(place: Path) -> None:
    """As one that another process made meanwhile is not."""
    (place / "link").symlink_to(place / "nowhere")
    with pytest.raises(FileExistsError):
        private_file.make_folder(place / "link")
    private_file.make_folder(place)


def test_where_owners_have_no_numbers_every_file_is_ones_own(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows says who may read a file by its folder."""
    monkeypatch.setattr(private_file, "os", SimpleNamespace(name="nt"))
    monkeypatch.setattr(system, "posix", lambda: False)
    found = place.stat()
    assert private_file.is_mine(found)
    assert private_file.is_trusted(found)
    assert not private_file.exposed(found)
