# shellcheck shell=bash
# two forwarders share a VIP by VRRP, with three backends behind them
# shellcheck disable=SC2154  # what lab sets

# The mixed pairs are this topology too, with another speaker on f2.
peer=${peer:-vrrp-agent}
# shellcheck disable=SC2034  # lab reads it
templates=$topologies/vrrp
vip4=192.0.2.10
vip6=2001:db8:10::80

host client lan f1 f2 net b1 b2 b3
switch lan net

link client:lan=192.0.2.2/24,2001:db8:10::2/64 lan:client
# Any of 65,536 addresses can be a client's.
route client local 10.100.0.0/16 dev lo

for f in 1 2; do
    link "f$f:lan=192.0.2.1$f/24,2001:db8:10::1$f/64" "lan:f$f"
    link "f$f:backends=10.0.9.$f/24" "net:f$f"
    route "f$f" 10.100.0.0/16 via 192.0.2.2
    file "f$f" forwarder.yaml "VIP4=$vip4" "VIP6=$vip6"
    process "f$f" forwarder "$forwarder" run -c forwarder.yaml
    case $f/$peer in
        1/* | */vrrp-agent)
            file "f$f" vrrp-agent.yaml "VIP4=$vip4" "VIP6=$vip6" "PRIORITY=$((200 - 50 * f))"
            process "f$f" agent "$vrrp_agent" run -c vrrp-agent.yaml
            ;;
        */keepalived)
            server keepalived
            file "f$f" keepalived.conf "VIP4=$vip4" "VIP6=$vip6"
            process "f$f" agent keepalived --dont-fork --log-console --vrrp -f keepalived.conf -p keepalived.pid -r vrrp.pid
            ;;
        */frr)
            file "f$f" vrrpd.conf "VIP4=$vip4"
            file "f$f" frr.sh "VIP4=$vip4"
            process "f$f" agent sh frr.sh
            ;;
    esac
    thing "f$f.forwarder" kill "f$f.forwarder"
    thing "f$f.agent" kill "f$f.agent"
    thing "f$f.leave" stop "f$f.agent"
    thing "f$f.freeze" freeze "f$f"
    thing "f$f.link" unplug "f$f:lan"
    thing "f$f.part" unplug "lan:f$f"
    thing "f$f.deaf" deafen "f$f"
done

for b in 1 2 3; do
    link "b$b:net=10.0.9.1$b/24" "net:b$b"
    file "b$b" nginx.conf "ID=b$b"
    process "b$b" nginx nginx -p . -e nginx.log -c nginx.conf
    thing "b$b" kill "b$b.nginx"
done
thing backends all b1 b2 b3

traffic client --target "$vip4:80" --sources 10.100.0.0/16 --forwarder f1=10.0.9.1 --forwarder f2=10.0.9.2

demo io.penstock.perf.lab.vrrp.VrrpDemo "$vrrp_agent" keepalived tcpdump

# Whether f1, which is to have it, serves the VIP.
ready() {
    local answer
    answer=$(on client timeout 1 bash -c "exec 3<>/dev/tcp/$vip4/80 && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && cat <&3" 2>/dev/null) || true
    case $answer in
        *" 10.0.9.1"*) ;;
        *) return 1 ;;
    esac
}

describe() {
    local f
    printf 'VIPs\n'
    for f in 1 2; do
        ip_on "f$f" -o address show to "$vip4" | describe_address "f$f"
        ip_on "f$f" -o address show to "$vip6" | describe_address "f$f"
    done
    printf 'neighbours of the client\n'
    ip_on client neigh show to "$vip4" | sed 's/^/  /'
    ip_on client neigh show to "$vip6" | sed 's/^/  /'
    for f in 1 2; do
        printf '  f%s lan %s\n' "$f" "$(ip_on "f$f" -br link show dev lan | sed 's/.* \([0-9a-f:]\{17\}\) .*/\1/')"
    done
}

# describe_address HOST: of a line of `ip -o address`
describe_address() { sed -n "s/^[0-9]*: \([^ ]*\) *inet6\{0,1\} \([^ ]*\) .* valid_lft \([^ ]*\) .*/  $1 \2 on \1, left: \3/p"; }
