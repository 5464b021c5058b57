/**
 * Reads which other process of this product is asked, and how often: {@link io.penstock.serving.config.ForwarderQuestionReader} is the entry
 * for a forwarder, {@link io.penstock.serving.config.AdminServerReader} for whoever is told something.
 */
package io.penstock.serving.config;
