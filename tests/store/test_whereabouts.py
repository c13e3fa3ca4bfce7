"""On what kind of disk the database lies, as each system tells it."""

import sys
from pathlib import Path

import pytest
from memchat.store import whereabouts as module
from memchat.store.whereabouts import Whereabouts, mounted, mounted_on_mac, on_windows, synced, whereabouts

LINUX = r"""22 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw
28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
90 28 0:50 / /home rw,relatime shared:40 - nfs4 server:/home rw,vers=4.2
91 90 8:2 / /home/alice/disk rw - xfs /dev/sdb1 rw
92 90 0:61 / /home/alice/my\040cloud rw - fuse.sshfs me@host:/ rw
93 28 0:62 / /mnt/old rw - ext4 /dev/sdc1 rw
94 28 0:63 / /mnt/old rw - cifs //server/share rw
a line that is none
95 - odd
"""
MAC = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//me@server/share on /Volumes/the share (smbfs, nodev, nosuid, mounted by me)
map auto_home on /System/Volumes/Data/home (autofs)
nonsense
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/m.db", "ext4"),
        ("/home/alice/m.db", "nfs4"),
        ("/home/alice/disk/m.db", "xfs"),
        ("/home/alice/diskette/m.db", "nfs4"),
        ("/home/alice/my cloud/m.db", "fuse.sshfs"),
        ("/mnt/old/m.db", "cifs"),
    ],
)
def test_linux_tells_the_last_mount_that_holds_a_file(path: str, kind: str) -> None:
    """The deepest mount point; of two on one point the later."""
    assert mounted(Path(path), LINUX) == kind
    assert mounted(Path(path), "") == ""


@pytest.mark.parametrize(
    ("path", "kind"), [("/Users/me/m.db", "apfs"), ("/Volumes/the share/m.db", "smbfs"), ("/Volumes/the/m.db", "apfs")]
)
def test_macos_tells_it_in_mount(path: str, kind: str) -> None:
    """Names with blanks too."""
    assert mounted_on_mac(Path(path), MAC) == kind


@pytest.mark.parametrize(
    ("path", "drive", "kind"),
    [
        ("C:\\Users\\me\\m.db", 3, ""),
        ("Z:\\m.db", 4, "smb"),
        ("\\\\server\\share\\m.db", 1, "smb"),
        ("//server/share/m.db", 1, "smb"),
        ("\\\\?\\C:\\m.db", 3, ""),
        ("\\\\?\\UNC\\server\\share\\m.db", 1, "smb"),
    ],
)
def test_windows_tells_it_by_drive_and_name(path: str, drive: int, kind: str) -> None:
    """A share, or a drive that is mapped to one."""
    assert on_windows(path, drive) == kind


@pytest.mark.parametrize(
    ("path", "program"),
    [
        ("/home/me/Dropbox/m.db", "Dropbox"),
        ("/home/me/Dropbox (Work)/deep/m.db", "Dropbox"),
        ("/c/Users/me/OneDrive - Acme/m.db", "OneDrive"),
        ("/Users/me/Library/Mobile Documents/m.db", "iCloud"),
        ("/Users/me/Library/CloudStorage/GoogleDrive-me@x.org/m.db", "Google Drive"),
        ("/home/me/Nextcloud/m.db", "Nextcloud"),
        ("/home/me/dropboxes/m.db", ""),
        ("/home/me/share/m.db", ""),
    ],
)
def test_a_synced_folder_is_known_by_its_name(path: str, program: str) -> None:
    """Whatever is added to it."""
    assert synced(Path(path)) == program


def test_a_synced_folder_is_known_by_what_lies_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Syncthing may be told to keep any folder. At home lie marks of programs that are only installed."""
    (tmp_path / "keep").mkdir()
    (tmp_path / "keep" / ".stfolder").mkdir()
    assert whereabouts(tmp_path / "keep" / "deep" / "m.db") == Whereabouts("synced", "Syncthing")
    monkeypatch.setenv("HOME", str(tmp_path / "keep"))
    assert synced(tmp_path / "keep" / "m.db") == ""
    assert not module._is_there(Path("x" * 10_000))


def test_each_system_is_asked_its_own_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux by mountinfo, macOS by mount; where neither tells, a disk passes for local."""
    told = tmp_path / "mountinfo"
    told.write_text(f"28 1 8:1 / {tmp_path} rw - nfs server:/ rw\n", "utf-8")
    monkeypatch.setattr(module, "_MOUNTS", told)
    monkeypatch.setattr(sys, "platform", "linux")
    assert whereabouts(tmp_path / "m.db") == Whereabouts("network", "nfs")
    monkeypatch.setattr(module, "_MOUNTS", tmp_path / "none")
    assert whereabouts(tmp_path / "m.db") == Whereabouts("local")
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(module, "_MOUNT", ("sh", "-c", f"echo '//s/x on {tmp_path} (smbfs, nodev)'"))
    assert whereabouts(tmp_path / "m.db") == Whereabouts("network", "smbfs")
    for command in (("/nowhere/mount",), ("sleep", "30")):
        monkeypatch.setattr(module, "_MOUNT", command)
        monkeypatch.setattr(module, "_PATIENCE", 0.01)
        assert whereabouts(tmp_path / "m.db") == Whereabouts("local")


def test_a_loop_of_links_is_no_reason_to_fail(tmp_path: Path) -> None:
    """What opens the file tells what is wrong with it."""
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert whereabouts(tmp_path / "a" / "m.db").kind == "local"
