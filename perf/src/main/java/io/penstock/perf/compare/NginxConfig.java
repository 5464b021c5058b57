package io.penstock.perf.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What nginx is given, as a proxy and as the backend of wrk. */
public final class NginxConfig {
    /** More than any workload has at once, both sides together; each costs it some hundred bytes from the start. */
    private static final int CONNECTIONS_CROWD = 19_000;

    private static final int CONNECTIONS = 4_096;
    private static final String STREAM_MODULE = "ngx_stream_module.so";

    private NginxConfig() {}

    /** The stream proxy with one worker process; for bulk with the buffer that moves most. */
    static String proxy(Tuning tuning, Link link, Path binary, Path directory) {
        int connections = tuning == Tuning.CROWD ? CONNECTIONS_CROWD : CONNECTIONS;
        String buffer = tuning == Tuning.BULK ? "    proxy_buffer_size 128k;\n" : "";
        return """
                %s%sstream {
                  access_log off;
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    proxy_pass 127.0.0.1:%d;
                    proxy_timeout 1h;
                %s  }
                }
                """.formatted(loadModule(binary), main(connections, directory), link.port(), link.backendPort(), buffer);
    }

    /**
     * The stream proxy for UDP, on 127.0.0.1, with one worker process. It reads one datagram a wake-up unless it is told
     * {@code multi_accept}, and has the kernel drop bursts unless it is told {@code rcvbuf}.
     *
     * @param listeners of each server: its port, the port it passes to, and more directives
     */
    public static String datagrams(Path binary, Path directory, List<DatagramServer> listeners) {
        StringBuilder servers = new StringBuilder();
        for (DatagramServer server : listeners) {
            servers.append("""
                      server {
                        listen 127.0.0.1:%d udp reuseport rcvbuf=4m sndbuf=4m;
                        proxy_pass 127.0.0.1:%d;
                        proxy_timeout 1m;
                        %s
                      }
                    """.formatted(server.port(), server.backendPort(), server.directives()));
        }
        return """
                %s%sstream {
                  access_log off;
                %s}
                """.formatted(loadModule(binary), main(CONNECTIONS_CROWD, directory, "  multi_accept on;\n"), servers);
    }

    /** A server of {@link #datagrams}. */
    public record DatagramServer(int port, int backendPort, String directives) {}

    /** A server of one small page. */
    static String backend(int port, Path directory) {
        return """
                %shttp {
                  access_log off;
                  keepalive_requests 1000000000;
                  client_body_temp_path %2$s/body;
                  proxy_temp_path %2$s/proxy;
                  fastcgi_temp_path %2$s/fastcgi;
                  uwsgi_temp_path %2$s/uwsgi;
                  scgi_temp_path %2$s/scgi;
                  server {
                    listen 127.0.0.1:%3$d backlog=4096;
                    location / {
                      default_type text/plain;
                      return 200 "hello, world\\n";
                    }
                  }
                }
                """.formatted(main(CONNECTIONS, directory), directory, port);
    }

    public static List<String> command(Path config, Path directory) throws IOException {
        // -e: until the configuration is read, messages go there and not to a file of the system.
        return List.of(
                Tools.require("nginx").toString(), "-e", "stderr", "-p", directory.toString(), "-c", config.toString());
    }

    private static String main(int connections, Path directory) {
        return main(connections, directory, "");
    }

    private static String main(int connections, Path directory, String events) {
        return """
                daemon off;
                worker_processes 1;
                worker_rlimit_nofile %d;
                pid %s/nginx.pid;
                error_log stderr warn;
                events {
                  worker_connections %d;
                %s}
                """.formatted(connections + 100, directory, connections, events);
    }

    /** Debian ships the module as a file beside the binary's directory; elsewhere it is often built in. */
    private static String loadModule(Path binary) {
        Path module =
                binary.resolve("../../lib/nginx/modules").resolve(STREAM_MODULE).normalize();
        return Files.exists(module) ? "load_module " + module + ";\n" : "";
    }
}
