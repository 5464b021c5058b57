# shellcheck shell=bash
# one router spreads VIPs over two forwarders of packets (XDP), whose three backends answer clients directly
# shellcheck disable=SC2154  # what lab sets

# Hosts, all but client on the network 10.0.9.0/24, 2001:db8:0:9::/64:
#   client              all of 10.100.0.0/16 and of 2001:db8:100::/64
#   router              process agent: the VIPs' routes lead to the forwarders that say that they serve
#   f1 f2               process forwarder; one interface, on which packets come and go
#   b1 b2 b3            processes nginx, knotd and an iperf3 for each VIP; an answer is `b2 dsr`
# VIPs, one of each family for each encapsulation: 192.0.2.10 (l2), .20 (ipip), .30 (vxlan), .40 (ipip over IPv6), and
# 2001:db8:10::10 to ::40. Ports: TCP 80 nginx, TCP and UDP 5201 iperf3, UDP 53 knotd, UDP 7 whoever binds it.
# Things of each forwarder's host: f1.withdraw (the router takes its leg away), .leave (told to end), .forwarder (killed), .take-over, .link.
# plain: the router forgets who had which flow. mtu: 1300 between client and router. b1: the host's nginx is killed.

# The kernel's programs are pinned in a file system, which `ip netns exec` would hide.
# shellcheck disable=SC2034  # lab reads it
keep_sys=yes
# shellcheck disable=SC2034  # lab reads it
ready_limit_s=120
vip4=192.0.2
vip6=2001:db8:10:
kinds='10 20 30 40'
# Does nothing. The other end of a veth takes what a program sends back only with a program of its own.
nothing=$root/l4-forwarder/target/classes/io/penstock/forwarder/xdp/penstock.bpf.o

server knotd:knot
tool ethtool:ethtool iperf3:iperf3 wrk:wrk dnsperf:dnsperf curl:curl
host client router f1 f2 net b1 b2 b3
switch net

link client:router=10.0.0.2/24,2001:db8:0:1::2/64 router:client=10.0.0.1/24,2001:db8:0:1::1/64
# The most that it takes is said as if the path had it, so that a narrow one (thing mtu) has to be found out.
route client default via 10.0.0.1 advmss 1460
route client default via 2001:db8:0:1::1 advmss 1440
route client local 10.100.0.0/16 dev lo
route client local 2001:db8:100::/64 dev lo
route router 10.100.0.0/16 via 10.0.0.2
route router 2001:db8:100::/64 via 2001:db8:0:1::2
# Where a flood pretends to come from.
route router blackhole 198.18.0.0/15
setting router net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
setting client net.ipv6.ip_nonlocal_bind=1
file client mtu.sh INTERFACE=router
file router mtu.sh INTERFACE=client
# Programs see packets before anybody has completed their checksums.
prepare client ethtool -K router tx off
thing client.mtu order client sh mtu.sh 1300 / sh mtu.sh 1500
thing router.mtu order router sh mtu.sh 1300 / sh mtu.sh 1500
thing mtu all client.mtu router.mtu

link router:lan=10.0.9.254/24,2001:db8:0:9::fe/64 net:router
prepare router ethtool -K lan tx off
file router routes.yaml
file router legs.sh
prepare router sh legs.sh group resilient
process router agent "$ecmp_agent" run -c router.yaml
thing router.agent kill router.agent
thing plain order router sh legs.sh group multipath / sh legs.sh group resilient

for f in 1 2; do
    link "f$f:lan=10.0.9.$f/24,2001:db8:0:9::$f/64" "net:f$f"
    route "f$f" default via 10.0.9.254
    route "f$f" default via 2001:db8:0:9::fe
    prepare "f$f" ethtool -K lan tx off
    prepare net ip link set dev "f$f" xdpdrv object "$nothing" program nothing
    file "f$f" forwarder.yaml "NAME=$name-f$f" "OWN=10.0.9.$f" "OWN6=2001:db8:0:9::$f"
    process "f$f" forwarder "$forwarder" run -c forwarder.yaml
    thing "f$f.withdraw" order router sh legs.sh out "f$f" / sh legs.sh in "f$f"
    thing "f$f.forwarder" kill "f$f.forwarder"
    thing "f$f.leave" stop "f$f.forwarder"
    thing "f$f.take-over" replace "f$f.forwarder" --take-over
    thing "f$f.link" unplug "net:f$f"
done

# prepare_backend HOST ENCAPSULATION KIND...: as an operator does
prepare_backend() {
    local kind vips=()
    for kind in "${@:3}"; do
        vips+=(--vip "$vip4.$kind" --vip "$vip6:$kind")
    done
    prepare "$1" "$forwarder" xdp backend --name "$name-$1" --interface lan --encapsulation "$2" "${vips[@]}"
}

for b in 1 2 3; do
    link "b$b:lan=10.0.9.1$b/24,2001:db8:0:9::1$b/64" "net:b$b"
    route "b$b" default via 10.0.9.254
    route "b$b" default via 2001:db8:0:9::fe
    prepare net ethtool -K "b$b" tx off
    prepare_backend "b$b" l2 10
    prepare_backend "b$b" ipip 20 40
    prepare_backend "b$b" vxlan 30
    file "b$b" body.sh
    prepare "b$b" sh body.sh
    file "b$b" nginx.conf "ID=b$b"
    file "b$b" knot.conf
    file "b$b" lab.zone
    process "b$b" nginx nginx -p . -e nginx.log -c nginx.conf
    process "b$b" knotd knotd -c knot.conf
    for k in $kinds; do
        # One that listens everywhere would answer datagrams from the host's own address.
        process "b$b" "iperf3-$k-4" iperf3 -s -B "$vip4.$k"
        process "b$b" "iperf3-$k-6" iperf3 -s -B "$vip6:$k"
    done
    thing "b$b" kill "b$b.nginx"
done

traffic client --target "$vip4.10:80" --sources 10.100.0.0/16
demo io.penstock.perf.lab.dsr.DsrDemo "$ecmp_agent"

# Whether each VIP is served, by all backends.
ready() {
    local k vip
    for k in $kinds; do
        for vip in "$vip4.$k" "$vip6:$k"; do
            is_served "$vip" || return 1
        done
    done
}

# is_served VIP
is_served() {
    local clients=16 answers
    mapfile -t answers < <(for ((i = 0; i < clients; i++)); do ask "$1"; done)
    [ "${#answers[@]}" -eq "$clients" ] && [ "$(printf '%s\n' "${answers[@]}" | sort -u | wc -l)" -gt 1 ]
}

# ask VIP: one new connection; its answer, if there is one
ask() {
    on client timeout 1 bash -c "exec 3<>/dev/tcp/$1/80 && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && sed -n '/^b/p' <&3" 2>/dev/null || true
}

# The programs and their maps outlive the forwarders, as they should.
clean_up() {
    local host
    for host in f1 f2 b1 b2 b3; do
        rm -rf "/sys/fs/bpf/penstock/$name-$host" "/sys/fs/bpf/penstock-backend/$name-$host" "/run/penstock/xdp-$name-$host".* "/run/penstock/xdp-backend-$name-$host"-*
    done
}

describe() {
    local f
    for f in 1 2; do
        printf 'programs of f%s\n' "$f"
        ip_on "f$f" -o link show dev lan | sed -n 's/.*\(prog\/xdp [^\\]*\).*/  \1/p'
    done
    printf 'routes of the router\n'
    ip_on router route show "$vip4.0/24" | sed 's/^/  /'
    ip_on router -6 route show "$vip6:/64" | sed 's/^/  /'
    ip_on router nexthop | sed 's/^/  /'
}
