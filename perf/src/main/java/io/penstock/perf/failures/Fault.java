package io.penstock.perf.failures;

import java.io.IOException;

/** One failure of one backend, made and undone. */
final class Fault {
    private final Failure failure;
    private final BackendProcess victim;

    Fault(Failure failure, BackendProcess victim) {
        this.failure = failure;
        this.victim = victim;
    }

    /** What would disturb the clients if it were done while they are watched. */
    void prepare() throws IOException, InterruptedException {
        if (failure == Failure.KILLED) {
            victim.startSuccessor();
        }
    }

    void inject() throws IOException, InterruptedException {
        switch (failure) {
            case KILLED -> victim.kill();
            case REFUSING -> victim.tell("close");
            case STOPPED -> victim.signal("STOP");
            case BLACKHOLED -> Blackhole.drop(victim.server().port());
            case SILENT -> victim.tell("silent");
            case RESETTING -> victim.tell("resetting");
        }
    }

    void recover() throws IOException, InterruptedException {
        switch (failure) {
            case KILLED, REFUSING -> victim.tell("open");
            case STOPPED -> victim.signal("CONT");
            case BLACKHOLED -> Blackhole.clear();
            case SILENT, RESETTING -> victim.tell("serving");
        }
    }
}
