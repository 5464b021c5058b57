package io.penstock.forwarder.config;

import io.penstock.admin.AdminAddress;
import io.penstock.config.ConfigFile;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InvalidConfigException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code admin}: where the admin API listens. */
public final class AdminKey {
    /** What is meant for one. */
    private static final Pattern IPV6 = Pattern.compile("\\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)]:[1-9][0-9]{0,4}");

    private AdminKey() {}

    static Optional<AdminAddress> read(ConfigSection document) {
        return document.section("admin", admin -> admin.required("listen").flatMap(AdminKey::address))
                .flatMap(address -> address);
    }

    private static Optional<AdminAddress> address(ConfigValue value) {
        Optional<String> text = value.text(AdminAddress.FORM);
        Optional<AdminAddress> address = text.flatMap(AdminAddress::parse);
        if (text.isPresent() && address.isEmpty()) {
            Matcher literal = IPV6.matcher(text.get());
            value.problem(
                    literal.matches()
                            ? "'" + literal.group(1) + "' is not an IPv6 address"
                            : "must be " + AdminAddress.FORM);
        }
        return address;
    }

    /**
     * The address alone, whatever is wrong with the rest of the file: who asks a forwarder why it refused a file must be
     * able to find it by that file. Opens no other file.
     *
     * @throws InvalidConfigException when the file is no YAML, or this key is wrong
     */
    public static Optional<AdminAddress> find(Path file) {
        AtomicReference<Optional<AdminAddress>> found = new AtomicReference<>();
        try {
            return ConfigFile.read(file, document -> {
                Optional<AdminAddress> address = read(document);
                if (document.isSound("admin")) {
                    found.set(address);
                }
                return address;
            });
        } catch (InvalidConfigException e) {
            // Of keys that were not asked for, too.
            if (found.get() == null) {
                throw e;
            }
            return found.get();
        }
    }
}
