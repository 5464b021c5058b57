#!/bin/sh
# Writes the file of the router's agent, and has the agent read it.
#
#   legs.sh group resilient|multipath   what the router knows of flows
#   legs.sh out|in LEG                  a forwarder is taken away from the router, or given back
set -eu
case $1 in
    group) echo "$2" >group ;;
    out) touch "out-$2" ;;
    in) rm -f "out-$2" ;;
esac
case $(cat group) in
    resilient) group='{ type: resilient, buckets: 1024, idle-timer: 2s }' ;;
    multipath) group=multipath ;;
esac
edits="s/@GROUP@/$group/"
for out in out-*; do
    [ ! -e "$out" ] || edits="$edits;/id: ${out#out-},/d"
done
sed "$edits" routes.yaml >router.yaml.new
mv router.yaml.new router.yaml
[ ! -e agent.pid ] || kill -HUP "$(cat agent.pid)"
