package io.dynosend.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement of the program, prepared once. Its text is read from the class that it belongs to, so
 * what is measured alone is what the program runs.
 */
final class Statement {

    // Not the second colon of a cast.
    private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-zA-Z]+)");

    private final PreparedStatement prepared;
    private final List<String> parameters = new ArrayList<>();

    /**
     * @param owner the class, without the common package
     * @param constant the static field that holds the text
     */
    Statement(Connection connection, String owner, String constant)
            throws SQLException, ReflectiveOperationException {
        var field = Class.forName("io.dynosend." + owner).getDeclaredField(constant);
        field.setAccessible(true);
        String named = (String) field.get(null);
        var names = PARAMETER.matcher(named);
        while (names.find()) parameters.add(names.group(1));
        prepared = connection.prepareStatement(names.replaceAll("?"));
    }

    /** Runs it and reads all that it answers; the first column of the last row, if there is one. */
    @Nullable Object run(Map<String, ?> values) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i);
            if (!values.containsKey(name)) throw new IllegalStateException("No value for :" + name);
            prepared.setObject(i + 1, values.get(name));
        }
        if (!prepared.execute()) return null;
        Object first = null;
        try (var rows = prepared.getResultSet()) {
            while (rows.next()) first = rows.getObject(1);
        }
        return first;
    }
}
