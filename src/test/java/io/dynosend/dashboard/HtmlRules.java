package io.dynosend.dashboard;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import nu.validator.validation.SimpleDocumentValidator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;

/** The rules of HTML, as the checker of the W3C knows them. For one thread. */
final class HtmlRules {

    // What htmx reads means nothing to a browser; and of what a stranger's name consists is theirs.
    private static final List<String> FORGIVEN =
            List.of(
                    "Attribute “hx-",
                    "Forbidden code point",
                    "Document uses the Unicode Private Use");
    private static final String HTML5 = "http://s.validator.nu/html5-rdfalite.rnc";

    private final SimpleDocumentValidator validator;
    private final List<String> findings = new ArrayList<>();
    private final ErrorHandler findingsHandler =
            new ErrorHandler() {
                @Override
                public void warning(SAXParseException finding) {
                    // A matter of taste.
                }

                @Override
                public void error(SAXParseException finding) {
                    String message = String.valueOf(finding.getMessage());
                    if (FORGIVEN.stream().anyMatch(message::startsWith)) return;
                    findings.add("line " + finding.getLineNumber() + ": " + message);
                }

                @Override
                public void fatalError(SAXParseException finding) {
                    error(finding);
                }
            };

    HtmlRules() {
        validator = new SimpleDocumentValidator(true, false, false);
        try {
            validator.setUpMainSchema(HTML5, findingsHandler);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What is wrong with a page as it was served; nothing if it is valid. */
    List<String> broken(String page) {
        findings.clear();
        try {
            validator.setUpValidatorAndParsers(findingsHandler, false, false);
            validator.checkHtmlInputSource(new InputSource(new StringReader(page)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return List.copyOf(findings);
    }
}
