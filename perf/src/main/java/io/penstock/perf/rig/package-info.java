/** What several measurements need: processes with their memory and time seen from outside, cores, ports that stay free. */
package io.penstock.perf.rig;
