"""On what kind of disk a file lies: memchat's journal (WAL) wants a local one, not a network's, nor a synced folder."""

from dataclasses import dataclass
from pathlib import Path

from memchat import system

# What systems call file systems that lie on another computer. FUSE names come as `fuse.sshfs`.
_NETWORK = (
    *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afp", "afpfs", "afs", "webdav", "davfs", "davfs2", "9p"),
    *("ceph", "glusterfs", "lustre", "beegfs", "gpfs", "ncpfs", "coda", "sshfs", "rclone", "s3fs", "gcsfuse", "vboxsf"),
    *("virtiofs", "prl_fs", "vmhgfs", "vmhgfs-fuse", "osxfuse", "macfuse", "drvfs"),
)
# Folders that programs keep equal on several computers, by how their names begin: `OneDrive - Acme`, `Dropbox (Work)`.
_SYNCED = (
    ("dropbox", "Dropbox"),
    ("onedrive", "OneDrive"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("icloud", "iCloud"),
    ("mobile documents", "iCloud"),
    ("cloudstorage", "cloud storage"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("pclouddrive", "pCloud"),
    ("megasync", "MEGA"),
    ("box sync", "Box"),
    ("seafile", "Seafile"),
    ("synology drive", "Synology Drive"),
    ("synologydrive", "Synology Drive"),
    ("proton drive", "Proton Drive"),
    ("syncthing", "Syncthing"),
)
# What such programs leave in the topmost folder of theirs.
_MARKS = (
    (".stfolder", "Syncthing"),
    (".dropbox", "Dropbox"),
    (".sync", "Resilio Sync"),
    (".owncloudsync.log", "ownCloud"),
)
_MOUNTS = Path("/proc/self/mountinfo")
_MOUNT = ("/sbin/mount",)
_PATIENCE = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`kind` is `local`, `network` or `synced`; `name` the file system's or the program's, empty for a local disk."""

    kind: str
    name: str = ""


def whereabouts(path: Path) -> Whereabouts:
    """Where the file `path` lies, or would; links are followed. What the system does not tell passes for local."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError):  # a loop of links
        return Whereabouts("local")
    if name := synced(real):
        return Whereabouts("synced", name)
    name = _file_system(real)
    plain = name.removeprefix("fuse.").casefold()
    return Whereabouts("network", name) if plain in _NETWORK else Whereabouts("local")


def synced(path: Path) -> str:
    """The program that keeps a folder above `path` equal elsewhere; empty where none is known to."""
    for folder in path.parents:
        name = folder.name.casefold()
        for begins, program in _SYNCED:
            if name == begins or name.startswith((f"{begins} ", f"{begins}-", f"{begins}(")):
                return program
        for mark, program in _MARKS:
            if folder != Path.home() and _is_there(folder / mark):  # at home lie the settings of all of them
                return program
    return ""


def mounted(path: Path, told: str) -> str:
    """The type of the file system that holds `path`, from Linux' mountinfo; empty where it is not in there.

    proc(5): the fifth field is the mount point, the type stands behind ` - `; the last mount of a point counts.
    """
    found, length = "", -1
    for line in told.splitlines():
        head, dash, tail = line.partition(" - ")
        fields = head.split(" ")
        if not dash or len(fields) < 5:
            continue
        point = Path(_unescaped(fields[4]))
        if path.is_relative_to(point) and len(point.parts) >= length:
            found, length = tail.split(" ")[0], len(point.parts)
    return found


def mounted_on_mac(path: Path, told: str) -> str:
    """The same from macOS' `mount`: `//me@server/share on /Volumes/share (smbfs, nodev, nosuid)`."""
    found, length = "", -1
    for line in told.splitlines():
        head, bracket, tail = line.rpartition(" (")
        _, on, point = head.partition(" on ")
        if bracket and on and path.is_relative_to(point) and len(Path(point).parts) >= length:
            found, length = tail.partition(",")[0].rstrip(")"), len(Path(point).parts)
    return found


def on_windows(path: str, kind_of_drive: int) -> str:
    """`smb` for a share or a mapped drive; empty for a disk. `kind_of_drive` as GetDriveTypeW tells it: 4 is remote."""
    if path.startswith(("\\\\?\\", "\\\\.\\")):
        shared = path.upper().startswith("\\\\?\\UNC\\")
    else:
        shared = path.startswith(("\\\\", "//"))
    return "smb" if shared or kind_of_drive == 4 else ""


def _file_system(path: Path) -> str:
    if system.windows():  # pragma: no cover - what it makes of the answer is tested everywhere
        import ctypes

        return on_windows(str(path), vars(ctypes)["windll"].kernel32.GetDriveTypeW(path.anchor))
    if system.mac():
        return mounted_on_mac(path, _told_by_mount())
    try:
        return mounted(path, _MOUNTS.read_text("utf-8", "surrogateescape"))
    except OSError:  # no Linux, or it may not be looked at
        return ""


def _told_by_mount() -> str:
    import subprocess  # where nobody is asked, nobody waits for it

    try:
        done = subprocess.run(_MOUNT, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603 - no shell, no name of ours
    except (OSError, subprocess.TimeoutExpired):  # a server that is gone may keep it waiting
        return ""
    return done.stdout.decode("utf-8", "surrogateescape")


def _unescaped(text: str) -> str:
    r"""Blanks and the like stand in mountinfo as `\040`."""
    for code, char in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        text = text.replace(code, char)
    return text


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
