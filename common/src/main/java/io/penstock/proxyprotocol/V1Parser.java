package io.penstock.proxyprotocol;

import static io.penstock.proxyprotocol.HeaderParser.INCOMPLETE;
import static io.penstock.proxyprotocol.HeaderParser.INVALID;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.penstock.net.AddressPair;
import org.agrona.DirectBuffer;

/** A line of text (section 2.1). What follows UNKNOWN is ignored up to the end of the line, as it has to be. */
final class V1Parser {
    /** With CR and LF. */
    static final int MAX_LENGTH = 107;

    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte SPACE = ' ';
    private static final byte[] TCP4 = "TCP4 ".getBytes(US_ASCII);
    private static final byte[] TCP6 = "TCP6 ".getBytes(US_ASCII);
    private static final byte[] UNKNOWN = "UNKNOWN".getBytes(US_ASCII);

    private final AddressPair addresses;
    private final LineCursor line = new LineCursor();
    private boolean stated;

    V1Parser(AddressPair addresses) {
        this.addresses = addresses;
    }

    boolean isStated() {
        return stated;
    }

    /** Of octets that have the signature. */
    int parse(DirectBuffer buffer, int offset, int length) {
        int begin = HeaderParser.V1_SIGNATURE.length;
        int limit = Math.min(length, MAX_LENGTH);
        for (int i = begin; i < limit; i++) {
            byte octet = buffer.getByte(offset + i);
            if (octet == LF) {
                return INVALID;
            }
            if (octet == CR) {
                if (i + 1 == limit) {
                    return limit == MAX_LENGTH ? INVALID : INCOMPLETE;
                }
                line.wrap(buffer, offset + begin, offset + i);
                return buffer.getByte(offset + i + 1) == LF && isValid() ? i + 2 : INVALID;
            }
        }
        return limit == MAX_LENGTH ? INVALID : INCOMPLETE;
    }

    /** Of the line without signature and end. */
    private boolean isValid() {
        stated = false;
        if (!line.take(SPACE)) {
            return false;
        }
        if (line.take(UNKNOWN)) {
            return line.isAtEnd() || line.take(SPACE);
        }
        boolean ipv4 = line.take(TCP4);
        stated = (ipv4 || line.take(TCP6)) && takeAddresses(ipv4);
        return stated;
    }

    private boolean takeAddresses(boolean ipv4) {
        if (!line.takeAddress(ipv4)) {
            return false;
        }
        long sourceHigh = line.high();
        long sourceLow = line.low();
        if (!line.take(SPACE) || !line.takeAddress(ipv4)) {
            return false;
        }
        int sourcePort = takePort();
        int destinationPort = takePort();
        if (sourcePort < 0 || destinationPort < 0 || !line.isAtEnd()) {
            return false;
        }
        addresses.source(sourceHigh, sourceLow, sourcePort).destination(line.high(), line.low(), destinationPort);
        return true;
    }

    private int takePort() {
        return line.take(SPACE) ? line.takeNumber(0xffff) : -1;
    }
}
