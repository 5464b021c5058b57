package io.penstock.vrrp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.cli.ProgramNames;
import io.penstock.health.HealthPlan;
import io.penstock.testing.Typed;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.TrackConfig;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.config.VrrpConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people have in keepalived.conf, and that it is a configuration of this agent afterwards. */
class ImportCommandTest {
    private static final Path SAMPLES = Path.of("/usr/share/doc/keepalived/samples");

    private static final Path KILLALL = Path.of("/usr/bin/killall");

    @TempDir
    private Path directory;

    /** As tutorials of nginx have it: the timeout is often longer than the interval. */
    @Test
    void shouldConvertAPairInFrontOfNginx() throws IOException {
        RouterConfig router = convert("""
                ! Configuration File for keepalived
                global_defs {
                   notification_email {
                     root@localhost
                   }
                   router_id LB_1
                   script_user root
                   enable_script_security
                }
                vrrp_script chk_nginx {
                    script "/usr/bin/pgrep -f 'nginx: master'"   # cheap
                    interval 2
                    timeout 5
                    weight 2
                    fall 2
                    rise 1
                }
                vrrp_instance VI_1 {
                    state MASTER
                    interface eth0
                    virtual_router_id 51
                    priority 101
                    advert_int 1
                    authentication {
                        auth_type PASS
                        auth_pass 1111
                    }
                    virtual_ipaddress {
                        192.168.1.100
                    }
                    track_script {
                        chk_nginx
                    }
                }
                """, 3).routers().get("VI_1");
        assertEquals("1111", router.password().orElseThrow());
        assertEquals(32, router.vips().get(0).prefixBits());
        HealthPlan plan = ((TrackConfig.Checks) router.tracks().get(0)).plan();
        assertEquals("[/bin/sh, -c, /usr/bin/pgrep -f 'nginx: master']", command(plan));
    }

    /** Without the link-local address that the RFC has IPv6 begin with: keepalived only warns. */
    @Test
    void shouldConvertAGroupOfBothFamilies() throws IOException {
        VrrpConfig config = convert("""
                global_defs {
                    vrrp_version 3
                    vrrp_garp_master_refresh 60
                    vrrp_garp_interval 0
                }
                vrrp_script chk_named {
                    script "/usr/bin/test -S /run/named.ctl"
                }
                vrrp_sync_group VG_1 {
                    group {
                        VI_IPV4
                        VI_IPV6
                    }
                    track_script {
                        chk_named
                    }
                    notify_master "/etc/keepalived/notify.sh master"
                    notify_backup "/etc/keepalived/notify.sh backup"
                    notify_fault  "/etc/keepalived/notify.sh fault"
                    smtp_alert
                }
                vrrp_instance VI_IPV4 {
                    interface ens192
                    state BACKUP
                    virtual_router_id 10
                    priority 100
                    nopreempt
                    virtual_ipaddress {
                        203.0.113.10/24 brd 203.0.113.255 dev ens192 label ens192:vip
                    }
                    track_script {
                        chk_named
                    }
                }
                vrrp_instance VI_IPV6 {
                    interface ens192
                    state BACKUP
                    virtual_router_id 10
                    priority 100
                    nopreempt
                    virtual_ipaddress {
                        2001:db8::10/64
                    }
                }
                """, 1);
        List<VipConfig> vips = config.routers().get("VI_IPV6").vips();
        assertEquals("fe80::200:5eff:fe00:20a", vips.get(0).address().toString());
        assertEquals("2001:db8::10", vips.get(1).address().toString());
        assertEquals(List.of("VI_IPV4", "VI_IPV6"), config.groups().get("VG_1").routers());
        config.routers()
                .values()
                .forEach(router -> assertEquals(
                        List.of("chk_named"),
                        router.tracks().stream().map(TrackConfig::name).toList()));
    }

    /** Where there is no multicast, and an address is moved by a program that is told. */
    @Test
    void shouldConvertUnicastWithProgramsThatAreTold() throws IOException {
        VrrpConfig config = convert("""
                vrrp_script chk_haproxy {
                    script "test -S /run/haproxy.sock"
                    interval 2
                    weight 0
                }
                vrrp_script chk_app {
                    script "curl -fsS http://127.0.0.1:8080/health >/dev/null"
                    interval 5
                    fall 3
                    rise 2
                    weight -20
                }
                vrrp_instance VI_1 {
                    debug 2
                    interface eth1
                    state MASTER
                    virtual_router_id 1
                    priority 110
                    unicast_src_ip 10.0.0.11
                    unicast_peer {
                        10.0.0.12
                        10.0.0.13
                    }
                    authentication {
                        auth_type PASS
                        auth_pass k33p4l1v3d
                    }
                    track_script {
                        chk_haproxy
                        chk_app
                    }
                    track_interface {
                        eth0 weight -30
                    }
                    virtual_ipaddress {
                        10.0.0.100/32 dev eth1
                    }
                    notify /etc/keepalived/failover.sh
                    notify_master "/etc/keepalived/assign-ip.sh 10.0.0.100"
                }
                """, 0);
        RouterConfig router = config.routers().get("VI_1");
        assertEquals(2, router.unicast().orElseThrow().peers().size());
        assertEquals("k33p4l1v", router.password().orElseThrow());
        assertEquals(2, config.hooks().size());
    }

    private static String command(HealthPlan plan) {
        return plan.toString().replaceFirst(".*command=(\\[.*?\\]).*", "$1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vrrp",
                "vrrp.localcheck",
                "vrrp.lvs_syncd",
                "vrrp.routes",
                "vrrp.rules",
                "vrrp.scripts",
                "vrrp.static_ipaddress",
                "vrrp.sync",
                "sample",
                "track_interface",
                "conditional_conf"
            })
    void shouldConvertSamplesOfKeepalived(String name) throws IOException {
        Path sample = SAMPLES.resolve("keepalived.conf." + name);
        assumeTrue(Files.exists(sample), "skipped: keepalived's samples are not installed");
        assumeTrue(Files.isExecutable(KILLALL), "skipped: there is no " + KILLALL + ", which some of them run");
        assertTrue(!convert(sample).routers().isEmpty());
    }

    /** @param different how many remarks there are that somebody has to look at */
    private VrrpConfig convert(String text, int different) throws IOException {
        Path file = Files.writeString(directory.resolve("keepalived.conf"), text);
        VrrpConfig config = convert(file);
        String result = Files.readString(directory.resolve("vrrp-agent.yaml"));
        try (Stream<String> lines = result.lines()) {
            assertEquals(
                    different, lines.filter(line -> line.contains("DIFFERENT")).count(), result);
        }
        return config;
    }

    private VrrpConfig convert(Path file) throws IOException {
        Typed typed = Typed.of(new ImportCommand(), new ProgramNames("agent", "PENSTOCK_VRRP_ADMIN"), file.toString());
        assertEquals(0, typed.exitCode(), typed.err());
        return VrrpConfigReader.read(Files.writeString(directory.resolve("vrrp-agent.yaml"), typed.out()));
    }
}
