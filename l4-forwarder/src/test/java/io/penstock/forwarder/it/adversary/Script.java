package io.penstock.forwarder.it.adversary;

import io.penstock.forwarder.it.adversary.Op.Kind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What both peers of one connection do, each in its order, as one line:
 *
 * <pre>client: C S:65536 P:2 H R* K | backend: A R:100 X</pre>
 *
 * A side that neither closes nor resets closes at its end. A backend without {@code A} listens and never accepts; one
 * with the only word {@code -} does not listen.
 */
record Script(List<Op> client, List<Op> backend) {
    private static final String CLIENT = "client:";
    private static final String BACKEND = "backend:";
    private static final String NOBODY = "-";

    Script {
        client = List.copyOf(client);
        backend = List.copyOf(backend);
        check(client, Kind.CONNECT, Kind.ACCEPT);
        check(backend, Kind.ACCEPT, Kind.CONNECT);
        if (client.stream().noneMatch(op -> op.kind() == Kind.CONNECT)) {
            throw new IllegalArgumentException("the client must connect (C)");
        }
    }

    private static void check(List<Op> ops, Kind opening, Kind foreign) {
        boolean open = false;
        boolean mute = false;
        boolean over = false;
        for (Op op : ops) {
            Kind kind = op.kind();
            boolean late = kind.opens() || kind == Kind.BUFFER;
            boolean misplaced = open ? late : kind != opening && !kind.isPreparation();
            if (over || kind == foreign || misplaced || (mute && (kind.sends() || kind == Kind.HALF_CLOSE))) {
                throw new IllegalArgumentException(op + " cannot stand there in " + words(ops));
            }
            open |= kind == opening;
            mute |= kind == Kind.HALF_CLOSE;
            over = kind.ends();
        }
    }

    static Script parse(String line) {
        String[] sides = line.trim().split("\\s*\\|\\s*", -1);
        if (sides.length != 2 || !sides[0].startsWith(CLIENT) || !sides[1].startsWith(BACKEND)) {
            throw new IllegalArgumentException("not of the form \"client: … | backend: …\": " + line);
        }
        return new Script(ops(sides[0].substring(CLIENT.length())), ops(sides[1].substring(BACKEND.length())));
    }

    private static List<Op> ops(String words) {
        return words.trim().equals(NOBODY)
                ? List.of()
                : Stream.of(words.trim().split("\\s+", -1)).map(Op::parse).toList();
    }

    boolean backendListens() {
        return !backend.isEmpty();
    }

    boolean backendAccepts() {
        return backend.stream().anyMatch(op -> op.kind() == Kind.ACCEPT);
    }

    @Override
    public String toString() {
        return CLIENT + " " + words(client) + " | " + BACKEND + " " + words(backend);
    }

    private static String words(List<Op> ops) {
        return ops.isEmpty() ? NOBODY : ops.stream().map(Op::toString).collect(Collectors.joining(" "));
    }
}
