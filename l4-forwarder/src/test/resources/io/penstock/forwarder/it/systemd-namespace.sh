#!/bin/bash
# A systemd of its own as process 1 of new namespaces, with the forwarder's units and nothing else; see SystemdNamespace.
#
#   systemd-namespace.sh DIST SITE CGROUP
#
# DIST becomes /opt/penstock; SITE holds units/, forwarder.yaml and default (of /etc/default). The host's files, kernel settings and
# control groups stay as they are: /etc is an overlay, /proc/sys is read-only, and CGROUP is the root of all control groups inside.
set -euo pipefail

case ${4:-} in
    '')
        exec unshare --mount --pid --fork --kill-child=KILL --uts --ipc --net bash "$0" "$1" "$2" "$3" inside
        ;;
    inside)
        mount --make-rprivate /
        mount -t proc proc /proc
        ip link set lo up
        mkdir "$2/cgroup"
        mount -t cgroup2 cgroup2 "$2/cgroup"
        mkdir "$2/cgroup/$3"
        echo 0 >"$2/cgroup/$3/cgroup.procs"
        umount "$2/cgroup"
        exec unshare --cgroup bash "$0" "$1" "$2" "$3" boot
        ;;
    boot)
        mount -t tmpfs tmpfs /run
        umount -l /sys/fs/cgroup
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        mkdir -p /run/etc/upper /run/etc/work /run/dist /run/units /run/none
        mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work /etc
        mount --bind "$1" /run/dist
        mount -t tmpfs tmpfs /opt
        mkdir /opt/penstock
        mount --move /run/dist /opt/penstock
        for directory in /var/log /var/cache /var/lib/systemd /var/tmp; do
            [ ! -d "$directory" ] || mount -t tmpfs tmpfs "$directory"
        done
        useradd --system --no-create-home --shell /usr/sbin/nologin penstock
        mkdir -p /etc/penstock
        cp "$2/forwarder.yaml" /etc/penstock/
        cp "$2/default" /etc/default/l4-forwarder
        cp -r "$2/units/." /run/units/
        mount --bind -o ro /proc/sys /proc/sys
        exec env -i container=penstock PATH="$PATH" SYSTEMD_UNIT_PATH=/run/units SYSTEMD_GENERATOR_PATH=/run/none \
            SYSTEMD_ENVIRONMENT_GENERATOR_PATH=/run/none \
            /lib/systemd/systemd --system --unit=multi-user.target --log-target=null --show-status=no </dev/null
        ;;
esac
