/** What a scrape of everything takes, and what the traffic notices of it. */
package io.penstock.perf.scrape;
