package io.penstock.forwarder.bpf;

import org.agrona.concurrent.UnsafeBuffer;

/** What the kernel says of a map, a program or a link: a struct of linux/bpf.h, of which each kernel knows its part. */
final class ObjectInfo {
    private ObjectInfo() {}

    /**
     * Asks.
     *
     * @param length of the part that matters, in octets, a multiple of 8; what the kernel does not know is 0
     */
    static UnsafeBuffer of(int fd, int length, String what) throws BpfException {
        // The length after it, so that one piece of memory lives as long as the call.
        UnsafeBuffer info = Memory.zeroed(length + Integer.BYTES);
        Memory.putInt(info, length, length);
        BpfException.check(
                Libbpf.calls().bpf_obj_get_info_by_fd(fd, info.addressOffset(), info.addressOffset() + length),
                "cannot ask about " + what);
        return info;
    }
}
