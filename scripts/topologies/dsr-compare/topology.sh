# shellcheck shell=bash
# what perf/compare xdp measures in: one client, three backends, and between them a host for each contestant
# shellcheck disable=SC2154  # what lab sets

# Each contestant has a VIP of its own, all of which the backends serve: 192.0.2.1 direct, .10 packets (l2), .11 the same without a flow
# table, .20 packets (ipip), .50 nftables, .60 HAProxy, .70 relayed by the forwarder.
# Backends have two interfaces: lan, and tun for what comes wrapped, so that no program is where it is not needed.

# shellcheck disable=SC2034  # lab reads it
keep_sys=yes
# Does nothing. The other end of a veth takes what a program sends back only with a program of its own.
nothing=$root/l4-forwarder/target/classes/io/penstock/forwarder/xdp/penstock.bpf.o

server haproxy
tool ethtool:ethtool
host client router x n p net b1 b2 b3
switch net

link client:router=10.0.0.2/24 router:client=10.0.0.1/24
route client default via 10.0.0.1
link router:lan=10.0.9.254/24 net:router
setting router net.ipv4.ip_forward=1 net.ipv4.fib_multipath_hash_policy=1
route router 192.0.2.1 nexthop via 10.0.9.11 nexthop via 10.0.9.12 nexthop via 10.0.9.13
route router 192.0.2.10 via 10.0.9.1
route router 192.0.2.11 via 10.0.9.1
route router 192.0.2.20 via 10.0.9.1
route router 192.0.2.50 via 10.0.9.2
route router 192.0.2.60 via 10.0.9.3
route router 192.0.2.70 via 10.0.9.3
# Programs see packets before anybody has completed their checksums. The same for all contestants.
prepare router ethtool -K lan tx off

link x:lan=10.0.9.1/24 net:port-x
route x default via 10.0.9.254
prepare x ethtool -K lan tx off
prepare net ip link set dev port-x xdpdrv object "$nothing" program nothing
file x forwarder.yaml "NAME=$name-x"
process x forwarder "$forwarder" run -c forwarder.yaml

link n:lan=10.0.9.2/24 net:port-n
route n default via 10.0.9.254
setting n net.ipv4.ip_forward=1
file n dnat.nft
prepare n nft -f dnat.nft

link p:lan=10.0.9.3/24 net:port-p
route p default via 10.0.9.254
route p local 192.0.2.60 dev lo
route p local 192.0.2.70 dev lo
file p haproxy.cfg
file p relay.yaml
process p haproxy haproxy -db -f haproxy.cfg
process p relay "$forwarder" run -c relay.yaml

for b in 1 2 3; do
    setting "b$b" net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
    link "b$b:lan=10.0.9.1$b/24" "net:port-b$b"
    link "b$b:tun=10.0.9.2$b/24" "net:port-t$b"
    route "b$b" default via 10.0.9.254
    # What nftables has translated goes back through it.
    prepare "b$b" ip rule add from "10.0.9.1$b" lookup 100
    route "b$b" 10.0.9.0/24 dev lan table 100
    route "b$b" default via 10.0.9.2 table 100
    for vip in 1 10 11 50 60 70; do
        route "b$b" local "192.0.2.$vip" dev lo
    done
    prepare "b$b" "$forwarder" xdp backend --name "$name-b$b" --interface tun --encapsulation ipip --vip 192.0.2.20 --mss 0
    file "b$b" nginx.conf
    file "b$b" body.sh
    prepare "b$b" sh body.sh
    process "b$b" nginx nginx -p . -e nginx.log -c nginx.conf
done

# Whether each contestant answers.
ready() {
    local vip
    for vip in 1 10 11 20 50 60 70; do
        on client timeout 1 bash -c "exec 3<>/dev/tcp/192.0.2.$vip/80 && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && grep -q served <&3" \
            2>/dev/null || return 1
    done
}

clean_up() {
    local host
    for host in x b1 b2 b3; do
        rm -rf "/sys/fs/bpf/penstock/$name-$host" "/sys/fs/bpf/penstock-backend/$name-$host" "/run/penstock/xdp-$name-$host".* "/run/penstock/xdp-backend-$name-$host"-*
    done
}

describe() {
    printf 'routes of the router\n'
    ip_on router route | sed 's/^/  /'
}
