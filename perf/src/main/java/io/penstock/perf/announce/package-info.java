/**
 * {@code perf/announce}: how soon the bgp-anycast-agent announces and withdraws beside a real gobgpd, as a BIRD that is its neighbour and a
 * capture see it. May depend on the rig.
 */
package io.penstock.perf.announce;
