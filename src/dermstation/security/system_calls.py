"""The numbers of Linux's system calls that a child process must do without, by architecture.

From the kernel's own headers: asm/unistd_64.h and asm-generic/unistd.h. A call that an architecture
does not have is left out.
"""

X86_64, AARCH64 = 0xC000003E, 0xC00000B7  # AUDIT_ARCH_*: linux/audit.h
SECCOMP = {X86_64: 317, AARCH64: 277}

_Numbers = dict[str, tuple[int | None, int | None]]  # on x86-64, on aarch64

# make or use a connection
NETWORK: _Numbers = {
    "socket": (41, 198),
    "connect": (42, 203),
    "socketpair": (53, 199),
    "bind": (49, 200),
}
# wait for connections
SERVING: _Numbers = {
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
}
# start a program, or reach into another process
OTHERS: _Numbers = {
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "kcmp": (312, 272),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
# change the system, or reach parts of it where faults were found
SYSTEM: _Numbers = {
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
}
# make, rename or change files by name
FILES: _Numbers = {
    "creat": (85, None),
    "truncate": (76, 45),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "utime": (132, None),
    "utimes": (235, None),
    "utimensat": (280, 88),
}
# remove or shorten files
ERASING: _Numbers = {
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "ftruncate": (77, 46),
}
# are judged by their arguments
JUDGED: _Numbers = {
    "clone": (56, 220),
    "clone3": (435, 435),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "open": (2, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "ioctl": (16, 29),
    "prlimit64": (302, 261),
    "fallocate": (285, 47),
}


def number_of(name: str, calls: _Numbers, architecture: int) -> int | None:
    """Return the number of a system call, or None if the architecture does not have it."""
    return calls[name][0 if architecture == X86_64 else 1]
