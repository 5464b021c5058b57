package io.penstock.bgp.health;

import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.config.VipHealth.Services;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.net.IpAddress;
import io.penstock.serving.VipVerdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A VIP, what was said of its services, and what is known of it for that. While the services leave it open how it is, it is as it was
 * before: at first UNKNOWN, and in another configuration, whose checks have yet to speak, as good as in the former. NOT thread safe.
 */
final class WatchedVip {
    private final VipConfig config;
    private final Map<String, ServiceWord> words = new LinkedHashMap<>();
    private Condition condition;

    /** One of which nothing is known. */
    WatchedVip(VipConfig config, long nowNs) {
        this(config, new Condition(Level.UNKNOWN, false, nowNs, "nothing heard yet"));
        services().ifPresent(how -> how.services()
                .forEach((name, service) -> words.put(name, new ServiceWord(service, nowNs))));
    }

    private WatchedVip(VipConfig config, Condition condition) {
        this.config = config;
        this.condition = condition;
    }

    /** The same VIP in another configuration: what was said of services that stay counts on. */
    WatchedVip with(VipConfig next, long nowNs) {
        if (!next.prefix().equals(config.prefix()) || !next.address().equals(config.address())) {
            return new WatchedVip(next, nowNs);
        }
        WatchedVip same = new WatchedVip(next, condition);
        same.services().ifPresent(how -> how.services().forEach((name, service) -> {
            ServiceWord former = words.get(name);
            boolean stays = former != null && former.isAbout(service);
            same.words.put(name, stays ? former : new ServiceWord(service, nowNs));
        }));
        return same;
    }

    private Optional<Services> services() {
        return config.health() instanceof Services services ? Optional.of(services) : Optional.empty();
    }

    void hear(String service, VipVerdict verdict, long nowNs) {
        ServiceWord word = words.get(service);
        if (word != null) {
            word.hear(verdict, nowNs);
        }
    }

    void look(long nowNs) {
        words.values().forEach(word -> word.look(nowNs));
    }

    /**
     * Makes up its mind anew; whether that is other than before, apart from its reason.
     *
     * @param addresses of this host
     */
    boolean judge(Predicate<IpAddress> addresses, long nowNs) {
        Quorum quorum = services()
                .map(how -> Quorum.of(words, how.atLeast()))
                .orElseGet(() -> new Quorum(Level.UP, "not checked"));
        boolean open = quorum.level() == Level.UNKNOWN;
        Level level = open ? condition.level() : quorum.level();
        String why = open && level != Level.UNKNOWN ? "as before; " + quorum.reason() : quorum.reason();
        boolean present =
                !config.presence() || config.address().filter(addresses).isPresent();
        boolean changed = level != condition.level() || present != condition.present();
        condition = new Condition(level, present, changed ? nowNs : condition.atNs(), reason(level, present, why));
        return changed;
    }

    private String reason(Level level, boolean present, String why) {
        if (present || level == Level.DOWN) {
            return why;
        }
        String absent = config.address().map(IpAddress::toString).orElse("its address") + " is not on this host";
        return level == Level.UNKNOWN ? absent + "; " + why : absent;
    }

    Condition condition() {
        return condition;
    }
}
