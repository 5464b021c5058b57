/** vrrp-agent.yaml: its records and their reader. Of no thread; needs no kernel. */
package io.penstock.vrrp.config;
