/**
 * The l4-forwarder process: its commands, and {@link io.penstock.forwarder.Forwarder}, which builds, starts and closes
 * everything else. Nothing depends on this package.
 */
package io.penstock.forwarder;
