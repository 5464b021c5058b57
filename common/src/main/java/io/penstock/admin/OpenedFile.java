package io.penstock.admin;

import io.netty.util.AttributeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Which file a path led to, whatever the path leads to later. */
record OpenedFile(Object deviceAndInode) {
    static final AttributeKey<OpenedFile> KEY = AttributeKey.valueOf(OpenedFile.class, "file");

    static OpenedFile of(Path path) throws IOException {
        return new OpenedFile(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
    }
}
