package io.penstock.vrrp.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.testing.FrrInstallation;
import io.penstock.testing.NetworkNamespace;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** Whose implementation a member is. */
enum Kind {
    PENSTOCK {
        @Override
        Member member(
                NetworkNamespace host, Path directory, Port port, Profile profile, int priority, Duration interval)
                throws Exception {
            return new PenstockMember(host, directory, port, profile, priority, interval);
        }

        @Override
        void assumePresent() {
            assumeTrue(Files.isExecutable(PenstockMember.LAUNCHER), "skipped: there is no " + PenstockMember.LAUNCHER);
        }
    },
    KEEPALIVED {
        @Override
        Member member(
                NetworkNamespace host, Path directory, Port port, Profile profile, int priority, Duration interval)
                throws Exception {
            return new KeepalivedMember(host, directory, port, profile, priority, interval);
        }

        @Override
        void assumePresent() {
            assumeOnPath("keepalived");
        }
    },
    FRR {
        @Override
        Member member(
                NetworkNamespace host, Path directory, Port port, Profile profile, int priority, Duration interval)
                throws Exception {
            return new FrrMember(host, directory, port, profile, priority, interval);
        }

        @Override
        void assumePresent() {
            assumeTrue(FrrInstallation.find("vrrpd").isPresent(), "skipped: FRR is not installed");
        }
    };

    /**
     * Not running yet.
     *
     * @param directory for its files
     */
    abstract Member member(
            NetworkNamespace host, Path directory, Port port, Profile profile, int priority, Duration interval)
            throws Exception;

    /** The calling test is skipped when it is not there. */
    abstract void assumePresent();

    static void assumeOnPath(String tool) {
        boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
        assumeTrue(found, "skipped: no " + tool + " on the PATH");
    }
}
