#!/bin/sh
# FRR as the lower one of a mixed pair, IPv4 only. The operator makes the interface with the virtual MAC address and the VIP;
# vrrpd takes its carrier away while it is a backup.
set -eu
daemons=/usr/lib/frr
if [ ! -x "$daemons/vrrpd" ]; then
    echo "no FRR in $daemons; install frr" >&2
    exit 1
fi
ip link show dev vrrp4 >/dev/null 2>&1 || ip link add vrrp4 link lan address 00:00:5e:00:01:33 type macvlan mode bridge
echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore
ip address replace @VIP4@/24 dev vrrp4
ip link set vrrp4 up
: >zebra.conf
chown frr:frr . zebra.conf vrrpd.conf
"$daemons/zebra" -u frr -g frr -z "$PWD/zserv.api" -i "$PWD/zebra.pid" --vty_socket "$PWD" -f "$PWD/zebra.conf" --log stdout &
while [ ! -S zserv.api ]; do
    sleep 0.1
done
exec "$daemons/vrrpd" -u frr -g frr -z "$PWD/zserv.api" -i "$PWD/vrrpd.pid" --vty_socket "$PWD" -f "$PWD/vrrpd.conf" --log stdout
