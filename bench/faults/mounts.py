"""A file system of our own: ext4 in a file, so that it can be full, read-only or broken without the machine being so."""

import os
import subprocess

from places import new_folder
from postgres import Missing

mounted = []


class Disk:
    """Mounted below a temporary folder."""

    def __init__(self, megabytes=64):
        if os.getuid() != 0:
            raise Missing("mounting wants root")
        around = new_folder()
        self.image, self.folder = around / "image", around / "disk"
        self.folder.mkdir()
        with open(self.image, "wb") as file:
            file.truncate(megabytes << 20)
        try:
            subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(self.image)], check=True, capture_output=True)
            self.mount()
        except (OSError, subprocess.CalledProcessError) as error:
            raise Missing(f"no file system can be mounted here: {error}") from error
        mounted.append(self)
        self.filler = self.folder / "filler"

    def mount(self):
        """Makes it reachable, again after `unmount`."""
        subprocess.run(["mount", "-o", "loop", str(self.image), str(self.folder)], check=True, capture_output=True)

    def free(self):
        """Bytes that are left."""
        stat = os.statvfs(self.folder)
        return stat.f_bavail * stat.f_frsize

    def fill(self, leave=0):
        """Takes what is there, but for `leave` bytes."""
        with open(self.filler, "ab") as file:
            while (room := self.free() - leave) > 0:
                try:
                    # One block less than there is, where the file's own map wants one.
                    os.posix_fallocate(file.fileno(), file.tell(), min(room, 1 << 20))
                    file.seek(0, os.SEEK_END)
                except OSError:
                    if room <= 4096:
                        break
                    try:
                        os.posix_fallocate(file.fileno(), file.tell(), 4096)
                        file.seek(0, os.SEEK_END)
                    except OSError:
                        break

    def release(self):
        """Gives it back."""
        self.filler.unlink(missing_ok=True)

    def remount(self, *options):
        """Changes how it is mounted; true when the kernel did."""
        return subprocess.run(["mount", "-o", "remount," + ",".join(options), str(self.folder)], capture_output=True).returncode == 0

    def unmount(self):
        """Ends it."""
        subprocess.run(["umount", "-l", str(self.folder)], capture_output=True)


def unmount_all():
    """At the end of the run, before the folders go."""
    while mounted:
        mounted.pop().unmount()
