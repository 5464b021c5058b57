package io.penstock.forwarder.bpf;

import io.penstock.linux.Errno;

/** The kernel or libbpf refused; the message is for an operator, its first line says what was refused and why. */
public final class BpfException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    BpfException(String message) {
        this(message, 0);
    }

    private BpfException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /**
     * @param what was tried
     * @param result of a call: {@code -errno}
     */
    static BpfException of(String what, int result) {
        return because(what, reason(-result), result);
    }

    /**
     * @param result of a call: {@code -errno}
     * @param why in plain words
     */
    static BpfException because(String what, String why, int result) {
        return new BpfException(what + ": " + why, -result);
    }

    /** Throws for a result below 0; returns any other. */
    static int check(int result, String what) throws BpfException {
        if (result < 0) {
            throw of(what, result);
        }
        return result;
    }

    static String reason(int errno) {
        return errno == Errno.EPERM || errno == Errno.EACCES
                ? Errno.describe(errno) + "; it takes " + Requirements.CAPABILITIES
                : Errno.describe(errno);
    }

    /** As in errno.h; 0 when it was not a call that failed. */
    public int errno() {
        return errno;
    }
}
