package io.penstock.admin;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file cannot be read, in words: the JDK's own exceptions often say no more than its name. */
final class Unreadable {
    private Unreadable() {}

    static IOException because(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new IOException(file + " does not exist", e);
        }
        if (e instanceof AccessDeniedException) {
            return new IOException(file + " cannot be read: permission denied", e);
        }
        return new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
}
