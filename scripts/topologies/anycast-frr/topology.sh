# shellcheck shell=bash
# the topology anycast with FRR on the routers
# shellcheck disable=SC2154  # what lab sets

# shellcheck disable=SC2034  # read by what follows
daemon=frr
# shellcheck source-path=SCRIPTDIR source=../anycast/topology.sh
. "$topologies/anycast/topology.sh"
