package io.penstock.vrrp.track;

import io.penstock.process.BugHandler;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads tracked files again and again, on a thread of its own: that knows no difference between one that is written, replaced by a rename,
 * removed or on a file system that other hosts write to. What has changed is told when it has stayed the same for a moment; that a file is
 * empty, only when it stays so for longer. Closed from any thread.
 */
final class FileWatch implements AutoCloseable {
    private static final long INTERVAL_MS = 100;
    private static final long SETTLING_MS = 20;

    /** One that is never the same, or empty, is told nevertheless. */
    private static final int MAX_LOOKS = 10;

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final Listener listener;

    /** These are guarded by this. */
    private Set<Path> files = Set.of();

    private boolean started;
    private final Map<Path, FileReading> told = new HashMap<>();

    /** Told on the watch's thread, or on that of who has it watch; must not block. */
    interface Listener {
        void onReading(Path file, FileReading reading);
    }

    /** Watches nothing yet. */
    FileWatch(Listener listener, String threadName) {
        this.listener = listener;
        thread = BugHandler.thread(this::run, threadName);
        thread.setDaemon(true);
    }

    /** From now on these; each is told once before this returns. */
    synchronized void watch(Set<Path> wanted) {
        files = Set.copyOf(wanted);
        told.keySet().retainAll(files);
        for (Path file : files) {
            listener.onReading(file, told.computeIfAbsent(file, FileReading::of));
        }
        if (!started && !files.isEmpty()) {
            started = true;
            thread.start();
        }
    }

    private void run() {
        try {
            while (!closing.await(INTERVAL_MS, TimeUnit.MILLISECONDS)) {
                for (Path file : files()) {
                    look(file);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Set<Path> files() {
        return files;
    }

    private void look(Path file) throws InterruptedException {
        FileReading reading = FileReading.of(file);
        for (int looks = 0; looks < MAX_LOOKS && isNews(file, reading); looks++) {
            if (closing.await(SETTLING_MS, TimeUnit.MILLISECONDS)) {
                return;
            }
            FileReading again = FileReading.of(file);
            if (again.equals(reading) && !again.equals(FileReading.EMPTY)) {
                break;
            }
            reading = again;
        }
        tell(file, reading);
    }

    private synchronized boolean isNews(Path file, FileReading reading) {
        return !reading.equals(told.get(file));
    }

    /** Under the lock, so that nothing is said of a file once it is not watched any more. */
    private synchronized void tell(Path file, FileReading reading) {
        if (files.contains(file) && !reading.equals(told.put(file, reading))) {
            listener.onReading(file, reading);
        }
    }

    /** Nothing is told any more when this returns. */
    @Override
    public void close() {
        synchronized (this) {
            files = Set.of();
        }
        closing.countDown();
    }
}
