package io.penstock.forwarder.config;

/** From whom a PROXY protocol header is believed, and how long it may take. */
public record ProxyInputConfig() {}
