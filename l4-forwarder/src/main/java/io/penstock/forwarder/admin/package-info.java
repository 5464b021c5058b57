/**
 * The admin API of a forwarder: {@link io.penstock.forwarder.operate.Operations} as HTTP and JSON, and its counters as
 * metrics. {@link io.penstock.forwarder.admin.ForwarderAdmin} is the whole of it while it runs; the classes named {@code
 * …Json} are what the API answers, {@code …Reader} what it takes. Runs on the admin server's threads; knows control only
 * by what it can be asked, and workers only by their counters.
 */
package io.penstock.forwarder.admin;
