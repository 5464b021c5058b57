/**
 * What a running forwarder can be asked, and what it answers: {@link io.penstock.forwarder.operate.Operations} and the
 * records it speaks in. Whoever asks (the admin API, a signal, a watched file) knows nothing else of control.
 */
package io.penstock.forwarder.operate;
