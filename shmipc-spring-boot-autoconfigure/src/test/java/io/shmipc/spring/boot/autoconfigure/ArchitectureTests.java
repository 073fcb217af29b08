package io.shmipc.spring.boot.autoconfigure;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Bean;

/** How auto-configuration classes look, and who may import whom. */
@Timeout(60)
class ArchitectureTests {

    private static final String BASE = "io.shmipc.spring";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(BASE);

    @Test
    void packagesHaveNoCycles() {
        slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void importsOnlyGoDown() {
        noClasses()
                .that()
                .resideInAnyPackage(BASE + ".annotation..", BASE + ".session..", BASE + ".listener..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(BASE + ".boot..", "org.springframework.boot..", "io.micrometer..")
                .check(CLASSES);
        classes()
                .that()
                .resideInAPackage(BASE + ".session..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.shmipc", BASE + ".session", "java..", "org.jspecify.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(BASE + ".boot.autoconfigure.client..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shmipc.server..", BASE + ".listener..", BASE + ".boot.autoconfigure.server..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(BASE + ".boot.autoconfigure.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shmipc.client..", BASE + ".boot.autoconfigure.client..")
                .check(CLASSES);
    }

    @Test
    void onlyTheEnginesPublicPackagesAreUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.shmipc.session..",
                        "io.shmipc.shm..",
                        "io.shmipc.channel..",
                        "io.shmipc.layout..",
                        "io.shmipc.sys..",
                        "com.sun.jna..")
                .check(CLASSES);
    }

    @Test
    void autoConfigurationsArePublicAndFinalAndRegistered() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .bePublic()
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
        List<String> registered =
                ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates().stream()
                        .filter(name -> name.startsWith(BASE))
                        .toList();
        assertThat(CLASSES.stream()
                        .filter(type -> type.isAnnotatedWith(AutoConfiguration.class))
                        .map(JavaClass::getName))
                .containsExactlyInAnyOrderElementsOf(registered);
        assertThat(registered).isSorted();
    }

    @Test
    void beanMethodsArePackagePrivateAndHaveNoClassConditions() {
        methods()
                .that()
                .areAnnotatedWith(Bean.class)
                .should()
                .bePackagePrivate()
                .andShould()
                .notBeAnnotatedWith(ConditionalOnClass.class)
                .check(CLASSES);
    }

    @Test
    void beanPostProcessorsComeFromStaticMethods() {
        methods()
                .that()
                .areAnnotatedWith(Bean.class)
                .and()
                .haveRawReturnType(DescribedPredicate.describe(
                        "bean post-processors", type -> type.isAssignableTo(BeanPostProcessor.class)))
                .should()
                .beStatic()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct())
                .allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class))
                        .as(room.getName())
                        .isTrue());
    }
}
