package io.penstock.forwarder.it.adversary;

import io.penstock.forwarder.it.adversary.Op.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws scripts. The same seed and index are the same script, whatever was drawn before. About one in {@value
 * #STALLS_ONE_IN} may stall, so that timeouts have their share without the rest waiting for them.
 */
final class ScriptGenerator {
    private static final int STALLS_ONE_IN = 40;
    private static final int REDRAWS = 50;

    private static final int STEPS_MAX = 8;
    private static final int ROUNDS_MAX = 6;
    private static final int PAUSE_MAX_MS = 12;

    /** Where a direction begins to count as bulk, and a relay may change the way it moves bytes. */
    private static final int BULK_BYTES = 256 << 10;

    /** Beyond the send buffer's usual 4 MiB (net.ipv4.tcp_wmem), so that writes come up short. */
    private static final int FLOOD_BYTES = 5 << 20;

    private static final int SMALL_BUFFER_BYTES = 4 << 10;
    private static final int BULK_BUFFER_BYTES = 32 << 10;

    private final long seed;

    ScriptGenerator(long seed) {
        this.seed = seed;
    }

    Script script(long index) {
        return new Draw(new SplittableRandom(new SplittableRandom(seed).nextLong() + index)).script();
    }

    /** The drawing of one script. */
    private static final class Draw {
        private final SplittableRandom random;

        private Draw(SplittableRandom random) {
            this.random = random;
        }

        private Script script() {
            boolean stalls = chance(STALLS_ONE_IN);
            Script script = any();
            for (int i = 0; i < REDRAWS && StallForecast.mayStall(script) != stalls; i++) {
                script = any();
            }
            return script;
        }

        private Script any() {
            int theme = random.nextInt(100);
            if (theme < 45) {
                return free();
            }
            if (theme < 68) {
                return bulk();
            }
            if (theme < 70) {
                return flood();
            }
            return theme < 85 ? dialogue() : duplex();
        }

        /** Anything in any order. */
        private Script free() {
            if (chance(40)) {
                return new Script(freeSide(Kind.CONNECT), chance(2) ? List.of() : List.of(pause()));
            }
            return new Script(freeSide(Kind.CONNECT), freeSide(Kind.ACCEPT));
        }

        private List<Op> freeSide(Kind opening) {
            List<Op> ops = opening(opening, SMALL_BUFFER_BYTES);
            boolean mute = false;
            for (int steps = random.nextInt(STEPS_MAX + 1); steps > 0; steps--) {
                Op op = step();
                if (mute && (op.kind().sends() || op.kind() == Kind.HALF_CLOSE)) {
                    continue;
                }
                ops.add(op);
                mute |= op.kind() == Kind.HALF_CLOSE;
                if (op.kind().ends()) {
                    break;
                }
            }
            return ops;
        }

        private Op step() {
            int kind = random.nextInt(100);
            if (kind < 26) {
                return new Op(Kind.SEND, size());
            }
            if (kind < 46) {
                return new Op(Kind.RECEIVE, size());
            }
            if (kind < 54) {
                return new Op(Kind.RECEIVE, Op.WHOLE_STREAM);
            }
            if (kind < 66) {
                return pause();
            }
            if (kind < 72) {
                return new Op(Kind.DUPLEX, size());
            }
            if (kind < 78) {
                return Op.of(Kind.URGENT);
            }
            if (kind < 84) {
                return Op.of(Kind.WAIT_ACKNOWLEDGED);
            }
            if (kind < 90) {
                return Op.of(Kind.HALF_CLOSE);
            }
            return Op.of(kind < 94 ? Kind.CLOSE : Kind.RESET);
        }

        /** Much in one direction, around the size at which a direction becomes bulk and beyond. */
        private Script bulk() {
            List<List<Op>> sides = openings();
            int from = random.nextInt(2);
            List<Op> sender = sides.get(from);
            List<Op> receiver = sides.get(1 - from);
            for (int bursts = 1 + random.nextInt(3); bursts > 0; bursts--) {
                sender.add(new Op(Kind.SEND, bulkSize()));
                if (chance(2)) {
                    sender.add(chance(3) ? Op.of(Kind.WAIT_ACKNOWLEDGED) : pause());
                }
                if (chance(8)) {
                    sender.add(Op.of(Kind.URGENT));
                }
            }
            for (int reads = random.nextInt(4); reads > 0; reads--) {
                receiver.add(chance(2) ? new Op(Kind.RECEIVE, bulkSize()) : pause());
            }
            if (chance(4)) {
                receiver.add(new Op(Kind.SEND, size()));
            }
            end(sender);
            if (chance(5)) {
                end(receiver);
            } else {
                receiver.add(new Op(Kind.RECEIVE, Op.WHOLE_STREAM));
                if (chance(4)) {
                    receiver.add(new Op(Kind.SEND, size()));
                }
            }
            return script(sides);
        }

        /** More than the kernel's buffers take, to a side that is late to read or leaves. */
        private Script flood() {
            List<List<Op>> sides = openings();
            int from = random.nextInt(2);
            List<Op> sender = sides.get(from);
            List<Op> receiver = sides.get(1 - from);
            sender.add(new Op(Kind.SEND, FLOOD_BYTES + random.nextInt(FLOOD_BYTES)));
            end(sender);
            for (int reads = 1 + random.nextInt(4); reads > 0; reads--) {
                receiver.add(new Op(Kind.PAUSE, PAUSE_MAX_MS));
                receiver.add(new Op(Kind.RECEIVE, bulkSize()));
            }
            if (chance(5)) {
                end(receiver);
            } else {
                receiver.add(new Op(Kind.RECEIVE, Op.WHOLE_STREAM));
            }
            return script(sides);
        }

        /** Question and answer, several times; the last may be cut short. */
        private Script dialogue() {
            List<List<Op>> sides = openings();
            int asking = random.nextInt(2);
            for (int rounds = 1 + random.nextInt(ROUNDS_MAX); rounds > 0; rounds--) {
                exchange(sides.get(asking), sides.get(1 - asking));
                exchange(sides.get(1 - asking), sides.get(asking));
            }
            if (chance(3)) {
                List<Op> cut = sides.get(random.nextInt(2));
                int keep = 1 + random.nextInt(cut.size());
                while (cut.size() > keep && !cut.get(cut.size() - 1).kind().opens()) {
                    cut.remove(cut.size() - 1);
                }
            }
            sides.forEach(this::end);
            return script(sides);
        }

        private void exchange(List<Op> sender, List<Op> receiver) {
            int size = size();
            sender.add(new Op(Kind.SEND, size));
            if (chance(6)) {
                sender.add(pause());
            }
            receiver.add(new Op(Kind.RECEIVE, size));
        }

        /** Much in both directions at once. */
        private Script duplex() {
            List<List<Op>> sides = openings();
            for (List<Op> side : sides) {
                for (int bursts = 1 + random.nextInt(2); bursts > 0; bursts--) {
                    side.add(new Op(Kind.DUPLEX, chance(2) ? bulkSize() : size()));
                    if (chance(4)) {
                        side.add(pause());
                    }
                }
                end(side);
            }
            return script(sides);
        }

        private List<List<Op>> openings() {
            return List.of(opening(Kind.CONNECT, BULK_BUFFER_BYTES), opening(Kind.ACCEPT, BULK_BUFFER_BYTES));
        }

        private List<Op> opening(Kind kind, int minBufferBytes) {
            List<Op> ops = new ArrayList<>();
            if (chance(8)) {
                ops.add(new Op(Kind.BUFFER, (long) minBufferBytes << random.nextInt(4)));
            }
            if (chance(10)) {
                ops.add(pause());
            }
            ops.add(Op.of(kind));
            return ops;
        }

        private void end(List<Op> side) {
            switch (random.nextInt(8)) {
                case 0 -> side.add(Op.of(Kind.CLOSE));
                case 1 -> side.add(Op.of(Kind.RESET));
                case 2 -> side.addAll(List.of(Op.of(Kind.WAIT_ACKNOWLEDGED), Op.of(Kind.RESET)));
                case 3 -> side.addAll(List.of(pause(), Op.of(Kind.RESET)));
                case 4 -> side.addAll(List.of(Op.of(Kind.HALF_CLOSE), pause(), Op.of(Kind.RESET)));
                case 5 -> side.addAll(List.of(Op.of(Kind.HALF_CLOSE), Op.of(Kind.WAIT_ACKNOWLEDGED)));
                default -> side.addAll(List.of(Op.of(Kind.HALF_CLOSE), new Op(Kind.RECEIVE, Op.WHOLE_STREAM)));
            }
        }

        private static Script script(List<List<Op>> sides) {
            return new Script(sides.get(0), sides.get(1));
        }

        private Op pause() {
            // Most are as short as can be: one turn of the other side's loop.
            return new Op(Kind.PAUSE, chance(2) ? 1 : 1 + random.nextInt(PAUSE_MAX_MS));
        }

        private int size() {
            int kind = random.nextInt(100);
            if (kind < 35) {
                return 1 + random.nextInt(100);
            }
            if (kind < 65) {
                return 1 + random.nextInt(16 << 10);
            }
            if (kind < 85) {
                return 1 + random.nextInt(128 << 10);
            }
            return kind < 97 ? 1 + random.nextInt(2 * BULK_BYTES) : bulkSize();
        }

        private int bulkSize() {
            return switch (random.nextInt(8)) {
                case 0, 1 -> BULK_BYTES + random.nextInt(7) - 3;
                case 2, 3 -> BULK_BYTES + random.nextInt(64 << 10) - (32 << 10);
                case 4, 5 -> 1 + random.nextInt(4 * BULK_BYTES);
                case 6 -> BULK_BYTES + random.nextInt(4 * BULK_BYTES);
                default -> BULK_BYTES + random.nextInt(12 * BULK_BYTES);
            };
        }

        private boolean chance(int oneIn) {
            return random.nextInt(oneIn) == 0;
        }
    }
}
