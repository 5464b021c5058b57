/**
 * A YAML file as a tree that knows line and column, and typed reading of that tree which reports every problem at once.
 *
 * <p>{@link io.penstock.config.ConfigFile} is the entry. A process writes a reader that asks a
 * {@link io.penstock.config.ConfigSection} for its keys; what it never asked for is an unknown key. Reading a file is
 * single-threaded and happens on a control thread; every size and depth is bounded. Depends on the YAML parser only and
 * knows no process's keys.
 */
package io.penstock.config;
