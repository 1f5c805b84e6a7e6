import json
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover import places, shared_folders
from dermstation.handover.places import FolderPlace, Mount, PlaceKind, check_place, place_of
from dermstation.handover.sync_roots import Surroundings, syncing_service

ON_WINDOWS = sys.platform == "win32"


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    home = tmp_path / "home"
    home.mkdir()
    return Surroundings({}, home)


def below(folder: Path) -> Path:
    inside = folder / "Desktop" / "packages"
    inside.mkdir(parents=True)
    return inside


def test_a_plain_folder_is_not_synced(around) -> None:
    assert syncing_service(below(around.home), around) == ""


@pytest.mark.parametrize("name", ["OneDrive", "OneDriveConsumer", "OneDriveCommercial"])
def test_onedrive_is_recognised_by_its_environment(around, name) -> None:
    root = around.home / "Files of the practice"
    told = Surroundings({name: str(root)}, around.home)
    assert syncing_service(below(root), told) == "OneDrive"
    assert syncing_service(around.home, told) == ""


@pytest.mark.parametrize("place", ["APPDATA", "LOCALAPPDATA", "home"])
def test_dropbox_is_recognised_by_the_file_it_writes_for_others(around, place) -> None:
    base = around.home / ("x" if place != "home" else ".dropbox")
    file = (base / "Dropbox" if place != "home" else base) / "info.json"
    file.parent.mkdir(parents=True)
    root = around.home / "shared"
    file.write_text(json.dumps({"business": {"path": str(root)}, "other": 3}), encoding="utf-8")
    told = Surroundings({place: str(base)} if place != "home" else {}, around.home)
    assert syncing_service(below(root), told) == "Dropbox"


def test_google_drive_is_recognised_by_its_list_of_folders(around) -> None:
    file = around.home / "AppData" / "Local" / "Google" / "DriveFS" / "root_preference_sqlite.db"
    file.parent.mkdir(parents=True)
    root = around.home / "mirrored"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE roots (last_seen_absolute_path TEXT)")
        database.execute("INSERT INTO roots VALUES (?), (NULL)", (str(root),))
        database.commit()
    assert syncing_service(below(root), around) == "Google Drive"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"personal": {"path": 3}}', b"\xff\xfe"])
def test_files_that_make_no_sense_are_ignored(around, content) -> None:
    for file in (
        around.home / ".dropbox" / "info.json",
        around.home / "AppData" / "Local" / "Google" / "DriveFS" / "root_preference_sqlite.db",
    ):
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    assert syncing_service(below(around.home), around) == ""


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - Test Surgery", "OneDrive"),
        ("Dropbox (Test Surgery)", "Dropbox"),
        ("My Drive", "Google Drive"),
        ("GoogleDrive-test", "Google Drive"),
        ("iCloudDrive", "iCloud"),
        ("Mobile Documents", "iCloud"),
        ("CloudStorage", "a cloud service"),
        ("Nextcloud2", "Nextcloud"),
        ("ownCloud", "ownCloud"),
        ("Box", "Box"),
        ("Box Sync", "Box"),
        ("MEGA", "MEGA"),
        ("pCloudDrive", "pCloud"),
        ("SeaDrive", "Seafile"),
        ("SynologyDrive", "Synology Drive"),
        ("Resilio Sync", "Resilio Sync"),
        ("Proton Drive", "Proton Drive"),
        ("Egnyte Drive", "Egnyte"),
        ("Citrix Files", "ShareFile"),
        ("Boxes", ""),
        ("Omega", ""),
        ("Nextcloud manuals", ""),
        ("Onedriver manuals", ""),
        ("dropboxes", ""),
    ],
)
def test_services_are_recognised_by_the_names_of_their_folders(around, name, service) -> None:
    assert syncing_service(below(around.home / name), around) == service


@pytest.mark.parametrize(
    ("mark", "service"),
    [
        (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
        (".dropbox.cache", "Dropbox"),
        (".tmp.drivedownload", "Google Drive"),
        (".stfolder", "Syncthing"),
        (".sync_0a1b2c3d4e5f.db", "Nextcloud"),
        ("._sync_0a1b2c3d4e5f.db", "ownCloud"),
        (".owncloudsync.log", "ownCloud"),
        (".Box_0123456789", "Box"),
        (".megaignore", "MEGA"),
        (".seafile-data", "Seafile"),
        (".SynologyWorkingDirectory", "Synology Drive"),
        (".sync", "Resilio Sync"),
    ],
)
def test_services_are_recognised_by_marks_in_their_folders(around, mark, service) -> None:
    inside = below(around.home / "plain")
    (around.home / "plain" / mark).mkdir()
    assert syncing_service(inside, around) == service


def database(file: Path, table: str, column: str, *values: str, more: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as made:
        made.execute(f"CREATE TABLE {table} ({column} TEXT{more})")
        made.executemany(f"INSERT INTO {table} ({column}) VALUES (?)", [(one,) for one in values])
        made.commit()


def text(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def told_by_client(client: str, home: Path, root: Path) -> None:
    """Write what a client keeps of a folder that it copies."""
    config, local = home / ".config", home / "AppData" / "Local"
    match client:
        case "Nextcloud":
            told = f"[Accounts]\n0\\Folders\\1\\targetPath=/\n0\\Folders\\1\\localPath={root}/\n"
            text(config / "Nextcloud" / "nextcloud.cfg", told)
        case "ownCloud":
            told = f'[Accounts]\n0\\FoldersWithPlaceholders\\2\\localPath="{root}/"\r\n'
            text(home / "AppData" / "Roaming" / "ownCloud" / "owncloud.cfg", told)
        case "Box":
            text(local / "Box" / "Box" / "data" / "shell" / "sync_root_folder.txt", f"{root}\n")
        case "Synology Drive":
            file = local / "SynologyDrive" / "data" / "db" / "sys.sqlite"
            database(file, "session_table", "sync_folder", str(root))
        case "pCloud":
            database(home / ".pcloud" / "data.db", "syncfolder", "localpath", str(root))
        case "Seafile":
            text(home / ".ccnet" / "seafile.ini", str(home / "data" / "seafile-data"))
            file = home / "data" / "seafile-data" / "repo.db"
            more = ", key TEXT DEFAULT 'worktree'"
            database(file, "RepoProperty", "value", str(root), more=more)
        case "Syncthing":
            told = f'<configuration><folder id="a" label="b" path="{root}" type="c"></folder>'
            text(config / "syncthing" / "config.xml", told)


CLIENTS = ("Nextcloud", "ownCloud", "Box", "Synology Drive", "pCloud", "Seafile", "Syncthing")


@pytest.mark.parametrize("client", CLIENTS)
def test_clients_are_recognised_by_what_they_keep_of_their_folders(around, client) -> None:
    root = around.home / "Practice l\u00f6ft & more"
    told_by_client(client, around.home, root)
    assert syncing_service(below(root), around) == client
    assert syncing_service(below(around.home / "beside"), around) == ""


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_that_claims_everything_or_nonsense_is_not_believed(around, client) -> None:
    for nonsense in ("/", "", "relative/folder", "nul\0inside"):
        for file in around.home.rglob("*"):
            if file.is_file():
                file.unlink()
        told_by_client(client, around.home, nonsense)
        assert syncing_service(around.home / "beside", around) == ""


def test_qt_s_way_of_writing_letters_is_read(around) -> None:
    told = "0\\Folders\\1\\localPath=" + str(around.home / "l") + "\\xf6\\x66t/\n"
    text(around.home / ".config" / "Nextcloud" / "nextcloud.cfg", told)
    assert syncing_service(below(around.home / "l\u00f6ft"), around) == "Nextcloud"


def private(folder: Path, mode: int = 0o700) -> Path:
    folder.mkdir(parents=True)
    folder.chmod(mode)
    return folder


FOR_EVERYBODY = (
    (r"C:\Temp", r"C:\Windows\Temp", r"C:\Users\Public", r"C:\Temp\packages")
    if ON_WINDOWS
    else ("/tmp", "/var/tmp", "/dev/shm", "/tmp/packages")
)


@pytest.mark.parametrize("place", FOR_EVERYBODY)
def test_folders_for_everybody_are_shared(around, place) -> None:
    assert place_of(Path(place), around, ()) == FolderPlace(PlaceKind.SHARED)
    with pytest.raises(StationError) as caught:
        check_place(Path(place), network_allowed=True, sealed=True)
    assert caught.value.code in {ErrorCode.PLACE_SHARED, ErrorCode.PLACE_NETWORK}


@pytest.mark.skipif(ON_WINDOWS, reason="modes are POSIX")
@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o757, 0o702])
def test_a_folder_that_everybody_may_write_to_is_shared_with_all_below_it(tmp_path, mode) -> None:
    def is_open(folder: Path) -> bool:
        """Judge a folder by the way to it from `tmp_path` on: what is above is closed to others."""
        above = [one for one in folder.parents if tmp_path in (one, *one.parents)]
        return shared_folders._is_open_to_all((folder, *above))

    tmp_path.chmod(0o755)
    shared = private(tmp_path / "shared", mode)
    assert is_open(shared)
    assert is_open(shared / "not" / "there")
    assert is_open(private(shared / "mine", 0o755))  # others can replace it
    is_kept = bool(mode & stat.S_ISVTX)  # nobody else can replace one that is closed
    assert is_open(private(shared / "closed") / "packages") != is_kept
    tmp_path.chmod(0o700)
    assert not is_open(shared)


@pytest.mark.skipif(not ON_WINDOWS, reason="only Windows names them so")
@pytest.mark.parametrize("name", ["PUBLIC", "ProgramData"])
def test_the_folders_that_windows_names_are_shared(around, name) -> None:
    told = Surroundings({name: str(around.home / "for all")}, around.home)
    assert place_of(below(around.home / "for all"), told, ()).kind is PlaceKind.SHARED
    assert place_of(below(around.home / "other"), told, ()).kind is PlaceKind.LOCAL


@pytest.mark.skipif(ON_WINDOWS, reason="Windows names them in variables")
def test_folders_that_are_there_to_be_shared_are_shared(around) -> None:
    assert place_of(below(around.home / "Public"), around, ()).kind is PlaceKind.SHARED
    told = '# by the desktop\nXDG_PUBLICSHARE_DIR="$HOME/\u00d6ffentlich"\n'
    text(around.home / ".config" / "user-dirs.dirs", told)
    assert place_of(below(around.home / "\u00d6ffentlich"), around, ()).kind is PlaceKind.SHARED
    text(around.home / ".config" / "user-dirs.dirs", 'XDG_PUBLICSHARE_DIR="$HOME/"\n')
    assert place_of(below(around.home / "other"), around, ()).kind is PlaceKind.LOCAL


def test_a_link_and_a_moved_known_folder_are_followed(around) -> None:
    real = below(around.home / "OneDrive")
    link = around.home / "Desktop"
    link.symlink_to(real.parent, target_is_directory=True)
    assert syncing_service(link / "packages", around) == "OneDrive"


@pytest.mark.skipif(ON_WINDOWS, reason="Windows is asked for the kind of a drive instead")
@pytest.mark.parametrize(
    ("file_system", "kind"),
    [
        ("ext4", PlaceKind.LOCAL),
        ("tmpfs", PlaceKind.LOCAL),
        ("cifs", PlaceKind.NETWORK),
        ("nfs4", PlaceKind.NETWORK),
        ("fuse.sshfs", PlaceKind.NETWORK),
        ("fuse.rclone", PlaceKind.SYNCED),
    ],
)
def test_a_mount_says_where_a_folder_is(around, file_system, kind) -> None:
    mounts = (
        Mount(Path("/"), "ext4", "none"),
        Mount(around.home.resolve() / "mounted", file_system, "server"),
    )
    assert place_of(below(around.home / "mounted"), around, mounts).kind is kind
    assert place_of(around.home, around, mounts).kind is PlaceKind.LOCAL


@pytest.mark.skipif(ON_WINDOWS, reason="Windows is asked for the kind of a drive instead")
def test_a_drive_that_can_be_unplugged_is_removable(tmp_path: Path, monkeypatch) -> None:
    classes = tmp_path / "class"
    classes.mkdir()
    for disk, bus in (("stick", "usb1"), ("fixed", "pci0"), ("card", "mmc0")):
        place = tmp_path / "devices" / bus / disk / f"{disk}1"
        place.mkdir(parents=True)
        (place.parent / "removable").write_text("1\n" if disk == "card" else "0\n")
        (classes / f"{disk}1").symlink_to(place)
    assert places._is_removable("/dev/stick1", classes)
    assert places._is_removable("/dev/card1", classes)
    assert not places._is_removable("/dev/fixed1", classes)
    assert not places._is_removable("/dev/gone1", classes)
    assert not places._is_removable("overlay", classes)


@pytest.mark.parametrize(
    ("place", "allowed", "code"),
    [
        (FolderPlace(PlaceKind.LOCAL), (False, False), None),
        (FolderPlace(PlaceKind.SYNCED, "OneDrive"), (True, True), ErrorCode.PLACE_SYNCED),
        (FolderPlace(PlaceKind.NETWORK), (False, True), ErrorCode.PLACE_NETWORK),
        (FolderPlace(PlaceKind.NETWORK), (True, False), None),
        (FolderPlace(PlaceKind.SHARED), (True, True), ErrorCode.PLACE_SHARED),
        (FolderPlace(PlaceKind.REMOVABLE), (True, False), ErrorCode.PLACE_REMOVABLE),
        (FolderPlace(PlaceKind.REMOVABLE), (False, True), None),
    ],
)
def test_each_kind_of_place_has_its_rule(tmp_path, monkeypatch, place, allowed, code) -> None:
    network_allowed, sealed = allowed
    monkeypatch.setattr(places, "place_of", lambda *_: place)
    if code is None:
        check_place(tmp_path, network_allowed=network_allowed, sealed=sealed)
        return
    with pytest.raises(StationError) as caught:
        check_place(tmp_path, network_allowed=network_allowed, sealed=sealed)
    assert caught.value.code is code


def test_this_pc_s_own_folders_are_local(tmp_path) -> None:
    assert place_of(tmp_path) == FolderPlace(PlaceKind.LOCAL)
