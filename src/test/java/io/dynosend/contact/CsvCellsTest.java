package io.dynosend.contact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvCellsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "=1+1|'=1+1",
                "'=1+1|''=1+1",
                "x;=HYPERLINK(1)|\"x;'=HYPERLINK(1)\"",
                "x;''@y|\"x;'''@y\"",
                "a=1|a=1",
                "it's; 'quoted'|\"it's; 'quoted'\""
            })
    void whatASpreadsheetWouldTakeForAFormulaGetsAnApostrophe(String value, String cell) {
        assertThat(CsvCells.write(value)).isEqualTo(cell);
    }

    @Test
    void noLineAndNoCellWithinACellIsAFormula() {
        assertThat(CsvCells.guarded("x\n=1\r\n-2;\t+3\n\n'=4"))
                .isEqualTo("x\n'=1\r\n'-2;\t'+3\n\n''=4");
    }

    @Test
    void whatIsWrittenIsReadAsItWas() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var value = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                value.append("''=-;\t\r\n,x\"＠".charAt(random.nextInt(12)));
            }
            assertThat(CsvCells.read(CsvCells.guarded(value.toString())))
                    .isEqualTo(value.toString());
        }
    }
}
