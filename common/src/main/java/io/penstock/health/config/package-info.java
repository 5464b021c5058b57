/**
 * Reads {@code health} and {@code agent} of a file, with every problem at its place: {@link
 * io.penstock.health.config.HealthReader} is the entry.
 */
package io.penstock.health.config;
