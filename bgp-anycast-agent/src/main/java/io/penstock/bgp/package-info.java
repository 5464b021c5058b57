/** The {@code bgp-anycast-agent} process: its commands, and the agent that holds the parts together. */
package io.penstock.bgp;
