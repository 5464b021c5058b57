package io.penstock.bgp.config;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;

/**
 * The ecmp-agent that is to take a VIP from the host after it was withdrawn.
 *
 * @param server of its admin API
 * @param vip by which name it knows it
 */
public record ThenConfig(AdminAddress server, AdminCredentials credentials, String vip) {}
