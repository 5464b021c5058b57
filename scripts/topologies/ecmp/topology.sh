# shellcheck shell=bash
# one router spreads a VIP over three forwarders, with four backends behind them
# shellcheck disable=SC2154  # what lab sets

vip4=192.0.2.10
vip6=2001:db8:10::80

host client router f1 f2 f3 net b1 b2 b3 b4
switch net

link client:router=10.0.0.2/24,2001:db8:0:1::2/64 router:client=10.0.0.1/24,2001:db8:0:1::1/64
route client default via 10.0.0.1
route client default via 2001:db8:0:1::1
# Any of 65,536 addresses can be a client's.
route client local 10.100.0.0/16 dev lo
route router 10.100.0.0/16 via 10.0.0.2
setting router net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1

for f in 1 2 3; do
    link "f$f:router=10.0.$f.2/24,2001:db8:0:1$f::2/64" "router:f$f=10.0.$f.1/24,2001:db8:0:1$f::1/64"
    link "f$f:backends=10.0.9.$f/24" "net:f$f"
    route "f$f" default via "10.0.$f.1"
    route "f$f" default via "2001:db8:0:1$f::1"
    # Of this forwarder alone: where the router asks it.
    route router "192.0.2.1$f" via "10.0.$f.2"
    route router "2001:db8:10::8$f" via "2001:db8:0:1$f::2"
    file "f$f" forwarder.yaml "VIP4=$vip4" "VIP6=$vip6" "PROBE4=192.0.2.1$f" "PROBE6=2001:db8:10::8$f"
    file "f$f" host.yaml "VIP4=$vip4" "VIP6=$vip6" "PROBE4=192.0.2.1$f" "PROBE6=2001:db8:10::8$f"
    process "f$f" forwarder "$forwarder" run -c forwarder.yaml
    process "f$f" agent "$ecmp_agent" run -c host.yaml
    thing "f$f.forwarder" kill "f$f.forwarder"
    thing "f$f.agent" kill "f$f.agent"
    thing "f$f.leave" stop "f$f.agent"
    thing "f$f.freeze" freeze "f$f"
    thing "f$f.link" unplug "f$f:router"
    thing "f$f.backends" unplug "net:f$f"
done
file router router.yaml "VIP4=$vip4" "VIP6=$vip6"
process router agent "$ecmp_agent" run -c router.yaml
thing router.agent kill router.agent

for b in 1 2 3 4; do
    link "b$b:net=10.0.9.1$b/24" "net:b$b"
    file "b$b" nginx.conf "ID=b$b"
    process "b$b" nginx nginx -p . -e nginx.log -c nginx.conf
    thing "b$b" kill "b$b.nginx"
done
thing backends all b1 b2 b3 b4

traffic client --target "$vip4:80" --sources 10.100.0.0/16 \
    --forwarder f1=10.0.9.1 --forwarder f2=10.0.9.2 --forwarder f3=10.0.9.3
demo io.penstock.perf.lab.demo.LabDemo "$ecmp_agent"

# Whether each of a few clients is served, and each forwarder has served one.
ready() {
    local clients=24 answers
    mapfile -t answers < <(for ((i = 0; i < clients; i++)); do ask; done | sed -n 's/^b[0-9]* //p' | sort)
    [ "${#answers[@]}" -eq "$clients" ] && [ "$(printf '%s\n' "${answers[@]}" | uniq | wc -l)" -eq 3 ]
}

# One new connection; its answer, if there is one.
ask() {
    on client timeout 1 bash -c "exec 3<>/dev/tcp/$vip4/80 && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && cat <&3" 2>/dev/null || true
}

describe() {
    local f
    printf 'VIPs\n'
    for f in 1 2 3; do
        ip_on "f$f" -o address show dev lo to "$vip4" | describe_address "f$f"
        ip_on "f$f" -o address show dev lo to "$vip6" | describe_address "f$f"
    done
    printf 'routes of the router\n'
    ip_on router route show "$vip4" | sed 's/^/  /'
    ip_on router -6 route show "$vip6" | sed 's/^/  /'
    ip_on router nexthop | sed 's/^/  /'
}

# describe_address HOST: of a line of `ip -o address`
describe_address() { sed -n "s/^.* inet6\{0,1\} \([^ ]*\) .* valid_lft \([^ ]*\) .*/  $1 \1, left: \2/p"; }
