/** What several measurements need: the forwarder as a process, ports that stay free, the JVM seen from outside. */
package io.penstock.perf.rig;
