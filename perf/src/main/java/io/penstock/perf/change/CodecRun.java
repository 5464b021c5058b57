package io.penstock.perf.change;

import io.penstock.perf.change.clients.MalformedHeaders.Malformed;
import io.penstock.proxyprotocol.HeaderParser;
import org.agrona.ExpandableArrayBuffer;

/**
 * Malformed headers through the forwarder's codec.
 *
 * @param valid taken for a header, whole or a first part of it
 * @param undecided in want of more octets, though those that came show what is wrong
 */
record CodecRun(int parsed, int valid, int undecided) {
    /** Each is parsed as a connection would bring it that is read twice: a first part, and then all of it. */
    static CodecRun of(HeaderFuzzer headers, int count) {
        HeaderParser parser = new HeaderParser();
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int valid = 0;
        int undecided = 0;
        for (int i = 0; i < count; i++) {
            Malformed header = headers.get();
            header.putInto(buffer);
            boolean partValid = parser.parse(buffer, 0, i % header.length()) > 0;
            int result = parser.parse(buffer, 0, header.length());
            valid += partValid || result > 0 ? 1 : 0;
            undecided += header.isWhole() && result == HeaderParser.INCOMPLETE ? 1 : 0;
        }
        return new CodecRun(Math.max(0, count), valid, undecided);
    }
}
