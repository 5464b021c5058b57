/**
 * What the APIs of all agents have in common: {@link io.penstock.admin.agent.AgentRoutes}. On threads of the admin server. May depend on
 * {@code io.penstock.admin}, {@code io.penstock.agent} and {@code io.penstock.net}.
 */
package io.penstock.admin.agent;
