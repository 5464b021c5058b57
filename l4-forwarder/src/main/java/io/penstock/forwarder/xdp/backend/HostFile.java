package io.penstock.forwarder.xdp.backend;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.penstock.forwarder.xdp.backend.HostRecord.Contents;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.Sysctls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a network namespace's record is kept, for calls of every name: it outlives them but not the kernel. Beside it is a lock, as calls
 * at boot may run at the same time.
 */
final class HostFile {
    private static final String BOOT_ID = "kernel.random.boot_id";
    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");
    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .setPrettyPrinting()
            .registerTypeAdapter(IpAddress.class, text(IpAddress::parse))
            .registerTypeAdapter(IpPrefix.class, text(IpPrefix::parse))
            .create();

    private final Path file;
    private final String bootId;

    HostFile(Path file, String bootId) {
        this.file = file;
        this.bootId = bootId;
    }

    /** Of the network namespace of the calling thread. */
    static HostFile of(Path directory, Sysctls sysctls) throws IOException {
        // "net:[4026531840]": its inode names a namespace for as long as it is there.
        String inode = Files.readSymbolicLink(NAMESPACE).toString().replaceAll("\\D", "");
        return new HostFile(directory.resolve("xdp-backend-" + inode + ".json"), sysctls.read(BOOT_ID));
    }

    /** @param boot what is of another one is gone */
    private record Kept(String boot, Contents contents) {
        private Kept {
            Objects.requireNonNull(boot, "boot");
            Objects.requireNonNull(contents, "contents");
        }
    }

    /** Waits until no other call changes this host. Whoever closes it lets the next one. */
    FileChannel lock() throws IOException {
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock();
            return channel;
        } catch (IOException e) {
            throw new IOException("nothing is changed that cannot be remembered: cannot lock " + path + ": " + e, e);
        }
    }

    /**
     * Nothing when there is no such file, or it is of another boot.
     *
     * @throws IOException when it cannot be read, or is not of this form
     */
    Contents load() throws IOException {
        try {
            Kept kept = GSON.fromJson(Files.readString(file), Kept.class);
            return kept.boot().equals(bootId) ? kept.contents() : Contents.NOTHING;
        } catch (NoSuchFileException e) {
            return Contents.NOTHING;
        } catch (IOException e) {
            throw new IOException("what was prepared on this host cannot be read: " + e, e);
        } catch (RuntimeException e) {
            // Whatever it is that a constructor refuses.
            throw new IOException(
                    file + " does not say what was prepared on this host: undo it by hand, then remove the file", e);
        }
    }

    /** All of it or, when this fails, what was there before; nothing to remember leaves no file. */
    void store(Contents contents) throws IOException {
        if (contents.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Path next = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.writeString(next, GSON.toJson(new Kept(bootId, contents)));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException("cannot remember what is changed in " + file + ": " + e, e);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static <T> TypeAdapter<T> text(Function<String, Optional<T>> parser) {
        return new TypeAdapter<T>() {
            @Override
            public void write(JsonWriter writer, T value) throws IOException {
                writer.value(value.toString());
            }

            @Override
            public T read(JsonReader reader) throws IOException {
                String text = reader.nextString();
                return parser.apply(text).orElseThrow(() -> new JsonParseException("no address: " + text));
            }
        };
    }
}
