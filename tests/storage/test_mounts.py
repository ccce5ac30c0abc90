from pathlib import Path

import pytest

from klarsyn.storage.mounts import Mount, network_mount

MOUNTS = r"""
/dev/sda1 / ext4 rw,relatime 0 0
files.example.com:/home /home nfs4 rw,vers=4.2 0 0
//files.example.com/shared /mnt/our\040files cifs rw 0 0
/dev/sdb1 /home/local xfs rw 0 0
files.example.com:/old /srv nfs rw 0 0
/dev/sdc1 /srv ext4 rw 0 0
sshfs#x /remote fuse.sshfs rw 0 0
short line
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/freja/klarsyn.db", Mount("/home", "nfs4")),
        ("/mnt/our files/klarsyn.db", Mount("/mnt/our files", "cifs")),
        ("/remote/klarsyn.db", Mount("/remote", "fuse.sshfs")),
        ("/var/lib/klarsyn.db", None),  # the root, which is local
        ("/homeless/klarsyn.db", None),  # only begins like /home
        ("/home/local/klarsyn.db", None),  # a local disk within /home
        ("/srv/klarsyn.db", None),  # the local disk was mounted over the other
    ],
)
def test_network_file_system_is_told_from_a_disk(path, expected):
    """
    The nearest mount decides, of two at one place the later.
    """
    assert expected == network_mount(Path(path), MOUNTS)


def test_unknown_mounts_refuse_nothing():
    """
    Only Linux tells; elsewhere the answer is that nothing is known.
    """
    assert network_mount(Path("/home/klarsyn.db"), "") is None
