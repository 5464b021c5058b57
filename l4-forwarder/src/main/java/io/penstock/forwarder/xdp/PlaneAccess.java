package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfPins;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/** Lets a user other than root have a plane's maps, links and files, which are in directories of root's. */
public final class PlaneAccess {
    private PlaneAccess() {}

    /**
     * To be called by root. What a plane of that name has left there before is the user's too, from now on; of other planes others
     * see no more than before.
     *
     * @throws XdpException when there is no such user, or no BPF file system
     */
    public static void give(String plane, String user) throws XdpException {
        Path pins = LoadedPlane.PINS.resolve(plane);
        try {
            BpfPins.directory(pins);
            UserPrincipal owner =
                    pins.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
            for (Path above = pins.getParent(); above.startsWith(BpfPins.ROOT); above = above.getParent()) {
                letThrough(above);
            }
            giveAll(pins, "*", owner);
            Files.setOwner(pins, owner);
            Files.createDirectories(Names.DIRECTORY);
            giveAll(Names.DIRECTORY, "xdp-" + plane + ".*", owner);
            Files.setOwner(Names.DIRECTORY, owner);
        } catch (BpfException | IOException e) {
            throw new XdpException("cannot give the XDP data plane to " + user + ": " + e);
        }
    }

    /** To what is below it, of which one has to know the name. */
    private static void letThrough(Path directory) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(Files.getPosixFilePermissions(directory));
        if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
            Files.setPosixFilePermissions(directory, permissions);
        }
    }

    private static void giveAll(Path directory, String glob, UserPrincipal owner) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            for (Path file : files) {
                Files.setOwner(file, owner);
            }
        }
    }
}
