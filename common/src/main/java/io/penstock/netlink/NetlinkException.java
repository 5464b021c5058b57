package io.penstock.netlink;

import io.penstock.linux.Errno;
import java.io.IOException;

/** The kernel refused a request, and why: its own words (extended acknowledgement) where it gave any. */
public final class NetlinkException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * @param errno positive
     * @param request what was asked, as a person would say it
     * @param words of the kernel; may be empty
     */
    public NetlinkException(int errno, String request, String words) {
        super(request + ": " + (words.isEmpty() ? Errno.describe(errno) : words + " (" + Errno.describe(errno) + ")"));
        this.errno = errno;
    }

    /** Positive, see {@link Errno}. */
    public int errno() {
        return errno;
    }
}
