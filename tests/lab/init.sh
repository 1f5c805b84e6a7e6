#!/bin/sh
# The first process of the lab's guest. Below: the host's files, which nothing here can change, and
# the unpacked tools. Above: memory, for all that is written. LAB_TOOLS and LAB_SHARED come from the
# kernel's command line.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
mount -n -t tmpfs -o size=1500M lab /mnt
mkdir /mnt/written /mnt/work /mnt/root /mnt/tools
mount -n -t hostfs -o "$LAB_TOOLS" tools /mnt/tools
mount -n -t overlay -o "lowerdir=/mnt/tools:/,upperdir=/mnt/written,workdir=/mnt/work" lab /mnt/root
cd /mnt/root || exit 1
mkdir -p proc sys dev run tmp lab media
mount -n -t proc proc proc
mount -n -t sysfs sys sys
mount -n -t devtmpfs dev dev
mkdir -p dev/pts dev/shm
mount -n -t devpts pts dev/pts
for folder in dev/shm run tmp; do mount -n -t tmpfs "$folder" "$folder"; done
mount -n -t hostfs -o "$LAB_SHARED" shared lab
exec chroot . /bin/sh -c '
ip link set lo up 2> /dev/null
/lib/systemd/systemd-udevd --daemon 2> /dev/null
udevadm trigger && udevadm settle
echo "up after $(cut -d" " -f1 /proc/uptime) s: $(uname -r)" > /lab/out.log
sh /lab/run.sh
sync
python3 -c "import ctypes; ctypes.CDLL(None).reboot(0x4321FEDC)"  # LINUX_REBOOT_CMD_POWER_OFF
'
