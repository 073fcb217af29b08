package io.shmipc.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Imports only go down, and rooms on one floor do not know each other.
 *
 * <p>Constants of other rooms are beyond its sight: the compiler copies them.
 */
@Timeout(60)
class FloorsTests {

    private static final String ROOT = "io.shmipc";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(ROOT);

    /** The JDK, and annotations that say something to the compiler alone. */
    private static final List<String> EVERYWHERE =
            List.of("java..", "javax.net..", "org.jspecify..", "com.google.errorprone.annotations..");

    private static final List<String> LOGGING = List.of("org.slf4j..");

    /** Each room, and the rooms below that it may import; what comes from outside stands in {@link #imports}. */
    private static final Map<String, List<String>> ROOMS = Map.of(
            "", List.of(),
            ".layout", List.of(),
            ".sys", List.of(),
            ".shm", List.of("", ".layout", ".sys"),
            ".channel", List.of("", ".layout", ".sys"),
            ".session", List.of("", ".layout", ".sys", ".shm", ".channel"),
            ".client", List.of("", ".layout", ".sys", ".shm", ".channel", ".session"),
            ".server", List.of("", ".layout", ".sys", ".shm", ".channel", ".session"),
            ".socket", List.of("", ".client", ".server"),
            ".inspect", List.of("", ".layout", ".sys", ".shm"));

    @Test
    void importsOnlyGoDown() {
        ROOMS.keySet()
                .forEach(room -> classes()
                        .that()
                        .resideInAPackage(ROOT + room)
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(imports(room)))
                        .allowEmptyShould(true)
                        .check(CLASSES));
    }

    private static String[] imports(String room) {
        List<String> imports = new ArrayList<>(EVERYWHERE);
        imports.add(ROOT + room);
        ROOMS.get(room).forEach(below -> imports.add(ROOT + below));
        if (room.equals(".sys")) {
            imports.add("com.sun.jna..");
        } else if (!room.isEmpty() && !room.equals(".layout")) {
            imports.addAll(LOGGING);
        }
        return imports.toArray(String[]::new);
    }

    @Test
    void everyRoomHasAFloor() {
        assertThat(rooms()).isSubsetOf(ROOMS.keySet()).contains("", ".layout", ".sys", ".shm", ".channel");
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlySysTouchesNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".sys")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.sun.jna..")
                .check(CLASSES);
    }

    @Test
    void nothingUsesWhatTheJdkDoesNotPromise() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun..", "jdk.internal..")
                .check(CLASSES);
    }

    @Test
    void onlyInspectWritesToTheConsole() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".inspect")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        assertThat(CLASSES.stream().map(type -> type.getPackage()).distinct())
                .allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class))
                        .as(room.getName())
                        .isTrue());
    }

    private static List<String> rooms() {
        return CLASSES.stream()
                .map(type -> type.getPackage())
                .map(JavaPackage::getName)
                .map(name -> name.substring(ROOT.length()))
                .distinct()
                .collect(Collectors.toList());
    }
}
