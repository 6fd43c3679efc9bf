package io.dynosend.css;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * Which elements a rule is about (https://www.w3.org/TR/selectors-3/), as far as a document alone
 * can tell.
 */
public final class Selector {

    private record Test(String attribute, String operator, String value) {}

    /**
     * What one element has to be.
     *
     * @param combinator to the one before it: a blank, {@code >}, {@code +} or {@code ~}
     */
    private record Compound(
            char combinator, String tag, List<Test> tests, List<String> positions) {}

    private static final Set<String> POSITIONS =
            Set.of("first-child", "last-child", "only-child", "root");
    // What depends on the reader, or is no element.
    private static final Set<String> STATES =
            Set.of(
                    "hover", "active", "focus", "focus-within", "focus-visible", "visited", "link",
                    "any-link", "checked", "disabled", "enabled", "target", "before", "after",
                    "first-letter", "first-line", "placeholder", "selection", "empty",
                    "first-of-type", "last-of-type", "only-of-type", "lang", "not", "nth-child",
                    "nth-last-child", "nth-of-type", "nth-last-of-type", "is", "where", "has");
    private static final String IDENT = "(?:[\\w\\u00a0-\\uffff-]|\\\\[^\\n0-9a-fA-F])+";
    private static final Pattern SIMPLE =
            Pattern.compile(
                    "(?<tag>\\*|"
                            + IDENT
                            + ")|\\.(?<class>"
                            + IDENT
                            + ")|#(?<id>"
                            + IDENT
                            + ")|\\[\\s*(?<attribute>[\\w-]+)\\s*(?:(?<operator>[~|^$*]?=)\\s*"
                            + "(?:\"(?<double>[^\"]*)\"|'(?<single>[^']*)'|(?<bare>[^\\]\\s]+))\\s*)?\\]"
                            + "|::?(?<pseudo>[\\w-]+)(?<arguments>\\((?:[^()]|\\([^()]*\\))*\\))?");
    private static final Pattern COMBINATOR = Pattern.compile("\\s*([>+~])\\s*|\\s+");

    private final List<Compound> compounds = new ArrayList<>();
    private final Set<String> attributes = new TreeSet<>();
    private int specificity;
    private boolean exact = true;
    private boolean structural;

    private Selector() {}

    /** The selectors of a rule; none if one of them is not known: browsers drop the rule then. */
    static List<Selector> list(String prelude) {
        var selectors = new ArrayList<Selector>();
        for (String each : split(prelude)) {
            Selector selector = parsed(each.strip());
            if (selector == null) return List.of();
            selectors.add(selector);
        }
        return selectors;
    }

    /** Orders rules of the same importance: the higher one wins, then the later one. */
    public int specificity() {
        return specificity;
    }

    /** Whether {@link #matches} is certain; otherwise it may say yes of too many. */
    public boolean isExact() {
        return exact;
    }

    /** Whether it looks at what stands beside an element. */
    public boolean isStructural() {
        return structural;
    }

    /** Whether it is about all elements, or all in another. */
    public boolean isUniversal() {
        var last = compounds.getLast();
        return last.tag().equals("*") && last.tests().isEmpty() && last.positions().isEmpty();
    }

    /** The attributes it looks at. */
    public Set<String> attributes() {
        return attributes;
    }

    /**
     * Whether an element is meant.
     *
     * @param anyCase whether classes and ids are compared without regard to case, as in documents
     *     without a type
     */
    public boolean matches(Element element, boolean anyCase) {
        return matches(element, compounds.size() - 1, anyCase);
    }

    private boolean matches(Element element, int index, boolean anyCase) {
        var compound = compounds.get(index);
        if (!meets(element, compound, anyCase)) return false;
        if (index == 0) return true;
        return switch (compound.combinator()) {
            case '>' -> {
                Element parent = element.parent();
                yield parent != null && matches(parent, index - 1, anyCase);
            }
            case '+' -> {
                Element before = element.previousElementSibling();
                yield before != null && matches(before, index - 1, anyCase);
            }
            case '~' -> isAfter(element, index - 1, anyCase);
            default -> isIn(element, index - 1, anyCase);
        };
    }

    private boolean isIn(Element element, int index, boolean anyCase) {
        for (Element each = element.parent(); each != null; each = each.parent()) {
            if (matches(each, index, anyCase)) return true;
        }
        return false;
    }

    private boolean isAfter(Element element, int index, boolean anyCase) {
        for (Element each = element.previousElementSibling();
                each != null;
                each = each.previousElementSibling()) {
            if (matches(each, index, anyCase)) return true;
        }
        return false;
    }

    private static boolean meets(Element element, Compound compound, boolean anyCase) {
        String tag = compound.tag();
        return (tag.equals("*") || tag.equals(element.normalName()))
                && !element.normalName().startsWith("#")
                && compound.tests().stream().allMatch(test -> meets(element, test, anyCase))
                && compound.positions().stream().allMatch(each -> stands(element, each));
    }

    private static boolean meets(Element element, Test test, boolean anyCase) {
        if (!element.hasAttr(test.attribute())) return false;
        boolean folds =
                anyCase && (test.attribute().equals("class") || test.attribute().equals("id"));
        String value = folded(element.attr(test.attribute()), folds);
        String wanted = folded(test.value(), folds);
        return switch (test.operator()) {
            case "" -> true;
            case "=" -> value.equals(wanted);
            case "~=" -> List.of(value.strip().split("\\s+")).contains(wanted);
            case "|=" -> value.equals(wanted) || value.startsWith(wanted + "-");
            case "^=" -> !wanted.isEmpty() && value.startsWith(wanted);
            case "$=" -> !wanted.isEmpty() && value.endsWith(wanted);
            default -> !wanted.isEmpty() && value.contains(wanted);
        };
    }

    private static String folded(String text, boolean folds) {
        return folds ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static boolean stands(Element element, String position) {
        boolean first = element.previousElementSibling() == null;
        boolean last = element.nextElementSibling() == null;
        return switch (position) {
            case "first-child" -> first;
            case "last-child" -> last;
            case "only-child" -> first && last;
            default -> element.normalName().equals("html");
        };
    }

    private static @Nullable Selector parsed(String text) {
        var selector = new Selector();
        Matcher simple = SIMPLE.matcher(text);
        Matcher combinator = COMBINATOR.matcher(text);
        int position = 0;
        char before = ' ';
        while (true) {
            position = selector.compound(before, simple, position);
            if (position < 0) return null;
            if (position == text.length()) return selector;
            if (!combinator.find(position) || combinator.start() != position) return null;
            String sign = combinator.group(1);
            before = sign == null ? ' ' : sign.charAt(0);
            selector.structural |= before == '+' || before == '~';
            position = combinator.end();
        }
    }

    // Returns where it ends; -1 if there is none.
    private int compound(char combinator, Matcher simple, int start) {
        String tag = "*";
        var tests = new ArrayList<Test>();
        var positions = new ArrayList<String>();
        int position = start;
        while (simple.find(position) && simple.start() == position) {
            if (simple.group("tag") != null) {
                if (position > start) return -1;
                tag = unescaped(simple.group("tag")).toLowerCase(Locale.ROOT);
                specificity += tag.equals("*") ? 0 : 1;
            } else if (simple.group("pseudo") != null) {
                if (!pseudo(simple.group("pseudo"), positions)) return -1;
            } else {
                Test test = test(simple);
                tests.add(test);
                attributes.add(test.attribute());
                specificity += simple.group("id") != null ? 1_000_000 : 1_000;
            }
            position = simple.end();
        }
        if (position == start) return -1;
        compounds.add(new Compound(combinator, tag, tests, positions));
        return position;
    }

    private boolean pseudo(String name, List<String> positions) {
        String lower = name.toLowerCase(Locale.ROOT);
        specificity += 1_000;
        if (POSITIONS.contains(lower)) {
            positions.add(lower);
            structural = true;
            return true;
        }
        exact = false;
        return STATES.contains(lower);
    }

    private static Test test(Matcher simple) {
        if (simple.group("class") != null) {
            return new Test("class", "~=", unescaped(simple.group("class")));
        }
        if (simple.group("id") != null) return new Test("id", "=", unescaped(simple.group("id")));
        String operator = simple.group("operator");
        String value = "";
        for (String form : List.of("double", "single", "bare")) {
            if (simple.group(form) != null) value = simple.group(form);
        }
        return new Test(
                simple.group("attribute").toLowerCase(Locale.ROOT),
                operator == null ? "" : operator,
                value);
    }

    private static String unescaped(String identifier) {
        return identifier.replaceAll("\\\\(.)", "$1");
    }

    private static List<String> split(String prelude) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        char quote = 0;
        for (int i = 0; i < prelude.length(); i++) {
            char c = prelude.charAt(i);
            if (quote != 0) {
                if (c == quote) quote = 0;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(prelude.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(prelude.substring(start));
        return parts;
    }
}
