package io.penstock.admin.config;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminTls;
import io.penstock.config.ConfigFile;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InvalidConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code admin}: where the admin API listens, and who may do what there. */
public final class AdminKey {
    static final int MAX_ADDRESSES = 8;

    /** What is meant for one. */
    private static final Pattern IPV6 =
            Pattern.compile("(?:https://)?\\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)]:[1-9][0-9]{0,4}");

    private final AdminFiles files;

    private AdminKey(AdminFiles files) {
        this.files = files;
    }

    /** As part of a document; other files are named relative to it. */
    public static Optional<AdminConfig> read(ConfigSection document, Path file) {
        return new AdminKey(new AdminFiles(file, true)).read(document);
    }

    private Optional<AdminConfig> read(ConfigSection document) {
        return document.section("admin", this::admin).flatMap(config -> config);
    }

    private Optional<AdminConfig> admin(ConfigSection admin) {
        Map<AdminAddress, ConfigValue> listen =
                admin.required("listen").map(AdminKey::addresses).orElse(Map.of());
        Optional<Path> tokenFile = admin.optional("token-file").flatMap(files::token);
        Optional<AdminTls> tls = admin.section("tls", files::tls).flatMap(read -> read);
        if (!admin.isSound("listen")) {
            return Optional.empty();
        }
        listen.forEach((address, value) -> requireAuthentication(admin, address, value, tls));
        requireUse(admin, listen);
        return Optional.of(new AdminConfig(List.copyOf(listen.keySet()), tokenFile, tls));
    }

    /** Each with where it stands. */
    private static Map<AdminAddress, ConfigValue> addresses(ConfigValue listen) {
        List<ConfigValue> items = listen.itemsOrOne("one address or a list of them: " + AdminAddress.FORM);
        if (items.size() > MAX_ADDRESSES) {
            listen.problem("must have at most " + MAX_ADDRESSES + " addresses", Integer.toString(items.size()));
        }
        Map<AdminAddress, ConfigValue> addresses = new LinkedHashMap<>();
        for (ConfigValue item : items) {
            address(item).ifPresent(address -> {
                if (addresses.putIfAbsent(address, item) != null) {
                    item.problem("is listed before");
                }
            });
        }
        return addresses;
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

    /** Of keys that are there and wrong only their own problems are told. */
    private static void requireAuthentication(
            ConfigSection admin, AdminAddress address, ConfigValue value, Optional<AdminTls> tls) {
        boolean anonymous = !admin.has("token-file")
                && admin.isSound("tls")
                && tls.flatMap(AdminTls::clientCa).isEmpty();
        if (!address.isLocal() && (!admin.has("tls") || anonymous)) {
            value.problem("others than this host reach it, so it needs admin.tls, and admin.token-file or"
                    + " admin.tls.client-ca");
        } else if (address.isTls() && !admin.has("tls")) {
            value.problem("needs admin.tls");
        }
    }

    private static void requireUse(ConfigSection admin, Map<AdminAddress, ConfigValue> listen) {
        if (admin.has("token-file") && listen.keySet().stream().noneMatch(AdminAddress.Tcp.class::isInstance)) {
            admin.problem("token-file", "is for TCP addresses only");
        }
        if (admin.has("tls") && listen.keySet().stream().noneMatch(AdminAddress::isTls)) {
            admin.problem("tls", "is for addresses that are not loopback, or written as https://127.0.0.1:9443, only");
        }
    }

    /**
     * This key alone, whatever is wrong with the rest of the file: who asks a process why it refused a file must be able
     * to find it by that file. Opens no other file.
     *
     * @throws InvalidConfigException when the file is no YAML, or this key is wrong
     */
    public static Optional<AdminConfig> find(Path file) {
        AtomicReference<Optional<AdminConfig>> found = new AtomicReference<>();
        AdminKey key = new AdminKey(new AdminFiles(file, false));
        try {
            return ConfigFile.read(file, document -> {
                Optional<AdminConfig> admin = key.read(document);
                if (document.isSound("admin")) {
                    found.set(admin);
                }
                return admin;
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
