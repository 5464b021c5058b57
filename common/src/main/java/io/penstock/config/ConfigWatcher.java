package io.penstock.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when the content of files changes, however that comes about: written in place, replaced by a rename as editors do,
 * or by another target of a symlink on the way to them, as Kubernetes does with {@code ..data}. One thread, which also runs
 * what is told. Watches by inotify(7): file systems that other hosts write to (NFS) tell nothing.
 */
public final class ConfigWatcher implements AutoCloseable {
    /** Who writes a file does so in steps; after the last one it is read. */
    private static final long QUIET_MS = 100;

    /** By which the times of inodes are behind the clock at most (CONFIG_HZ is 100 or more). */
    private static final long CLOCK_STEP_MS = 10;

    /** One that is written to without end is looked at nevertheless. */
    private static final int MAX_STEPS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatcher.class);

    private final Supplier<Set<Path>> files;
    private final Instant readAt;
    private final Runnable onChange;
    private final WatchService service;
    private final Thread thread;

    /** The names that matter, by the directory that they are in. */
    private final Map<WatchKey, Set<Path>> watched = new HashMap<>();

    private Map<Path, String> contents = Map.of();

    private ConfigWatcher(
            Supplier<Set<Path>> files, Instant readAt, Runnable onChange, WatchService service, String threadName) {
        this.files = files;
        this.readAt = readAt;
        this.onChange = onChange;
        this.service = service;
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
    }

    /**
     * Begins to watch.
     *
     * @param files asked for anew after each change, which may have brought others
     * @param readAt when they were read last: what changed since is told at the beginning
     * @param onChange run on the watch's thread; when it returns the files must have been read
     * @throws IOException when this host has no more inotify instances (fs.inotify.max_user_instances)
     */
    public static ConfigWatcher start(Supplier<Set<Path>> files, Instant readAt, Runnable onChange, String threadName)
            throws IOException {
        ConfigWatcher watcher = new ConfigWatcher(
                files, readAt, onChange, FileSystems.getDefault().newWatchService(), threadName);
        watcher.thread.start();
        return watcher;
    }

    private void run() {
        try {
            contents = look();
            if (isAnyChangedSince(readAt, files.get())) {
                tell();
            }
            while (true) {
                boolean matters = takeEvents(service.take());
                if (!matters) {
                    continue;
                }
                awaitQuiet();
                Map<Path, String> now = look();
                if (!now.equals(contents)) {
                    contents = now;
                    tell();
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException closed) {
            LOG.debug("event=file-watch-ended", closed);
        }
    }

    /** And again, when a file has changed since it was looked at, or one that the change brought since it was read. */
    private void tell() throws InterruptedException {
        while (true) {
            Map<Path, String> told = contents;
            Instant began = Instant.now().minusMillis(CLOCK_STEP_MS);
            onChange.run();
            contents = look();
            Map<Path, String> known = new HashMap<>(told);
            known.keySet().retainAll(contents.keySet());
            Set<Path> brought = new HashSet<>(contents.keySet());
            brought.removeAll(told.keySet());
            if (contents.entrySet().containsAll(known.entrySet()) && !isAnyChangedSince(began, brought)) {
                return;
            }
            awaitQuiet();
            contents = look();
        }
    }

    /** By the times of inodes, which a rename changes too. */
    private static boolean isAnyChangedSince(Instant time, Set<Path> looked) {
        for (Path file : looked) {
            for (Path entry : SymlinkChain.of(file)) {
                try {
                    FileTime changed = (FileTime) Files.getAttribute(entry, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
                    if (!changed.toInstant().isBefore(time)) {
                        return true;
                    }
                } catch (IOException gone) {
                    return true;
                }
            }
        }
        return false;
    }

    private void awaitQuiet() throws InterruptedException {
        for (int step = 0; step < MAX_STEPS; step++) {
            WatchKey next = service.poll(QUIET_MS, TimeUnit.MILLISECONDS);
            if (next == null) {
                return;
            }
            boolean unused = takeEvents(next);
        }
    }

    private boolean takeEvents(WatchKey key) {
        boolean matters = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            matters |= event.kind() == StandardWatchEventKinds.OVERFLOW
                    || watched.getOrDefault(key, Set.of()).contains((Path) event.context());
        }
        boolean unused = key.reset();
        return matters;
    }

    /** Watches first and reads then, so that no change falls between. */
    private Map<Path, String> look() {
        watchAll();
        Map<Path, String> now = new HashMap<>();
        files.get().forEach(file -> now.put(file, digest(file)));
        return now;
    }

    private void watchAll() {
        Map<Path, Set<Path>> wanted = new HashMap<>();
        files.get().forEach(file -> SymlinkChain.of(file)
                .forEach(entry -> wanted.computeIfAbsent(entry.getParent(), key -> new HashSet<>())
                        .add(entry.getFileName())));
        Map<WatchKey, Set<Path>> next = new HashMap<>();
        wanted.forEach((directory, names) -> {
            try {
                next.put(
                        directory.register(
                                service,
                                StandardWatchEventKinds.ENTRY_CREATE,
                                StandardWatchEventKinds.ENTRY_DELETE,
                                StandardWatchEventKinds.ENTRY_MODIFY),
                        names);
            } catch (IOException e) {
                LOG.warn("event=directory-not-watched directory={} cause=\"{}\"", directory, e.toString());
            }
        });
        watched.keySet().stream().filter(key -> !next.containsKey(key)).forEach(WatchKey::cancel);
        watched.clear();
        watched.putAll(next);
    }

    /** Of the content, or what keeps it from being read. */
    private static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            long unused = digested.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (IOException | UncheckedIOException unreadable) {
            return unreadable.toString();
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }

    /** Ends the watch; a change that is being told is told to its end. */
    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOG.warn("event=file-watch-ended cause=\"{}\"", e.toString());
        }
    }
}
