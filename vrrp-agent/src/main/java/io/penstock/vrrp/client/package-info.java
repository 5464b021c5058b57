/** Commands beside {@code run}: they ask a running agent, or read files. */
package io.penstock.vrrp.client;
