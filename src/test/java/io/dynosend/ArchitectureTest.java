package io.dynosend;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URLConnection;

/** The house: see docs/architecture.md. Arrows point down only. */
@AnalyzeClasses(packages = "io.dynosend", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.dynosend";
    private static final String[] EDGES = {
        "io.dynosend.api..",
        "io.dynosend.dashboard..",
        "io.dynosend.pages..",
        "io.dynosend.mailbox..",
        "io.dynosend.jobs..",
        "io.dynosend.reference..",
        "io.dynosend.templates.."
    };
    private static final String[] PRODUCT = {
        "io.dynosend.campaign..",
        "io.dynosend.transactional..",
        "io.dynosend.optin..",
        "io.dynosend.notification..",
        "io.dynosend.tracking..",
        "io.dynosend.bounce.."
    };
    private static final String[] HOW = {
        "io.dynosend.sending..", "io.dynosend.content..", "io.dynosend.template.."
    };
    private static final String[] TOOLS = {
        "io.dynosend.liquid..",
        "io.dynosend.smtp..",
        "io.dynosend.dkim..",
        "io.dynosend.database..",
        "io.dynosend.web.."
    };
    private static final String[] ABOUT = {
        "io.dynosend.contact..",
        "io.dynosend.audience..",
        "io.dynosend.blacklist..",
        "io.dynosend.domain..",
        "io.dynosend.account.."
    };

    // A template shows the records of the edge that renders it: the two are one thing in two files.
    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.dynosend.(*)..")
                    .should()
                    .beFreeOfCycles()
                    .ignoreDependency(resideInAPackage("io.dynosend.templates.."), alwaysTrue());

    @ArchTest
    static final ArchRule nothingDependsOnAnEdge = nothingIn(EDGES, PRODUCT, HOW, TOOLS, ABOUT);

    @ArchTest static final ArchRule howKnowsNoProduct = nothingIn(PRODUCT, HOW, TOOLS, ABOUT);

    @ArchTest static final ArchRule whatItIsAboutKnowsNotHowItIsDone = nothingIn(HOW, ABOUT);

    @ArchTest
    static final ArchRule toolsKnowNothingOfTheProduct =
            noClasses()
                    .that()
                    .resideInAnyPackage(TOOLS)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(join(EDGES, PRODUCT, HOW, ABOUT, new String[] {ROOT}))
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyEdgesKnowHttp =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(join(EDGES, new String[] {ROOT}))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.javalin..", "jakarta.servlet..", "gg.jte..")
                    .allowEmptyShould(true);

    // The demonstration plays a reader of our own server.
    @ArchTest
    static final ArchRule onlyOneClassVisitsWebServers =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.dynosend.web..", "io.dynosend.demo..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("java.net.http..")
                                    .or(assignableTo(URLConnection.class)));

    private static ArchRule nothingIn(String[] forbidden, String[]... lower) {
        return noClasses()
                .that()
                .resideInAnyPackage(join(lower))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .allowEmptyShould(true);
    }

    private static String[] join(String[]... groups) {
        return java.util.Arrays.stream(groups)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
    }
}
