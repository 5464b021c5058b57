package io.penstock.forwarder.bpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a program of tc knows of a packet beside its octets.
 *
 * <pre>
 * struct __sk_buff {        linux/bpf.h
 *     __u32 len;       0
 *     __u32 pkt_type;  4
 *     __u32 mark;      8    ...
 * };                   size 192
 * </pre>
 */
final class SkbContext {
    static final int BYTES = 192;

    private static final int MARK = 8;

    private SkbContext() {}

    static UnsafeBuffer marked(int mark) {
        UnsafeBuffer context = Memory.zeroed(BYTES);
        Memory.putInt(context, MARK, mark);
        return context;
    }

    static int mark(UnsafeBuffer context) {
        return Memory.intAt(context, MARK);
    }
}
