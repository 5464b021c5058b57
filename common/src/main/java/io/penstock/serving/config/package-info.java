/** Reads which forwarder is asked, and how often: {@link io.penstock.serving.config.ForwarderQuestionReader} is the entry. */
package io.penstock.serving.config;
