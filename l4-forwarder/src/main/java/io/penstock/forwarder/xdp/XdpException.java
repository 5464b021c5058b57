package io.penstock.forwarder.xdp;

/** The data plane of packets cannot be started; the message says why, for operators. */
public final class XdpException extends Exception {
    private static final long serialVersionUID = 1;

    public XdpException(String message) {
        super(message);
    }
}
