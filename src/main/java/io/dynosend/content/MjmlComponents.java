package io.dynosend.content;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The components of MJML that can be compiled, where they may stand, and their attributes. */
final class MjmlComponents {

    /**
     * One of them.
     *
     * @param parents in which it may stand; empty for the root
     * @param holdsHtml whether what is in it is HTML or text, not components
     */
    record Component(String name, Set<String> parents, boolean holdsHtml, Set<String> attributes) {}

    private static final String SPACING =
            "padding padding-top padding-right padding-bottom padding-left";
    private static final String BORDERS =
            "border border-top border-right border-bottom border-left border-radius";
    private static final String FONT =
            "color font-family font-size font-style font-weight line-height letter-spacing"
                    + " text-decoration text-transform";
    private static final String LINK = "href name rel target title";
    private static final String ICONS =
            "icon-align icon-width icon-height icon-wrapped-url icon-wrapped-alt icon-unwrapped-url"
                    + " icon-unwrapped-alt icon-position";

    // name [*] | parents | attributes; with the star it holds HTML.
    private static final String TABLE =
            """
            mjml | | lang dir owa
            mj-head | mjml |
            mj-body | mjml | width background-color
            mj-attributes | mj-head |
            mj-breakpoint | mj-head | width
            mj-font | mj-head | name href
            mj-preview * | mj-head |
            mj-style * | mj-head | inline
            mj-title * | mj-head |
            mj-raw * | mj-head mj-body mj-wrapper mj-section mj-group mj-column mj-hero mj-social mj-navbar mj-accordion |
            mj-wrapper | mj-body | SECTION
            mj-section | mj-body mj-wrapper | SECTION
            mj-hero | mj-body mj-wrapper | mode height background-url background-width background-height background-position container-background-color inner-background-color inner-padding inner-padding-top inner-padding-left inner-padding-right inner-padding-bottom background-color vertical-align border-radius SPACING
            mj-group | mj-section | background-color direction vertical-align width
            mj-column | mj-section mj-group | background-color direction inner-background-color inner-border inner-border-top inner-border-right inner-border-bottom inner-border-left inner-border-radius vertical-align width BORDERS SPACING
            mj-text * | CONTENT | align background-color container-background-color height vertical-align FONT SPACING
            mj-button * | CONTENT | align background-color container-background-color height inner-padding text-align vertical-align width BORDERS FONT LINK SPACING
            mj-image | CONTENT | alt src srcset sizes align container-background-color fluid-on-mobile width height max-height font-size usemap BORDERS LINK SPACING
            mj-divider | CONTENT | align border-color border-style border-width container-background-color width SPACING
            mj-spacer | CONTENT | container-background-color height BORDERS SPACING
            mj-table * | CONTENT | align border cellpadding cellspacing container-background-color color font-family font-size font-weight line-height role table-layout vertical-align width SPACING
            mj-social | CONTENT | align border-radius container-background-color color font-family font-size font-style font-weight icon-size icon-height icon-padding inner-padding line-height mode table-layout text-padding text-decoration vertical-align SPACING
            mj-social-element * | mj-social | align icon-position background-color color border-radius font-family font-size font-style font-weight icon-size icon-height icon-padding line-height text-padding text-decoration src srcset sizes alt vertical-align LINK SPACING
            mj-navbar | CONTENT | align base-url hamburger ico-align ico-open ico-close ico-color ico-font-size ico-font-family ico-text-transform ico-padding ico-padding-left ico-padding-top ico-padding-right ico-padding-bottom ico-text-decoration ico-line-height SPACING
            mj-navbar-link * | mj-navbar | FONT LINK SPACING
            mj-accordion | CONTENT | container-background-color border font-family ICONS SPACING
            mj-accordion-element | mj-accordion | background-color border font-family ICONS
            mj-accordion-title * | mj-accordion-element | background-color color font-size font-family font-weight SPACING
            mj-accordion-text * | mj-accordion-element | background-color color font-size font-family font-weight letter-spacing line-height SPACING
            mj-carousel | CONTENT | align border-radius container-background-color icon-width left-icon right-icon thumbnails tb-border tb-border-radius tb-hover-border-color tb-selected-border-color tb-width SPACING
            mj-carousel-image | mj-carousel | alt src thumbnails-src border-radius tb-border tb-border-radius LINK
            """;

    private static final Map<String, String> GROUPS =
            Map.of(
                    "SECTION",
                    "background-color background-url background-repeat background-size"
                            + " background-position background-position-x background-position-y"
                            + " direction full-width text-align text-padding BORDERS SPACING",
                    "CONTENT",
                    "mj-column mj-hero",
                    "SPACING",
                    SPACING,
                    "BORDERS",
                    BORDERS,
                    "FONT",
                    FONT,
                    "LINK",
                    LINK,
                    "ICONS",
                    ICONS);

    // What the compiler reckons with or decides by; Liquid is not known yet when it does.
    private static final Pattern COMPUTED =
            Pattern.compile(
                    "(?:inner-|ico-|icon-|text-)?padding(?:-top|-right|-bottom|-left)?|width|height"
                            + "|icon-(?:size|width|height|position)|(?:inner-)?border"
                            + "(?:-top|-right|-bottom|-left|-width)?|tb-width|mode|direction|lang"
                            + "|dir|inline|mj-class|full-width|hamburger|fluid-on-mobile|thumbnails"
                            + "|background-(?:width|height|size|repeat|position(?:-[xy])?)");
    private static final Pattern SIZES =
            Pattern.compile(
                    "(?:inner-|ico-|icon-)?padding(?:-top|-right|-bottom|-left)?|width|height"
                            + "|icon-(?:size|width|height)|border-width|tb-width"
                            + "|background-(?:width|height)");
    private static final Pattern SIZE =
            Pattern.compile("(?:(?:\\d{1,5}(?:\\.\\d{1,4})?(?:px|%)?|auto)(?:\\s+|$)){1,4}");

    private static final Map<String, Component> ALL = read();

    private MjmlComponents() {}

    /** The component of this name; null if there is none. */
    static @Nullable Component find(String name) {
        return ALL.get(name);
    }

    static List<String> names() {
        return new ArrayList<>(ALL.keySet());
    }

    /** Whether an attribute must be known before Liquid is rendered. */
    static boolean isComputed(String attribute) {
        return COMPUTED.matcher(attribute).matches();
    }

    /** Whether a size is missing where one must be. */
    static boolean isBadSize(String attribute, String value) {
        return SIZES.matcher(attribute).matches() && !SIZE.matcher(value.strip()).matches();
    }

    private static Map<String, Component> read() {
        var all = new LinkedHashMap<String, Component>();
        for (String line : TABLE.lines().toList()) {
            String[] cells = line.split("\\|", -1);
            String name = cells[0].replace("*", "").strip();
            var attributes = words(cells[2]);
            attributes.addAll(Set.of("css-class", "mj-class"));
            all.put(name, new Component(name, words(cells[1]), cells[0].contains("*"), attributes));
        }
        var any = new TreeSet<String>();
        all.values().forEach(component -> any.addAll(component.attributes()));
        var named = new TreeSet<>(any);
        named.add("name");
        all.put("mj-all", new Component("mj-all", Set.of("mj-attributes"), false, any));
        all.put("mj-class", new Component("mj-class", Set.of("mj-attributes"), false, named));
        return all;
    }

    private static Set<String> words(String cell) {
        var words = new TreeSet<String>();
        Arrays.stream(cell.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .forEach(word -> {
                    String group = GROUPS.get(word);
                    if (group == null) words.add(word);
                    else words.addAll(words(group));
                });
        return words;
    }
}
