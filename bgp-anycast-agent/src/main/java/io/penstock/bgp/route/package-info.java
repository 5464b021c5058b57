/**
 * Prefixes and what is said of them: communities in the notation of configuration files and logs, the attributes of a path, a path as it
 * lies in a daemon's table. Values only, of no thread; may depend on {@code io.penstock.net}.
 */
package io.penstock.bgp.route;
