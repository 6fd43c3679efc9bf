package io.dynosend.web;

import io.dynosend.web.Visit.Answered;
import io.dynosend.web.Visit.Refused;
import io.dynosend.web.Visit.Unreachable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to web servers whose address a stranger wrote. A name is resolved once, every one of
 * its addresses must be public, and the connection goes to one of these, so that no second answer
 * of DNS leads elsewhere; each redirect is looked at as the first address was. Nothing is sent but
 * what is asked for, and no content is read.
 */
public final class WebVisitor {

    private static final Logger log = LoggerFactory.getLogger(WebVisitor.class);

    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private static final Duration EACH = Duration.ofSeconds(5);
    private static final Duration TOGETHER = Duration.ofSeconds(20);
    private static final int MOST = 50;
    private static final int MOST_REDIRECTS = 3;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    // They do not know HEAD (RFC 9110 §15.5.6, §15.6.2).
    private static final Set<Integer> ASK_AGAIN = Set.of(405, 501);

    private final Resolver resolver;
    private final Predicate<InetAddress> addresses;
    private final Predicate<Integer> ports;
    private final Duration each;
    private final Duration together;

    /** Asks public addresses on ports 80 and 443. */
    public WebVisitor() {
        this(
                InetAddress::getAllByName,
                PublicAddresses::contains,
                Set.of(80, 443)::contains,
                EACH,
                TOGETHER);
    }

    /**
     * With other limits, for servers of one's own.
     *
     * @param addresses that may be asked
     * @param ports that may be asked
     * @param each for one request
     * @param together for all of a {@link #visit}
     */
    WebVisitor(
            Resolver resolver,
            Predicate<InetAddress> addresses,
            Predicate<Integer> ports,
            Duration each,
            Duration together) {
        this.resolver = resolver;
        this.addresses = addresses;
        this.ports = ports;
        this.each = each;
        this.together = together;
    }

    /**
     * Looks at the first 50 of some addresses, all at once, within 20 seconds.
     *
     * @return what became of them in their order; the others are missing
     */
    public Map<String, Visit> visit(Collection<String> urls) {
        var distinct = urls.stream().distinct().limit(MOST).toList();
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            var tasks = distinct.stream().map(url -> (Callable<Visit>) () -> visit(url)).toList();
            var done = threads.invokeAll(tasks, together.toMillis(), TimeUnit.MILLISECONDS);
            var visits = new LinkedHashMap<String, Visit>();
            for (int i = 0; i < done.size(); i++) visits.put(distinct.get(i), result(done.get(i)));
            return visits;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        } finally {
            // Whoever still waits for DNS is not waited for.
            threads.shutdownNow();
        }
    }

    /** Looks at one address: HEAD, and GET where that is not known. */
    public Visit visit(String url) {
        var target = WebTarget.of(url).orElse(null);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            if (target == null) return new Refused("it is no web address, or holds a password");
            try {
                var reply = asked(target);
                if (reply.location() == null || !REDIRECTS.contains(reply.status())) {
                    return new Answered(reply.status());
                }
                target = target.redirected(reply.location()).orElse(null);
            } catch (RefusedException e) {
                return new Refused(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                return new Unreachable(why(e));
            }
        }
        return new Unreachable("it redirects more than %d times".formatted(MOST_REDIRECTS));
    }

    private Visit result(Future<Visit> visit) throws InterruptedException {
        try {
            return visit.get();
        } catch (CancellationException _) {
            return new Unreachable("no answer in time");
        } catch (ExecutionException e) {
            log.error("A web server could not be visited", e.getCause());
            return new Unreachable("it could not be visited");
        }
    }

    private WebReply asked(WebTarget target) throws IOException {
        var address = allowed(target);
        var reply = WebRequest.send("HEAD", target, address, each);
        return ASK_AGAIN.contains(reply.status())
                ? WebRequest.send("GET", target, address, each)
                : reply;
    }

    private InetAddress allowed(WebTarget target) throws IOException {
        if (!ports.test(target.port())) {
            throw new RefusedException("port %d is none of the web".formatted(target.port()));
        }
        var found = resolver.addresses(target.host());
        // A name with a public address beside an inner one would let chance decide.
        if (found.length == 0 || !List.of(found).stream().allMatch(addresses)) {
            throw new RefusedException("its address is not on the public internet");
        }
        return found[0];
    }

    // What a server says of itself is not shown to whoever wrote the address.
    private static String why(IOException problem) {
        return switch (problem) {
            case UnknownHostException _ -> "there is no such host";
            case SocketTimeoutException _ -> "no answer in time";
            case SSLException _ -> "its certificate or its TLS is not accepted";
            default -> "no connection";
        };
    }

    /** Said of an address before anything is sent to it. */
    private static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        RefusedException(String why) {
            super(why);
        }
    }
}
