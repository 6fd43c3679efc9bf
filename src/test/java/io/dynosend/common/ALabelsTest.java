package io.dynosend.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.IDN;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ALabelsTest {

    // What registries and browsers make of them; some are from RFC 3492 §7.1.
    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "bücher.example, xn--bcher-kva.example",
        "faß.example, xn--fa-hia.example",
        "βόλος.example, xn--nxasmm1c.example",
        "例え.テスト, xn--r8jz45g.xn--zckzah",
        "пример.рф, xn--e1afmkfd.xn--p1ai",
        "ليهمابتكلموشعربي؟, ليهمابتكلموشعربي؟",
        "他们为什么不说中文.example, xn--ihqwcrb4cv8a8dqg056pqjye.example",
        "3年b組金八先生.example, xn--3b-ww4c5e180e575a65lsy2b.example",
        "ｅｘａｍｐｌｅ.org, example.org",
        "mail.münchen.example, mail.xn--mnchen-3ya.example"
    })
    void aNameIsWrittenAsDnsHasIt(String name, String written) {
        boolean none = name.equals(written) && name.chars().anyMatch(c -> c > 127);

        assertThat(ALabels.of(name).orElse(name)).isEqualTo(written);
        assertThat(ALabels.of(name).isEmpty()).isEqualTo(none);
    }

    // Java's own knows all but what has changed since 2003.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "भारत.example",
                "한국.example",
                "ไทย.example",
                "қаз.example",
                "ñandú-été.example"
            })
    void javaWritesItTheSame(String name) {
        assertThat(ALabels.of(name)).contains(IDN.toASCII(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"℀.example", "😀.example", "ü\u0000.example", "ü b.example"})
    void whatIsNoNameHasNoSuchForm(String name) {
        assertThat(ALabels.of(name)).isEmpty();
    }

    @Test
    void aLabelThatIsTooLongHasNoSuchForm() {
        assertThat(ALabels.of("ü".repeat(60) + "ñ".repeat(30) + ".example")).isEmpty();
    }

    @Test
    void onlyALocalPartBeyondAsciiNeedsMoreThanAscii() {
        assertThat(new EmailAddress("ada@bücher.example").written())
                .isEqualTo("ada@xn--bcher-kva.example");
        assertThat(new EmailAddress("ada@bücher.example").needsUtf8()).isFalse();
        assertThat(new EmailAddress("jörg@bücher.example").written())
                .isEqualTo("jörg@xn--bcher-kva.example");
        assertThat(new EmailAddress("jörg@bücher.example").needsUtf8()).isTrue();
        assertThat(new EmailAddress("ada@example.org").needsUtf8()).isFalse();
    }
}
