package io.penstock.vrrp.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Two members on one network, of which one is to own the VIP. It has the higher address too, and is at port B. */
final class Pair {
    static final int HIGHER = 150;
    static final int LOWER = 100;

    private final Versus versus;
    private final Path directory;
    private final Lan lan;
    private final Capture capture;
    private final Asker asker;
    private final Judge judge;
    private Member higher;
    private Member lower;

    /** Neither runs. */
    Pair(Versus versus, Path directory) throws Exception {
        this.versus = versus;
        this.directory = directory;
        lan = new Lan(directory);
        capture = lan.capture();
        asker = lan.ask(versus.profile().family());
        judge = new Judge(lan, capture, versus.profile(), this::logs);
        higher = member(Port.B, HIGHER, versus.profile().interval());
        lower = member(Port.A, LOWER, versus.profile().interval());
    }

    private Member member(Port port, int priority, Duration interval) throws Exception {
        Path own = Files.createTempDirectory(directory, port.name());
        Kind kind = (port == Port.B) == versus.oursIsHigher() ? versus.ours() : versus.theirs();
        return kind.member(lan.host(port), own, port, versus.profile(), priority, interval);
    }

    Lan lan() {
        return lan;
    }

    Judge judge() {
        return judge;
    }

    int version() {
        return versus.profile().version();
    }

    Duration interval() {
        return versus.profile().interval();
    }

    Member higher() {
        return higher;
    }

    Member lower() {
        return lower;
    }

    boolean isOurs(Member member) {
        return (member == higher) == versus.oursIsHigher();
    }

    /** Whatever a test has done: both run, and the higher one owns the VIP. */
    void settle() throws Exception {
        startBoth();
        judge.awaitOwner(higher.port());
    }

    /** Those that do not run. */
    void startBoth() throws Exception {
        for (Member member : List.of(higher, lower)) {
            if (!member.isRunning()) {
                lan.plug(member.port());
                member.start();
            }
        }
    }

    /** After the lower one has claimed the VIP too: the higher one alone has it, and has said so, if it is one that does. */
    void awaitAgreement() throws Exception {
        if (!higher.announcesAgain()) {
            judge.awaitAlone(higher.port());
            lan.forget();
        }
        judge.awaitOwner(higher.port());
    }

    /** As if its host had died with it, unless it leaves nothing behind there. */
    void kill(Member member) throws Exception {
        if (!member.leavesNothing()) {
            lan.unplug(member.port());
        }
        member.kill();
    }

    /** Others in their places, which do not run yet. */
    void replace(int higherPriority, Duration higherInterval, int lowerPriority, Duration lowerInterval)
            throws Exception {
        stopBoth();
        judge.startAfresh();
        higher = member(Port.B, higherPriority, higherInterval);
        lower = member(Port.A, lowerPriority, lowerInterval);
    }

    /** The ones that were there at first. */
    void restore() throws Exception {
        replace(HIGHER, versus.profile().interval(), LOWER, versus.profile().interval());
    }

    private void stopBoth() throws Exception {
        for (Member member : List.of(higher, lower)) {
            if (member.isRunning()) {
                member.terminate();
            }
            member.end();
        }
    }

    private String logs() {
        return higher.port() + ":\n" + higher.log() + "\n" + lower.port() + ":\n" + lower.log();
    }

    void end() throws Exception {
        higher.end();
        lower.end();
        asker.end();
        capture.end();
        lan.close();
    }
}
