/** The {@code vrrp-agent} process: its commands, and the agent that holds the parts together. */
package io.penstock.vrrp;
