package io.penstock.vrrp.config;

/** The interface (macvlan, bridge mode) that has the virtual MAC address; it is made and removed by the agent. */
public record VirtualMacConfig(String interfaceName) {}
