/**
 * forwarder.yaml as records, and their reader. Read on the control side only; no worker ever sees these types.
 */
package io.penstock.forwarder.config;
