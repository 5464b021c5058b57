package io.penstock.forwarder.bpf;

import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What programs submit to a map of type RINGBUF, in order. One reader: what one takes, no other sees. */
public final class RingBuffer implements AutoCloseable {
    private static final int GO_ON = 0;

    private final Libbpf.Calls calls;
    private final long handle;
    private final UnsafeBuffer sample = new UnsafeBuffer(0, 0);
    private final Consumer<DirectBuffer> consumer;
    /** A field, for libbpf holds no Java reference. */
    private final Libbpf.OnSample callback = this::onSample;

    private RuntimeException thrown;

    private RingBuffer(BpfMap map, Consumer<DirectBuffer> consumer) throws BpfException {
        calls = Libbpf.calls();
        this.consumer = consumer;
        handle = Libbpf.pointer(
                calls.ring_buffer__new(map.fd(), callback, 0, 0), "cannot read ring buffer " + map.name());
    }

    /**
     * Reads from a map.
     *
     * @param consumer of each sample, called by {@link #poll}; the buffer is valid during the call only
     */
    public static RingBuffer open(BpfMap map, Consumer<DirectBuffer> consumer) throws BpfException {
        return new RingBuffer(map, consumer);
    }

    /**
     * Hands over what there is; waits for it if there is nothing.
     *
     * @param timeoutMs 0 does not wait
     * @return how many samples there were
     */
    public int poll(int timeoutMs) throws BpfException {
        int samples = Libbpf.retry(() -> calls.ring_buffer__poll(handle, timeoutMs));
        if (thrown != null) {
            RuntimeException failure = thrown;
            thrown = null;
            throw failure;
        }
        return BpfException.check(samples, "cannot read a ring buffer");
    }

    /** No exception may go through C. */
    private int onSample(long context, long data, long length) {
        try {
            sample.wrap(data, (int) length);
            consumer.accept(sample);
        } catch (RuntimeException e) {
            thrown = e;
        } finally {
            sample.wrap(0, 0);
        }
        return GO_ON;
    }

    @Override
    public void close() {
        calls.ring_buffer__free(handle);
    }
}
