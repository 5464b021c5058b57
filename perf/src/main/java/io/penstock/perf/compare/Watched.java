package io.penstock.perf.compare;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.perf.rig.ForwarderProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A forwarder that records what it can: latencies, the kernel's view of its sockets, a line for each flow; and is scraped
 * every second while it is measured, as by Prometheus.
 */
final class Watched {
    private static final Duration SCRAPE_INTERVAL = Duration.ofSeconds(1);

    /** So that what answers is compiled before anything is measured, as it is after a few hours. */
    private static final Duration WARM_UP_INTERVAL = Duration.ofMillis(20);

    private static final Duration SCRAPE_LIMIT = Duration.ofSeconds(5);
    private static final String ADMIN = "admin.sock";
    private static final String FLOWS = "flows.log";

    private final Path launcher;
    private Path directory;
    private int scrapes;

    Watched(Path launcher) {
        this.launcher = launcher;
    }

    /** The other one: the same, but nothing is recorded beyond counters, and nobody asks. */
    static Contestant byNobody(Path launcher) {
        return new Contestant("unseen", new Program(launcher) {
            @Override
            public String config(Tuning tuning, Link link, Path directory) {
                return "metrics: { latencies: none, tcp-info: none }\n" + admin(directory)
                        + PenstockConfig.byDefault(link);
            }
        });
    }

    Contestant contestant() {
        return new Contestant("seen", new Program(launcher) {
            @Override
            public String config(Tuning tuning, Link link, Path own) {
                directory = own;
                return """
                        metrics: { latencies: auto, tcp-info: 1s }
                        flow-log: { format: json, sample: 100%%, file: { path: "%s", max-size: 64MiB, keep: 1 } }
                        """.formatted(own.resolve(FLOWS)) + admin(own) + PenstockConfig.byDefault(link);
            }
        });
    }

    private static String admin(Path directory) {
        return "admin: { listen: \"unix:" + directory.resolve(ADMIN) + "\" }\n";
    }

    /** As it will be used, but asked far more often. */
    void warmUp(Bench bench, int seconds) throws IOException, InterruptedException {
        Thread scraping = scraping(WARM_UP_INTERVAL);
        try {
            Work unused = bench.warmUp(seconds, Pace.USUAL);
        } finally {
            end(scraping);
        }
        scrapes = 0;
    }

    /** Measures it while it is scraped; the scraping itself is the clients' CPU time, answering is its own. */
    Measurement measure(Bench bench) throws IOException, InterruptedException {
        Thread scraping = scraping(SCRAPE_INTERVAL);
        try {
            return bench.measure(Pace.USUAL);
        } finally {
            end(scraping);
        }
    }

    private Thread scraping(Duration interval) {
        Thread scraping = new Thread(() -> scrape(interval), "scrape");
        scraping.setDaemon(true);
        scraping.start();
        return scraping;
    }

    private static void end(Thread scraping) throws InterruptedException {
        scraping.interrupt();
        scraping.join();
    }

    private void scrape(Duration interval) {
        AdminAddress address =
                AdminAddress.parse("unix:" + directory.resolve(ADMIN)).orElseThrow();
        try (AdminClient client = new AdminClient(address, SCRAPE_LIMIT)) {
            while (!Thread.currentThread().isInterrupted()) {
                if (client.send("GET", "/metrics", Optional.empty()).isSuccess()) {
                    scrapes++;
                }
                Thread.sleep(interval.toMillis());
            }
        } catch (IOException e) {
            System.err.println("scrape: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many succeeded; between measurements only. */
    int scrapes() {
        return scrapes;
    }

    /** What the flow log has now. */
    long loggedBytes() throws IOException {
        Path flows = directory.resolve(FLOWS);
        return Files.exists(flows) ? Files.size(flows) : 0;
    }

    private abstract static class Program implements Contestant.Program {
        private final Path launcher;

        private Program(Path launcher) {
            this.launcher = launcher;
        }

        @Override
        public List<String> command(Path config, Path directory) {
            return ForwarderProcess.command(launcher, config);
        }
    }
}
