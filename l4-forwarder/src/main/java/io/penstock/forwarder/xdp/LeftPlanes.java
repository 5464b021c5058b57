package io.penstock.forwarder.xdp;

import io.penstock.events.EventLog;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Planes that processes have left on this host and nobody has taken over: who takes the section {@code xdp} out of the configuration, or
 * gives it another name, has a program go on with the addresses of before. Needs no libbpf.
 */
public final class LeftPlanes {
    private static final String LINK = "link-";

    private LeftPlanes() {}

    /**
     * Warns of each, as an event and in the log.
     *
     * @param own the name of this process's plane, which it has or will take over; empty when it has none
     */
    public static void tell(EventLog events, Optional<String> own) {
        tell(new PlaneLog(events), LoadedPlane.PINS, own);
    }

    static void tell(PlaneLog log, Path planes, Optional<String> own) {
        for (Path plane : children(planes, "*")) {
            String name = String.valueOf(plane.getFileName());
            if (own.isPresent() && own.get().equals(name)) {
                continue;
            }
            List<String> links = new ArrayList<>();
            for (Path link : children(plane, LINK + "*")) {
                links.add(String.valueOf(link.getFileName()).substring(LINK.length()));
            }
            if (!links.isEmpty() && !PlaneLock.isTaken(name)) {
                links.sort(null);
                log.leftBehind(name, String.join(", ", links));
            }
        }
    }

    /** None of a directory that is not there, or that this user may not read: then neither could it be taken over. */
    private static List<Path> children(Path directory, String glob) {
        List<Path> all = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob)) {
                found.forEach(all::add);
            } catch (IOException e) {
                return List.of();
            }
        }
        return all;
    }
}
