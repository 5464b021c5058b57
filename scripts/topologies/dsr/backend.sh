#!/bin/sh
# A backend's host: it has the VIPs without telling anybody, and takes packets out of what the forwarders wrapped them in.
set -eu
for setting in ip_forward=0 conf.all.arp_ignore=1 conf.all.arp_announce=2; do
    echo "${setting#*=}" >"/proc/sys/net/ipv4/$(echo "${setting%%=*}" | tr . /)"
done
for vip in 10 20 30 40; do
    ip address add "192.0.2.$vip/32" dev lo
    ip address add "2001:db8:10::$vip/128" dev lo
done
ip link add vx0 address 02:70:65:6e:73:74 mtu 1450 type vxlan id 100 dstport 4789 local @OWN@ nolearning
echo 0 >/proc/sys/net/ipv4/conf/vx0/rp_filter
ip link set vx0 up
head -c 3000000 /dev/zero | tr '\0' x >3mb
