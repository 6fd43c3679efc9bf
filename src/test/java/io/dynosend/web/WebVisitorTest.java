package io.dynosend.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dynosend.web.Visit.Answered;
import io.dynosend.web.Visit.Refused;
import io.dynosend.web.Visit.Unreachable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of web servers, and what never is. */
class WebVisitorTest {

    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final HttpServer server = server();
    private final int port = server.getAddress().getPort();
    private final String base = "http://shop.example:" + port;
    private final WebVisitor visitor = visitor(Duration.ofSeconds(5), Duration.ofSeconds(20));

    @BeforeEach
    void start() {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aPageThatIsThereIsFoundWithOneHeadAndTheHostsName() {
        assertThat(visitor.visit(base + "/200?a=b#part")).isEqualTo(new Answered(200));

        assertThat(asked).containsExactly("HEAD /200?a=b shop.example:" + port);
    }

    @Test
    void aPageThatIsGoneIsToldByItsStatus() {
        assertThat(visitor.visit(base + "/404")).isEqualTo(new Answered(404));
        assertThat(visitor.visit(base + "/410")).isEqualTo(new Answered(410));
    }

    @Test
    void whereHeadIsNotKnownGetIsAsked() {
        assertThat(visitor.visit(base + "/405")).isEqualTo(new Answered(200));
        assertThat(visitor.visit(base + "/501")).isEqualTo(new Answered(200));

        assertThat(asked)
                .extracting(each -> each.substring(0, each.indexOf(' ')))
                .containsExactly("HEAD", "GET", "HEAD", "GET");
    }

    @Test
    void redirectsAreFollowedThreeTimes() {
        assertThat(visitor.visit(base + "/redirect/3")).isEqualTo(new Answered(200));
        assertThat(visitor.visit(base + "/redirect/4"))
                .isEqualTo(new Unreachable("it redirects more than 3 times"));
    }

    @Test
    void aRedirectToAnInnerAddressIsNotFollowed() {
        assertThat(visitor.visit(base + "/to?http://inner.example:" + port + "/200"))
                .isEqualTo(new Refused("its address is not on the public internet"));
        assertThat(visitor.visit(base + "/to?file:///etc/passwd")).isInstanceOf(Refused.class);
        assertThat(visitor.visit(base + "/to?gopher://shop.example/")).isInstanceOf(Refused.class);
        assertThat(visitor.visit(base + "/to?http://u:p@shop.example:" + port + "/"))
                .isInstanceOf(Refused.class);

        assertThat(asked).hasSize(4).noneMatch(each -> each.startsWith("HEAD /200"));
    }

    @Test
    void aNameIsResolvedOncePerRequestAndAllItsAddressesMustBePublic() {
        var resolutions = new AtomicInteger();
        var rebinding =
                visitor(_ -> {
                    resolutions.incrementAndGet();
                    return new InetAddress[] {HERE};
                });

        assertThat(rebinding.visit(base + "/405")).isEqualTo(new Answered(200));
        assertThat(resolutions).hasValue(1);

        var both = visitor(_ -> new InetAddress[] {HERE, InetAddress.ofLiteral("10.0.0.1")});
        assertThat(both.visit(base + "/200")).isInstanceOf(Refused.class);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aHostThatIsNotThereIsUnreachable() {
        assertThat(visitor.visit("http://nowhere.example:" + port))
                .isEqualTo(new Unreachable("there is no such host"));
    }

    @Test
    void aServerThatIsSlowOrSilentEndsWithTheLimit() throws IOException {
        try (var silent = new ServerSocket(0, 5, HERE)) {
            var impatient = visitor(Duration.ofMillis(300), Duration.ofSeconds(20));

            assertThat(impatient.visit("http://shop.example:" + silent.getLocalPort()))
                    .isEqualTo(new Unreachable("no answer in time"));
            assertThat(impatient.visit("https://shop.example:" + silent.getLocalPort()))
                    .isEqualTo(new Unreachable("no answer in time"));
        }
    }

    @Test
    void allTogetherEndWithTheirLimit() throws IOException {
        try (var silent = new ServerSocket(0, 50, HERE)) {
            var impatient = visitor(Duration.ofSeconds(60), Duration.ofMillis(300));
            String url = "http://shop.example:" + silent.getLocalPort() + "/";

            var visits = impatient.visit(List.of(url + "a", url + "b"));

            assertThat(visits.values())
                    .containsExactly(
                            new Unreachable("no answer in time"),
                            new Unreachable("no answer in time"));
        }
    }

    @Test
    void fiftyDistinctAddressesAreLookedAtAndEachOnce() {
        var urls = IntStream.range(0, 120).mapToObj(i -> base + "/200?" + i / 2).toList();

        var visits = visitor.visit(urls);

        assertThat(visits)
                .hasSize(50)
                .allSatisfy((_, visit) -> assertThat(visit).isEqualTo(new Answered(200)));
        assertThat(asked).hasSize(50);
    }

    @Test
    void whatIsNoHttpIsNoAnswer() throws IOException {
        try (var talker = new ServerSocket(0, 5, HERE)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (var connection = talker.accept()) {
                            connection
                                    .getOutputStream()
                                    .write(
                                            "220 mail ready\r\n\r\n"
                                                    .getBytes(StandardCharsets.US_ASCII));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });

            assertThat(visitor.visit("http://shop.example:" + talker.getLocalPort()))
                    .isEqualTo(new Unreachable("no connection"));
        }
    }

    @Test
    void aLinkCannotWriteIntoTheRequest() {
        assertThat(visitor.visit(base + "/200\r\nX-Evil: 1")).isEqualTo(new Answered(200));

        assertThat(asked.peek()).startsWith("HEAD /200%0D%0AX-Evil:%201 ");
    }

    /** The list of S1: the way it is written does not matter, only where it leads. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://127.1.2.3/",
                "http://2130706433/",
                "http://0/",
                "http://0.0.0.0/",
                "http://10.0.0.1/",
                "http://100.64.0.1/",
                "http://100.100.100.200/",
                "http://169.254.169.254/latest/meta-data/",
                "http://168.63.129.16/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.1.1/",
                "http://192.0.0.192/",
                "http://192.88.99.1/",
                "http://198.18.0.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "http://[::]/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://[::ffff:8.8.8.8]:22/",
                "http://[::127.0.0.1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[64:ff9b:1::7f00:1]/",
                "http://[2001::1]/",
                "http://[2002:7f00:1::]/",
                "http://[2001:db8::1]/",
                "http://[fc00::1]/",
                "http://[fd00:ec2::254]/",
                "http://[fe80::1]/",
                "http://[fec0::1]/",
                "http://[ff02::1]/",
                "http://localhost/",
                "https://LOCALHOST/",
                "http://8.8.8.8:22/",
                "http://8.8.8.8:8080/",
                "https://8.8.8.8:25/",
                "http://user:password@8.8.8.8/",
                "http://8.8.8.8@127.0.0.1/",
                "ftp://8.8.8.8/",
                "file:///etc/passwd",
                "gopher://8.8.8.8/",
                "jar:http://8.8.8.8!/",
                "javascript:alert(1)",
                "//8.8.8.8/",
                "http:///",
                "http://"
            })
    void innerAddressesAndOtherProtocolsAreRefused(String url) {
        assertThat(new WebVisitor().visit(url)).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "100.63.255.255",
                "172.32.0.1",
                "2606:4700::1111",
                "2a00:1450::1"
            })
    void publicAddressesAreNot(String address) {
        assertThat(PublicAddresses.contains(InetAddress.ofLiteral(address))).isTrue();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getRawQuery();
        asked.add(
                exchange.getRequestMethod()
                        + " "
                        + exchange.getRequestURI()
                        + " "
                        + exchange.getRequestHeaders().getFirst("Host"));
        int status = 200;
        if (path.startsWith("/redirect/")) {
            int left = Integer.parseInt(path.substring("/redirect/".length()));
            status = 302;
            exchange.getResponseHeaders()
                    .set("Location", left == 1 ? "/200" : "/redirect/" + (left - 1));
        } else if (path.equals("/to")) {
            status = 301;
            exchange.getResponseHeaders().set("Location", query);
        } else if (path.matches("/40[45]|/410|/501")) {
            boolean get = exchange.getRequestMethod().equals("GET");
            status = get ? 200 : Integer.parseInt(path.substring(1));
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static WebVisitor visitor(WebVisitor.Resolver resolver) {
        return new WebVisitor(
                resolver, HERE::equals, _ -> true, Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    private static WebVisitor visitor(Duration each, Duration together) {
        return new WebVisitor(WebVisitorTest::resolved, HERE::equals, _ -> true, each, together);
    }

    private static InetAddress[] resolved(String host) throws UnknownHostException {
        return switch (host) {
            case "shop.example" -> new InetAddress[] {HERE};
            case "inner.example" -> new InetAddress[] {InetAddress.ofLiteral("192.168.0.1")};
            default -> throw new UnknownHostException(host);
        };
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(HERE, 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
