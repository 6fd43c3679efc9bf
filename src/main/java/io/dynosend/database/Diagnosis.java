package io.dynosend.database;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says of an error on the way into a database what is wrong and what to do. */
final class Diagnosis {

    private Diagnosis() {}

    static DatabaseUnavailable of(Exception error, Endpoint endpoint) {
        var text =
                causes(error)
                        .map(cause -> known(cause, endpoint))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseGet(() -> unknown(error, endpoint));
        return new DatabaseUnavailable(text, error);
    }

    /** Innermost first: the socket knows better than the driver, and the driver than Flyway. */
    private static Stream<Throwable> causes(Throwable error) {
        return Stream.<Throwable>iterate(error, Objects::nonNull, Throwable::getCause)
                .toList()
                .reversed()
                .stream();
    }

    private static @Nullable String known(Throwable cause, Endpoint endpoint) {
        var where = endpoint.where();
        return switch (cause) {
            case UnknownHostException _ ->
                    "The host of the database %s is not known; check DYNOSEND_DATABASE_URL"
                            .formatted(where);
            case ConnectException _, NoRouteToHostException _ ->
                    "No PostgreSQL answers at %s; start it, or correct DYNOSEND_DATABASE_URL"
                            .formatted(where);
            case SocketTimeoutException _ -> silent(where);
            case SQLException timedOut
                    when timedOut.getCause() == null && "08001".equals(timedOut.getSQLState()) ->
                    silent(where);
            case SQLException refused when refused.getSQLState() != null ->
                    refused(refused, endpoint);
            default -> null;
        };
    }

    private static String silent(String where) {
        return "The database %s does not answer in time; check its host and the firewalls before it"
                .formatted(where);
    }

    /** By SQLSTATE: PostgreSQL's manual, appendix A. */
    private static @Nullable String refused(SQLException refused, Endpoint endpoint) {
        var where = endpoint.where();
        var user = endpoint.user();
        return switch (refused.getSQLState()) {
            case "28P01" ->
                    "The database %s refuses user %s with this password; correct DYNOSEND_DATABASE_URL"
                            .formatted(where, user);
            case "28000" ->
                    "The database %s refuses user %s (%s); correct the server's roles or pg_hba.conf, or DYNOSEND_DATABASE_URL"
                            .formatted(where, user, said(refused));
            case "3D000" ->
                    "There is no database %s; create it with %s as its owner, or correct DYNOSEND_DATABASE_URL"
                            .formatted(where, user);
            case "42501" ->
                    "User %s lacks rights in the database %s (%s); make it the database's owner"
                            .formatted(user, where, said(refused));
            case "53300" ->
                    "The database %s has no connection free (%s); raise its max_connections"
                            .formatted(where, said(refused));
            case "57P03" ->
                    "The database %s is just starting or stopping (%s); try again in a moment"
                            .formatted(where, said(refused));
            default -> null;
        };
    }

    private static String unknown(Exception error, Endpoint endpoint) {
        var cause = causes(error).filter(SQLException.class::isInstance).findFirst().orElse(error);
        return "Cannot use the database %s: %s".formatted(endpoint.where(), said(cause));
    }

    private static String said(Throwable error) {
        return String.valueOf(error.getMessage())
                .replaceFirst("^(FATAL|ERROR): *", "")
                .lines()
                .findFirst()
                .orElse("");
    }
}
