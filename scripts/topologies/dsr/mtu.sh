#!/bin/sh
# mtu.sh OCTETS: the most that a packet may have on the link between client and router
set -eu
ip link set dev @INTERFACE@ mtu "$1"
# What was found out about paths is not true any more.
ip route flush cache
ip -6 route flush cache
