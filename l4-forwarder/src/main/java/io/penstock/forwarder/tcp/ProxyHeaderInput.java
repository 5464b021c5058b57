package io.penstock.forwarder.tcp;

import static io.penstock.linux.SocketConstants.MSG_PEEK;

import io.penstock.forwarder.table.ProxyInput;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.proxyprotocol.HeaderParser;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Looks for the PROXY protocol header at the beginning of what a client sends. The octets stay in the kernel until the
 * header is whole, so that a client which is slow, or many of them, hold no memory here; each arrival is an event of its
 * own although earlier octets are unread (epoll(7), edge-triggered). The worker's own.
 */
final class ProxyHeaderInput {
    enum Outcome {
        /** More has to come. */
        AWAITED,
        /** More would have had to come. */
        MISSING,
        /** It is whole, of {@link #length} octets, which are to be read. */
        WHOLE,
        /** The client speaks for itself. */
        PLAIN,
        INVALID,
        /** The client has ended, or its socket failed. */
        GONE;

        /** Why the client cannot stay, or null when it can. */
        CloseReason refusal(CloseReason ifMissing) {
            return switch (this) {
                case AWAITED, WHOLE, PLAIN -> null;
                case MISSING -> ifMissing;
                case INVALID -> CloseReason.PROXY_HEADER_INVALID;
                case GONE -> CloseReason.CLIENT_GONE;
            };
        }
    }

    private final Syscalls syscalls;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final HeaderParser parser = new HeaderParser();
    private int length;

    /** @param address of memory that may be written to, for {@link HeaderParser#MAX_LENGTH} octets */
    ProxyHeaderInput(Syscalls syscalls, long address) {
        this.syscalls = syscalls;
        buffer.wrap(address, HeaderParser.MAX_LENGTH);
    }

    /** @param last whether nothing more will come, or will not be waited for */
    Outcome look(int fd, ProxyInput expected, boolean last) {
        length = 0;
        int seen = (int) syscalls.recv(fd, buffer.addressOffset(), HeaderParser.MAX_LENGTH, MSG_PEEK);
        if (seen < 0 && seen != -Errno.EAGAIN) {
            return Outcome.GONE;
        }
        if (seen == 0) {
            return expected.isRequired() ? Outcome.GONE : Outcome.PLAIN;
        }
        int result = parser.parse(buffer, 0, Math.max(seen, 0));
        return switch (result) {
            case HeaderParser.INCOMPLETE -> {
                boolean mayBePlain = !expected.isRequired() && !parser.isSigned();
                yield !last ? Outcome.AWAITED : mayBePlain ? Outcome.PLAIN : Outcome.MISSING;
            }
            case HeaderParser.INVALID -> Outcome.INVALID;
            case HeaderParser.ABSENT -> expected.isRequired() ? Outcome.INVALID : Outcome.PLAIN;
            default -> {
                length = result;
                yield Outcome.WHOLE;
            }
        };
    }

    /** Of the header that the last look found, 0 when it found none. */
    int length() {
        return length;
    }

    /** Keeps what it says, before anything else uses the buffer. */
    void keep(ReceivedHeader received) {
        received.keep(parser, buffer);
    }
}
