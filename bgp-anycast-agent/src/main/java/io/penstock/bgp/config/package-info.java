/**
 * bgp-anycast-agent.yaml: its records and their readers, {@link io.penstock.bgp.config.BgpConfigReader} the first of them. Of no thread;
 * asks neither a kernel, a daemon nor a name server. May use route and common.
 */
package io.penstock.bgp.config;
