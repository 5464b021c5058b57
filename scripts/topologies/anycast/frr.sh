#!/bin/sh
# FRR on a router: zebra, which has the kernel's routes, and bgpd.
set -eu
daemons=/usr/lib/frr
if [ ! -x "$daemons/bgpd" ]; then
    echo "no FRR in $daemons; install frr" >&2
    exit 1
fi
# What a killed one has left would be taken for one that runs; the routes that it has left are kept for a while (-K).
rm -f zserv.api ./*.vty ./*.pid.frr
: >zebra.conf
chown frr:frr . zebra.conf bgpd.conf
"$daemons/zebra" -K 15 -u frr -g frr -z "$PWD/zserv.api" -i "$PWD/zebra.pid.frr" --vty_socket "$PWD" -f "$PWD/zebra.conf" --log stdout &
while [ ! -S zserv.api ]; do
    sleep 0.1
done
exec "$daemons/bgpd" -u frr -g frr -z "$PWD/zserv.api" -i "$PWD/bgpd.pid.frr" --vty_socket "$PWD" -f "$PWD/bgpd.conf" --log stdout
