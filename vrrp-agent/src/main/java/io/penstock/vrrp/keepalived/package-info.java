/** Reads the VRRP part of keepalived.conf(5) and says the same as vrrp-agent.yaml. Of no thread. */
package io.penstock.vrrp.keepalived;
