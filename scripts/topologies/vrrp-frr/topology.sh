# shellcheck shell=bash
# the topology vrrp with FRR on f2
# shellcheck disable=SC2154  # what lab sets

# shellcheck disable=SC2034  # read by what follows
peer=frr
# shellcheck source-path=SCRIPTDIR source=../vrrp/topology.sh
. "$topologies/vrrp/topology.sh"
