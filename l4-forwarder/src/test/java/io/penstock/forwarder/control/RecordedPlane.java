package io.penstock.forwarder.control;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.PacketBackend;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A data plane of packets that only takes note. */
final class RecordedPlane implements PacketPlane {
    final BlockingQueue<PacketTable> tables = new LinkedBlockingQueue<>();
    final AtomicInteger controlTurns = new AtomicInteger();
    volatile Optional<String> trouble = Optional.empty();
    volatile OptionalInt mark = OptionalInt.of(0x70000001);
    volatile boolean there = true;
    volatile boolean reaching = true;
    volatile Optional<Boolean> left = Optional.empty();

    /** Of the service that the last mark was of. */
    volatile String marked = "";

    /** Held down, the control thread does not get on. */
    volatile CountDownLatch mayTurn = new CountDownLatch(0);

    @Override
    public void onTable(PacketTable table) {
        tables.add(table);
    }

    @Override
    public boolean isThere() {
        return there;
    }

    @Override
    public Optional<Boolean> leftUp(String service, Backend.Key backend) {
        return left;
    }

    @Override
    public OptionalInt probeMark(String service, Backend.Key backend) {
        marked = service;
        return mark;
    }

    @Override
    public boolean reaches(String service, Backend.Key backend) {
        return reaching;
    }

    @Override
    public Optional<String> trouble() {
        return trouble;
    }

    @Override
    public void onControlTurn() {
        controlTurns.incrementAndGet();
        try {
            mayTurn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next that comes. */
    PacketTable next() throws InterruptedException {
        PacketTable table = tables.poll(30, TimeUnit.SECONDS);
        if (table == null) {
            throw new AssertionError("no table within 30 s");
        }
        return table;
    }

    /** Such as {@code [a UP, b DOWN]}. */
    static String states(PacketService service) {
        return service.backends().stream().map(RecordedPlane::text).toList().toString();
    }

    private static String text(PacketBackend backend) {
        return backend.backend().id() + " " + backend.state();
    }

    static List<String> names(PacketTable table) {
        return table.services().stream().map(PacketService::name).toList();
    }
}
