/**
 * What the controller publishes and the workers read: services, pools and backends as one immutable, versioned
 * snapshot. A hot package: values and lookups, no configuration types, no logging.
 */
package io.penstock.forwarder.table;
