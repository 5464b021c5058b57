/** The edge to the network: advertisements through raw sockets, gratuitous ARP and unsolicited neighbor advertisements. Of the agent's thread. */
package io.penstock.vrrp.wire;
