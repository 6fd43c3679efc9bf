package io.dynosend.audience;

import io.dynosend.common.Problem.BadInput;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a custom field holds. Values are kept as strings, as the API shows them. */
public enum FieldType {
    TEXT("at most 255 characters") {
        @Override
        boolean accepts(String value) {
            return value.length() <= 255;
        }
    },
    NUMBER("a number such as 12 or 3.5") {
        @Override
        boolean accepts(String value) {
            if (value.length() > 40) return false;
            try {
                return Math.abs((long) new BigDecimal(value).scale()) <= 40;
            } catch (NumberFormatException e) {
                return false;
            }
        }
    },
    TEXTAREA("at most 65,535 characters") {
        @Override
        boolean accepts(String value) {
            return value.length() <= 65_535;
        }
    },
    DATE("a date such as 2026-12-31") {
        @Override
        boolean accepts(String value) {
            return parses(() -> LocalDate.parse(value));
        }
    },
    DATETIME("a date and time such as 2026-12-31 18:30:00 or 2026-12-31T18:30:00Z") {
        @Override
        boolean accepts(String value) {
            return parses(() -> DATE_AND_TIME.parse(value.replaceFirst(" ", "T")));
        }
    },
    TIME("a time such as 18:30 or 18:30:00") {
        @Override
        boolean accepts(String value) {
            return parses(() -> LocalTime.parse(value));
        }
    };

    private static final DateTimeFormatter DATE_AND_TIME =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                    .appendPattern("[XXX]")
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    private final String wanted;

    FieldType(String wanted) {
        this.wanted = wanted;
    }

    /**
     * The type of this name, in any case.
     *
     * @throws BadInput if there is none
     */
    public static FieldType of(String wire) {
        return Arrays.stream(values())
                .filter(type -> type.wire().equals(wire.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(FieldType::unknown);
    }

    /** The spelling in the database and in the API. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a value, not empty, is one of this type. */
    abstract boolean accepts(String value);

    /** What a value of this type looks like, for a message. */
    public String wanted() {
        return wanted;
    }

    /**
     * Whether this text may be kept: a value of this type without the one character that PostgreSQL
     * has not.
     */
    public boolean isValid(String value) {
        return value.indexOf('\0') < 0 && accepts(value);
    }

    private static boolean parses(Runnable parser) {
        try {
            parser.run();
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static BadInput unknown() {
        return new BadInput(
                "type must be one of "
                        + Arrays.stream(values())
                                .map(FieldType::wire)
                                .collect(Collectors.joining(", ")));
    }
}
