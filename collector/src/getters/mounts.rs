//! Which file systems are mounted, and which of them a person would call a disk.
//!
//! Asks no file system anything: a dead server must not hang the list of mounts.

use crate::error::ParseError;

/// Where a file system lives, which decides who asks it how full it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On a disk of this machine: answers at once.
    Local,
    /// On another machine or behind a program: may never answer.
    Remote,
}

/// One mounted file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where it is mounted.
    pub path: String,
    /// Its type, as `ext4`.
    pub kind: String,
    /// What is mounted: a device, a dataset, a share.
    pub source: String,
    /// Where it lives.
    pub place: Place,
    /// What tells it from others: device number, and for those with subvolumes the subvolume too.
    identity: (String, String),
}

/// Types that are nobody's disk, besides those that start with `cgroup`.
const NO_DISK: [&str; 27] = [
    "autofs",
    "bdev",
    "binfmt_misc",
    "bpf",
    "configfs",
    "debugfs",
    "devfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "fusectl",
    "hugetlbfs",
    "iso9660",
    "mqueue",
    "nsfs",
    "overlay",
    "proc",
    "pstore",
    "ramfs",
    "rootfs",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "squashfs",
    "sysfs",
    "tmpfs",
    "tracefs",
];
/// Types that another machine answers for, besides those that start with `fuse`.
const REMOTE: [&str; 14] = [
    "9p",
    "afs",
    "ceph",
    "cifs",
    "coda",
    "gfs2",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "smb3",
    "smbfs",
];
/// Folders whose mounts are the business of containers, sandboxes and the system.
const OTHERS_BUSINESS: [&str; 12] = [
    "/proc",
    "/sys",
    "/dev",
    "/run",
    "/snap",
    "/var/snap",
    "/var/lib/docker",
    "/var/lib/containers",
    "/var/lib/containerd",
    "/var/lib/kubelet",
    "/var/lib/lxcfs",
    "/etc",
];
/// Where desktops mount what was plugged in, although it lies in /run.
const MEDIA: &str = "/run/media/";

/// Reads the disks of `/proc/PID/mountinfo`: each file system once, at its first mount.
pub fn parse_mountinfo(text: &str) -> Result<Vec<Mount>, ParseError> {
    let mut mounts: Vec<Mount> = Vec::new();
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').ok_or_else(|| ParseError::new("the text ends within a line"))?;
        let mount = parse_line(line).ok_or_else(|| {
            ParseError::new(format!("\"{}\" is no mount", line.chars().take(80).collect::<String>()))
        })?;
        if !is_disk(&mount) {
            continue;
        }
        // A later mount at the same place hides the earlier one.
        if let Some(hidden) = mounts.iter_mut().find(|earlier| earlier.path == mount.path) {
            *hidden = mount;
        } else if mounts.iter().all(|earlier| earlier.identity != mount.identity) {
            mounts.push(mount);
        }
    }
    Ok(mounts)
}

/// `36 35 98:0 /root /mnt rw shared:1 - ext4 /dev/sda1 rw`: any number of fields may stand before the dash.
fn parse_line(line: &str) -> Option<Mount> {
    let (place, rest) = line.split_once(" - ")?;
    let mut place = place.split(' ').skip(2);
    let (device, root, path) = (place.next()?, place.next()?, unescape(place.next()?));
    let mut rest = rest.split(' ');
    let (kind, source) = (rest.next()?.to_owned(), unescape(rest.next()?));
    let is_remote = REMOTE.contains(&kind.as_str()) || (kind.starts_with("fuse") && kind != "fuseblk");
    // Subvolumes share the device but are mounted as disks of their own.
    let subvolume = if kind == "btrfs" || kind == "bcachefs" { root.to_owned() } else { String::new() };
    Some(Mount {
        path,
        source,
        place: if is_remote { Place::Remote } else { Place::Local },
        identity: (device.to_owned(), subvolume),
        kind,
    })
}

fn is_disk(mount: &Mount) -> bool {
    let path = mount.path.as_str();
    if path == "/" {
        // Whatever it is (a live system's overlay, a RAM disk): it is what this machine runs on.
        return true;
    }
    let lies_in =
        |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_others = OTHERS_BUSINESS.iter().any(|folder| lies_in(folder)) && !path.starts_with(MEDIA);
    let kind = mount.kind.as_str();
    let is_portal = kind.starts_with("fuse.")
        && (kind.contains("portal") || kind.contains("gvfs") || kind.contains("lxcfs"));
    !is_others && !is_portal && !NO_DISK.contains(&kind) && !kind.starts_with("cgroup")
}

/// The kernel writes blanks and backslashes in octal: `\040`.
fn unescape(field: &str) -> String {
    if !field.contains('\\') {
        return field.to_owned();
    }
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                bytes.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        parse_mountinfo(text).expect("well formed").into_iter().map(|mount| mount.path).collect()
    }

    #[test]
    fn only_disks_are_listed() {
        let text = "22 27 0:21 / /proc rw,relatime - proc proc rw\n\
            25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw\n\
            27 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n\
            30 27 8:1 / /boot/efi rw - vfat /dev/sda1 rw\n\
            31 27 0:60 / /mnt/tank rw shared:9 master:2 - zfs tank rw,xattr\n\
            32 27 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro\n\
            33 27 0:70 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw\n\
            34 27 8:17 / /run/media/me/stick rw - exfat /dev/sdb1 rw\n\
            35 27 8:2 /srv/export /export rw - ext4 /dev/sda2 rw\n";
        assert_eq!(paths(text), ["/", "/boot/efi", "/mnt/tank", "/run/media/me/stick"]);
    }

    #[test]
    fn a_root_of_any_kind_counts_and_a_containers_files_do_not() {
        let text = "700 600 0:88 / / rw - overlay overlay rw,lowerdir=/x\n\
            701 700 8:2 /docker/hosts /etc/hosts rw - ext4 /dev/sda2 rw\n\
            702 700 8:2 /data /data rw - ext4 /dev/sda2 rw\n";
        assert_eq!(paths(text), ["/", "/data"]);
    }

    #[test]
    fn subvolumes_are_disks_of_their_own_and_bind_mounts_are_not() {
        let text = "27 1 0:30 /@ / rw - btrfs /dev/nvme0n1p2 rw,subvol=/@\n\
            28 27 0:30 /@home /home rw - btrfs /dev/nvme0n1p2 rw,subvol=/@home\n\
            29 27 0:30 /@home /mnt/home rw - btrfs /dev/nvme0n1p2 rw,subvol=/@home\n";
        assert_eq!(paths(text), ["/", "/home"]);
    }

    #[test]
    fn a_later_mount_at_the_same_place_is_the_one_that_counts() {
        let text = "27 1 0:2 / / rw - rootfs rootfs rw\n28 27 8:1 / / rw - ext4 /dev/sda1 rw\n";
        let mounts = parse_mountinfo(text).expect("well formed");
        assert_eq!(mounts.len(), 1);
        assert_eq!(mounts[0].kind, "ext4");
    }

    #[test]
    fn servers_and_programs_are_told_from_disks() {
        let text = "1 0 0:50 / /mnt/nas rw - nfs4 nas:/export rw\n2 0 0:51 / /mnt/s rw - cifs //s/x rw\n\
            3 0 0:52 / /mnt/p rw - fuse.sshfs me@x: rw\n4 0 8:1 / /mnt/w rw - fuseblk /dev/sdc1 rw\n";
        let places: Vec<Place> =
            parse_mountinfo(text).expect("well formed").iter().map(|mount| mount.place).collect();
        assert_eq!(places, [Place::Remote, Place::Remote, Place::Remote, Place::Local]);
    }

    #[test]
    fn octal_blanks_are_undone() {
        assert_eq!(paths("1 0 8:1 / /mnt/my\\040disk\\134x rw - ext4 /dev/sda1 rw\n"), ["/mnt/my disk\\x"]);
        assert_eq!(unescape("a\\04"), "a\\04");
    }

    #[test]
    fn a_text_cut_anywhere_is_an_error_or_whole_lines() {
        let text = "27 1 8:2 / / rw shared:1 - ext4 /dev/sda2 rw\n30 27 8:1 / /boot rw - vfat /dev/sda1 rw\n";
        for end in 0..text.len() {
            if let Ok(mounts) = parse_mountinfo(&text[..end]) {
                let expected = ["/", "/boot"];
                assert!(mounts.iter().map(|mount| &mount.path).eq(&expected[..mounts.len()]), "cut at {end}");
            }
        }
        assert!(parse_mountinfo("27 1 8:2\n").expect_err("no mount").to_string().contains("27 1 8:2"));
    }
}
