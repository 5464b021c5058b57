package io.penstock.forwarder.client.xdp;

import io.penstock.forwarder.bpf.BpfException;

/** The pins of a data plane do not say what was asked; the message is for an operator. */
final class PlaneException extends Exception {
    private static final long serialVersionUID = 1;

    PlaneException(String message) {
        super(message);
    }

    PlaneException(BpfException cause) {
        super(cause.getMessage(), cause);
    }
}
