/** Commands beside {@code run}: they ask a running agent, or read a file and ask what it names. They change nothing by themselves. */
package io.penstock.bgp.client;
