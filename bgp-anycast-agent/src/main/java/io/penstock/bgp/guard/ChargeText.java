package io.penstock.bgp.guard;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.DaemonConfig.Address;
import io.penstock.bgp.config.DaemonConfig.Identity;
import io.penstock.bgp.config.DaemonConfig.Tls;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.net.Endpoint;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link Charge} as lines: a key, and its values with one space before each. Texts and paths are percent-encoded, so a value has no space
 * and no line break. Every key is there once; those of TLS only with it.
 */
final class ChargeText {
    private static final String ADDRESS = "address";
    private static final String TIMEOUT = "timeout-ms";
    private static final String OWNER = "owner";
    private static final String PATIENCE = "patience-ms";
    private static final String RUN = "run-file";
    private static final String AGENT = "agent";
    private static final String TLS = "tls";
    private static final String CA = "ca";
    private static final String IDENTITY = "identity";
    private static final String SERVER_NAME = "server-name";
    private static final List<String> KEYS =
            List.of(ADDRESS, TIMEOUT, OWNER, PATIENCE, RUN, AGENT, TLS, CA, IDENTITY, SERVER_NAME);

    private static final long MAX_MS = Duration.ofDays(1).toMillis();
    private static final long MAX_PART = 0xffff_ffffL;

    private final Map<String, List<String>> values;

    private ChargeText(Map<String, List<String>> values) {
        this.values = values;
    }

    static List<String> of(Charge charge) {
        DaemonConfig daemon = charge.daemon();
        LargeCommunity owner = charge.owner();
        List<String> lines = new ArrayList<>();
        lines.add(ADDRESS + " " + address(daemon.address()));
        lines.add(TIMEOUT + " " + daemon.timeout().toMillis());
        lines.add(OWNER + " " + owner.administrator() + " " + owner.first() + " " + owner.second());
        lines.add(PATIENCE + " " + charge.patience().toMillis());
        lines.add(RUN + " " + encode(charge.run()));
        lines.add(AGENT + " " + charge.agent());
        daemon.tls().ifPresent(tls -> {
            lines.add(TLS);
            tls.ca().ifPresent(ca -> lines.add(CA + " " + encode(ca)));
            tls.identity()
                    .ifPresent(one -> lines.add(IDENTITY + " " + encode(one.certificate()) + " " + encode(one.key())));
            tls.serverName().ifPresent(name -> lines.add(SERVER_NAME + " " + encode(name)));
        });
        return lines;
    }

    private static String address(Address address) {
        if (address instanceof Address.Unix unix) {
            return "unix " + encode(unix.path());
        }
        Address.Tcp tcp = (Address.Tcp) address;
        return "tcp " + encode(tcp.host()) + " " + tcp.port();
    }

    private static String encode(Object text) {
        return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8);
    }

    static Charge parse(List<String> lines) throws MalformedLineException {
        Map<String, List<String>> values = new HashMap<>();
        for (String line : lines) {
            List<String> words = List.of(line.split(" ", -1));
            String key = words.get(0);
            if (!KEYS.contains(key)) {
                throw new MalformedLineException("unknown key: " + line);
            }
            if (values.put(key, words.subList(1, words.size())) != null) {
                throw new MalformedLineException("twice: " + key);
            }
        }
        return new ChargeText(values).charge();
    }

    private Charge charge() throws MalformedLineException {
        List<String> owner = need(OWNER, 3);
        DaemonConfig daemon = new DaemonConfig(
                address(),
                tls(),
                Duration.ofMillis(number(need(TIMEOUT, 1).get(0), 1, MAX_MS)),
                DaemonConfig.DEFAULT_RESYNC);
        LargeCommunity mark = new LargeCommunity(
                number(owner.get(0), 0, MAX_PART),
                number(owner.get(1), 0, MAX_PART),
                number(owner.get(2), 0, MAX_PART));
        Duration patience = Duration.ofMillis(number(need(PATIENCE, 1).get(0), 1, MAX_MS));
        long agent = number(need(AGENT, 1).get(0), 1, Integer.MAX_VALUE);
        return new Charge(daemon, mark, patience, path(need(RUN, 1).get(0)), agent);
    }

    private Address address() throws MalformedLineException {
        List<String> words = values.getOrDefault(ADDRESS, List.of());
        if (words.size() == 3 && words.get(0).equals("tcp")) {
            return new Address.Tcp(text(words.get(1)), (int) number(words.get(2), 1, Endpoint.MAX_PORT));
        }
        if (words.size() == 2 && words.get(0).equals("unix")) {
            return new Address.Unix(path(words.get(1)));
        }
        throw new MalformedLineException("no address: " + words);
    }

    private Optional<Tls> tls() throws MalformedLineException {
        if (!values.containsKey(TLS)) {
            for (String key : List.of(CA, IDENTITY, SERVER_NAME)) {
                if (values.containsKey(key)) {
                    throw new MalformedLineException("without tls: " + key);
                }
            }
            return Optional.empty();
        }
        need(TLS, 0);
        Optional<Path> ca =
                values.containsKey(CA) ? Optional.of(path(need(CA, 1).get(0))) : Optional.empty();
        Optional<Identity> identity = Optional.empty();
        if (values.containsKey(IDENTITY)) {
            List<String> files = need(IDENTITY, 2);
            identity = Optional.of(new Identity(path(files.get(0)), path(files.get(1))));
        }
        Optional<String> name = values.containsKey(SERVER_NAME)
                ? Optional.of(text(need(SERVER_NAME, 1).get(0)))
                : Optional.empty();
        return Optional.of(new Tls(ca, identity, name));
    }

    private List<String> need(String key, int count) throws MalformedLineException {
        List<String> words = values.get(key);
        if (words == null || words.size() != count) {
            throw new MalformedLineException(key + " needs " + count + " values, has " + words);
        }
        return words;
    }

    private static long number(String word, long min, long max) throws MalformedLineException {
        if (!word.matches("0|[1-9][0-9]{0,14}") || Long.parseLong(word) < min || Long.parseLong(word) > max) {
            throw new MalformedLineException("not a number from " + min + " to " + max + ": " + word);
        }
        return Long.parseLong(word);
    }

    private static Path path(String word) throws MalformedLineException {
        try {
            return Path.of(text(word));
        } catch (InvalidPathException e) {
            throw new MalformedLineException("not a path: " + word);
        }
    }

    /** Only what {@link #encode} makes. */
    private static String text(String word) throws MalformedLineException {
        String text;
        try {
            text = URLDecoder.decode(word, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new MalformedLineException("not percent-encoded: " + word);
        }
        if (text.isEmpty() || !encode(text).equals(word)) {
            throw new MalformedLineException("not percent-encoded: " + word);
        }
        return text;
    }
}
