package io.dynosend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands behind a command: words, and flags of the command or of the configuration. */
final class Arguments {

    private final List<String> rest;

    Arguments(List<String> arguments) {
        this.rest = new ArrayList<>(arguments);
    }

    /** Takes the next word; empty if a flag, or nothing, comes next. */
    Optional<String> word() {
        return rest.isEmpty() || rest.getFirst().startsWith("--")
                ? Optional.empty()
                : Optional.of(rest.removeFirst());
    }

    /**
     * Takes the next word.
     *
     * @param what it is, for the complaint
     * @throws Config.Invalid if there is none
     */
    String word(String what) {
        return word().orElseThrow(() -> new Config.Invalid("This command needs " + what));
    }

    /** Takes a flag without a value. */
    boolean flag(String name) {
        return rest.remove(name);
    }

    /**
     * Takes {@code --name value} or {@code --name=value}.
     *
     * @throws Config.Invalid if the value is missing
     */
    Optional<String> option(String name) {
        for (int i = 0; i < rest.size(); i++) {
            String argument = rest.get(i);
            if (argument.startsWith(name + "=")) {
                return Optional.of(rest.remove(i).substring(name.length() + 1));
            }
            if (argument.equals(name)) {
                rest.remove(i);
                if (i == rest.size() || rest.get(i).startsWith("--"))
                    throw new Config.Invalid(name + " needs a value");
                return Optional.of(rest.remove(i));
            }
        }
        return Optional.empty();
    }

    /** Takes {@code --name value} with a whole number from 1. */
    int number(String name, int otherwise, int most) {
        return option(name).map(text -> number(name, text, most)).orElse(otherwise);
    }

    /** What nobody took: flags of the configuration. */
    List<String> rest() {
        return List.copyOf(rest);
    }

    private static int number(String name, String text, int most) {
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) return number;
        }
        throw new Config.Invalid("%s must be a whole number from 1 to %d".formatted(name, most));
    }
}
