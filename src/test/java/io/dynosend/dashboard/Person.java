package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.Http;
import io.dynosend.Http.Reply;
import java.net.URLEncoder;
import java.util.Map;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** Somebody at a browser without scripts: keeps a cookie and sends forms with what is in them. */
final class Person {

    static final String PASSWORD = "a long password";

    private final Http http;
    private String cookie = "";

    Person(int port) {
        http = new Http(port, "");
    }

    /** The answer, without following where it leads. */
    Reply signIn(String email, String password, String... more) {
        var fields =
                more.length == 0
                        ? Map.of("email", email, "password", password)
                        : Map.of("email", email, "password", password, more[0], more[1]);
        return enter("/app/sign-in", fields);
    }

    /** A form at the door, and the cookie that comes with the answer, if one does. */
    Reply enter(String path, Map<String, String> fields) {
        var reply = send(path, encoded(fields));
        reply.headers().allValues("Set-Cookie").stream()
                .map(set -> set.substring(0, set.indexOf(';')))
                .filter(set -> !set.endsWith("="))
                .forEach(set -> cookie = set);
        return reply;
    }

    String cookie() {
        return cookie;
    }

    void plant(String otherCookie) {
        cookie = otherCookie;
    }

    Reply get(String path, String... headers) {
        var all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Cookie";
        all[headers.length + 1] = cookie;
        return http.get(path, all);
    }

    Document page(String path) {
        return Jsoup.parse(get(path).body(), "http://localhost:" + http.port() + path);
    }

    /** With the token that our own pages have in their forms. */
    Reply post(String path, Map<String, String> fields, String... headers) {
        return send(path, encoded(fields) + "&form_token=" + formToken(), headers);
    }

    /** As above, of a form whose fields may come more than once. */
    Reply postAll(String path, String body) {
        return send(path, body + "&form_token=" + formToken());
    }

    /** A form with a file. */
    Reply upload(String path, String fileName, byte[] file) {
        return http.upload(
                path, Map.of("form_token", formToken()), fileName, file, "Cookie", cookie);
    }

    Reply postWithout(String path, Map<String, String> fields, String... headers) {
        return send(path, encoded(fields), headers);
    }

    /** What our own pages have in their forms. */
    String formToken() {
        return page("/app/you").select("input[name=form_token]").attr("value");
    }

    private Reply send(String path, String body, String... headers) {
        var all = new String[headers.length + 4];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Cookie";
        all[headers.length + 1] = cookie;
        all[headers.length + 2] = "Content-Type";
        all[headers.length + 3] = "application/x-www-form-urlencoded";
        return http.post(path, body, all);
    }

    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8)
                                + "="
                                + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }
}
