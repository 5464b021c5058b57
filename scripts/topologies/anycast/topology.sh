# shellcheck shell=bash
# two sites announce one VIP by BGP; each has a router, two forwarders and three backends
# shellcheck disable=SC2154  # what lab sets

# Hosts, with a or b for the site behind a dash, such as f1-a:
#   client-a            all of 10.101.0.0/16 (client-b: 10.102.0.0/16)
#   router-a            processes daemon (BIRD, or zebra and bgpd) and legs
#   f1-a f2-a           processes forwarder, ecmp-agent, gobgpd and agent; backends see them as 10.1.9.1 and 10.1.9.2 (10.2.9.* at b)
#   b1-a b2-a b3-a      process nginx; an answer is `b2-a 10.1.9.1`
# Things of each forwarder's host: f1-a.forwarder .ecmp-agent .gobgpd .agent (killed), .leave (the agent told to end), .drain, .freeze,
# .link (carrier lost), .silent (nothing of it comes or goes any more). Of each site: site-a.drain, .links, .silent, .forwarders, .backends.
# memory: the flow memory of both routers (router-a.memory for one). wire: the link between the sites.
# Files in a host's directory: bgp-anycast-agent.yaml, host.yaml, forwarder.yaml; admin.sock (agent), ecmp-agent.sock, forwarder.sock.

# The topology anycast-frr is this one too, with another daemon on the routers.
daemon=${daemon:-bird}
# shellcheck disable=SC2034  # lab reads it
templates=$topologies/anycast
# Twelve JVMs start at once, and four guards after them.
# shellcheck disable=SC2034  # lab reads it
ready_limit_s=180
vip4=192.0.2.10
vip6=2001:db8:10::80
# Of the TCP MD5 signatures between routers and forwarders; of this lab alone.
password=$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n')

case $daemon in
    bird) server bird:bird2 gobgpd ;;
    frr) server gobgpd ;;
esac

# add_site LETTER NUMBER OF-THE-OTHER: all that a site has
add_site() {
    local s=$1 n=$2 other=$3 f b host
    host "client-$s" "router-$s" "f1-$s" "f2-$s" "net-$s" "b1-$s" "b2-$s" "b3-$s"
    switch "net-$s"

    link "client-$s:router=10.$n.0.2/24,2001:db8:$n:1::2/64" "router-$s:client=10.$n.0.1/24,2001:db8:$n:1::1/64"
    route "client-$s" default via "10.$n.0.1"
    route "client-$s" default via "2001:db8:$n:1::1"
    # Any of 65,536 addresses can be a client's.
    route "client-$s" local "10.10$n.0.0/16" dev lo
    route "router-$s" "10.10$n.0.0/16" via "10.$n.0.2"

    for f in 1 2; do
        host=f$f-$s
        link "$host:router=10.$n.$f.2/24,2001:db8:$n:1$f::2/64" "router-$s:f$f=10.$n.$f.1/24,2001:db8:$n:1$f::1/64"
        link "$host:backends=10.$n.9.$f/24" "net-$s:f$f"
        route "$host" default via "10.$n.$f.1"
        route "$host" default via "2001:db8:$n:1$f::1"
        add_forwarder "$host" "VIP4=$vip4" "VIP6=$vip6" "N=$n" "F=$f" "S=$s" "PASSWORD=$password"
    done

    for b in 1 2 3; do
        link "b$b-$s:net=10.$n.9.1$b/24" "net-$s:b$b"
        file "b$b-$s" nginx.conf "ID=b$b-$s"
        process "b$b-$s" nginx nginx -p . -e nginx.log -c nginx.conf
        thing "b$b-$s" kill "b$b-$s.nginx"
    done

    add_router "router-$s" "VIP4=$vip4" "VIP6=$vip6" "N=$n" "OTHER=$other" "PASSWORD=$password"

    thing "site-$s.drain" all "f1-$s.drain" "f2-$s.drain"
    thing "site-$s.links" all "f1-$s.link" "f2-$s.link"
    thing "site-$s.silent" all "f1-$s.silent" "f2-$s.silent"
    thing "site-$s.forwarders" all "f1-$s.forwarder" "f2-$s.forwarder"
    thing "site-$s.backends" all "b1-$s" "b2-$s" "b3-$s"

    traffic "client-$s" --target "$vip4:80" --sources "10.10$n.0.0/16" \
        --forwarder f1-a=10.1.9.1 --forwarder f2-a=10.1.9.2 --forwarder f1-b=10.2.9.1 --forwarder f2-b=10.2.9.2
}

# add_forwarder HOST KEY=VALUE...: for its files
add_forwarder() {
    local host=$1
    file "$host" forwarder.yaml "${@:2}"
    file "$host" host.yaml "${@:2}"
    file "$host" bgp-anycast-agent.yaml "${@:2}"
    file "$host" bgp.password "${@:2}"
    file "$host" gone.nft "${@:2}"
    file "$host" silent.nft
    prepare "$host" chmod 600 bgp.password
    prepare "$host" nft -f gone.nft
    process "$host" forwarder "$forwarder" run -c forwarder.yaml
    process "$host" ecmp-agent "$ecmp_agent" run -c host.yaml
    process "$host" gobgpd gobgpd --api-hosts 127.0.0.1:50051 --pprof-disable --log-plain
    process "$host" agent "$bgp_anycast_agent" run -c bgp-anycast-agent.yaml
    thing "$host.forwarder" kill "$host.forwarder"
    thing "$host.ecmp-agent" kill "$host.ecmp-agent"
    thing "$host.gobgpd" kill "$host.gobgpd"
    thing "$host.agent" kill "$host.agent"
    thing "$host.leave" stop "$host.agent"
    thing "$host.drain" order "$host" "$bgp_anycast_agent" drain --all -c bgp-anycast-agent.yaml \
        / "$bgp_anycast_agent" undrain --all -c bgp-anycast-agent.yaml
    thing "$host.freeze" freeze "$host"
    thing "$host.link" unplug "$host:router"
    thing "$host.silent" order "$host" nft -f silent.nft / nft delete table netdev silent
}

# add_router HOST KEY=VALUE...: for its files
add_router() {
    local host=$1
    # Connections of one client are spread too, and a leg without a carrier is none.
    setting "$host" net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
        net.ipv4.fib_multipath_hash_policy=1 net.ipv6.fib_multipath_hash_policy=1 \
        net.ipv4.conf.all.ignore_routes_with_linkdown=1 net.ipv6.conf.all.ignore_routes_with_linkdown=1
    file "$host" memory.nft "${@:2}"
    file "$host" legs.sh "${@:2}"
    prepare "$host" nft -f memory.nft
    case $daemon in
        bird)
            file "$host" bird.conf "${@:2}"
            process "$host" daemon bird -f -R -c bird.conf -s bird.ctl
            ;;
        frr)
            file "$host" bgpd.conf "${@:2}"
            file "$host" frr.sh
            process "$host" daemon sh frr.sh
            ;;
    esac
    process "$host" legs sh legs.sh "$daemon"
    thing "$host.daemon" kill "$host.daemon"
    thing "$host.memory" order "$host" nft delete table inet memory / nft -f memory.nft
}

add_site a 1 2
add_site b 2 1
link router-a:router-b=10.0.0.1/24,2001:db8:0:1::1/64 router-b:router-a=10.0.0.2/24,2001:db8:0:1::2/64
thing wire unplug router-a:router-b
thing memory all router-a.memory router-b.memory

# Whether each client is served by its own site, by both of its forwarders, for IPv4 and for IPv6.
ready() {
    local s vip
    for s in a b; do
        for vip in "$vip4" "$vip6"; do
            is_served "$s" "$vip" || return 1
        done
    done
}

# is_served SITE VIP
is_served() {
    local answers clients=12 from
    mapfile -t answers < <(for ((i = 0; i < clients; i++)); do ask "client-$1" "$2"; done)
    [ "${#answers[@]}" -eq "$clients" ] || return 1
    from=$(printf '%s\n' "${answers[@]}" | sed 's/^b[0-9]-\(.\) /\1 /' | sort -u)
    case $1 in
        a) [ "$from" = $'a 10.1.9.1\na 10.1.9.2' ] ;;
        b) [ "$from" = $'b 10.2.9.1\nb 10.2.9.2' ] ;;
    esac
}

# ask HOST VIP: one new connection; its answer, if there is one
ask() {
    on "$1" timeout 1 bash -c "exec 3<>/dev/tcp/$2/80 && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && sed -n '/^b/p' <&3" 2>/dev/null || true
}

describe() {
    local s f vip
    printf 'VIPs\n'
    for f in f1-a f2-a f1-b f2-b; do
        for vip in "$vip4" "$vip6"; do
            ip_on "$f" -o address show dev lo to "$vip" | describe_address "$f"
        done
    done
    for s in a b; do
        printf 'routes of router-%s\n' "$s"
        ip_on "router-$s" route show "$vip4" | sed 's/^/  /'
        ip_on "router-$s" -6 route show "$vip6" | sed 's/^/  /'
    done
}

# describe_address HOST: of a line of `ip -o address`
describe_address() { sed -n "s/^.* inet6\{0,1\} \([^ ]*\) .* valid_lft \([^ ]*\) .*/  $1 \1, left: \2/p"; }

demo io.penstock.perf.lab.anycast.AnycastDemo "$bgp_anycast_agent"
