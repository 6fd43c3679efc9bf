package io.dynosend.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ann:secret@db.example:6432/mail?sslmode=require",
                "postgres://ann:secret@db.example:6432/mail?sslmode=require",
                "jdbc:postgresql://ann:secret@db.example:6432/mail?sslmode=require",
                "jdbc:postgresql://db.example:6432/mail?user=ann&sslmode=require&password=secret",
                " postgresql://ann:secret@db.example:6432/mail?sslmode=require\n"
            })
    void allWaysToWriteAUrlMeanTheSame(String url) {
        var endpoint = Endpoint.parse(url);

        assertThat(endpoint)
                .isEqualTo(
                        new Endpoint(
                                "jdbc:postgresql://db.example:6432/mail?sslmode=require",
                                "ann",
                                "secret"));
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://a:b@h/d,                     jdbc:postgresql://h:5432/d",
        "postgres://a:b@/d,                      jdbc:postgresql://localhost:5432/d",
        "postgres://a:b@[::1]:5433/d,            jdbc:postgresql://[::1]:5433/d",
        "'postgres://a:b@h1:1,h2/d',             'jdbc:postgresql://h1:1,h2:5432/d'",
        "postgres://a:b@h/d%20e,                 jdbc:postgresql://h:5432/d%20e",
        "postgres://a:b@h/d?connect_timeout=3,   jdbc:postgresql://h:5432/d?connectTimeout=3",
        "postgres://a:b@h/d?target_session_attrs=read-write, jdbc:postgresql://h:5432/d?targetServerType=primary"
    })
    void whatIsLeftOutOrNamedAsLibpqDoesIsTranslated(String url, String jdbcUrl) {
        assertThat(Endpoint.parse(url).jdbcUrl()).isEqualTo(jdbcUrl);
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://a%40b:p%2Fq%25@h/d, a@b, p/q%",
        "postgres://ann:p@ss@h/d,       ann, p@ss",
        "postgres://ann:p:+#ss@h/d,     ann, p:+#ss",
        "postgres://ann@h/d,            ann, ''"
    })
    void userAndPasswordMayHoldAnything(String url, String user, String password) {
        var endpoint = Endpoint.parse(url);

        assertThat(endpoint.user()).isEqualTo(user);
        assertThat(endpoint.password()).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource({
        "mysql://ann:secret@h/d,             must look like",
        "ann:secret@h/d,                     must look like",
        "'',                                 must look like",
        "postgres://ann:secret@h:port/d,     host or port that cannot be",
        "postgres://ann:secret@h:70000/d,    ports go from 1 to 65535",
        "postgres://ann:secret@h,            names no database",
        "postgres://ann:secret@h/,           names no database",
        "postgres://h/d,                     names no user",
        "postgres://ann:secret%zz@h/d,       write %25",
        "postgres://ann:sec/ret@h/d,         must look like"
    })
    void whatIsNoUrlIsSaidInOneLineWithoutThePassword(String url, String said) {
        assertThatThrownBy(() -> Endpoint.parse(url))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining(said)
                .message()
                .doesNotContain("\n", "secret", "sec/ret");
    }

    @Test
    void anEndpointDoesNotShowItsPassword() {
        var endpoint = Endpoint.parse("postgres://ann:secret@h/d?sslmode=require");

        assertThat(endpoint).hasToString("ann@h:5432/d");
    }
}
