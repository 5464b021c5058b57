#!/bin/sh
# The legs of established connections: for each a table with one route, to which the marks of memory.nft lead. A leg stays while its
# neighbour is there, whether it announces the VIP or not: a forwarder that is drained, or whose gobgpd has crashed, serves the
# connections it has. A leg whose session is down and that answers no ping is dead: its route goes, and what it had is routed as new
# connections are, to a forwarder that knows nothing of it and resets it at once.
#
#   legs.sh bird|frr
set -eu
daemon=$1
interval_s=0.5

# The neighbours with which there is a session.
established() {
    case $daemon in
        bird)
            birdc -s bird.ctl show protocols all | awk '
                $1 == "BGP" && $2 == "state:" { up = $3 == "Established" }
                $1 == "Neighbor" && $2 == "address:" && up { print $3 }'
            ;;
        frr)
            vtysh --vty_socket "$PWD" -c 'show bgp ipv4 unicast summary established' \
                -c 'show bgp ipv6 unicast summary established' | awk '/^[0-9a-f]+[.:]/ { print $1 }'
            ;;
    esac
}

# follow FAMILY TABLE NEIGHBOUR
follow() {
    if echo "$sessions" | grep -qxF "$3" || ping -n -c 1 -W 0.3 "$3" >/dev/null 2>&1; then
        # Not while its interface is down.
        echo "$routes" | grep -q "^default via $3 .*table $2 " || ip "$1" route replace default via "$3" table "$2" || true
    elif echo "$routes" | grep -q "^default via $3 .*table $2 "; then
        ip "$1" route flush table "$2"
        echo "leg $3 is dead"
    fi
}

for mark in 1 2 9; do
    for family in -4 -6; do
        ip "$family" rule del fwmark "$mark" 2>/dev/null || true
        ip "$family" rule add fwmark "$mark" lookup "10$mark"
    done
done
while true; do
    sessions=$(established 2>/dev/null || true)
    routes=$(ip -4 route show table all && ip -6 route show table all)
    follow -4 101 10.@N@.1.2
    follow -4 102 10.@N@.2.2
    follow -4 109 10.0.0.@OTHER@
    follow -6 101 2001:db8:@N@:11::2
    follow -6 102 2001:db8:@N@:12::2
    follow -6 109 2001:db8:0:1::@OTHER@
    sleep "$interval_s"
done
