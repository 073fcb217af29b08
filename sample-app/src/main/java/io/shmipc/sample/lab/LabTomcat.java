package io.shmipc.sample.lab;

import java.io.File;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Puts Tomcat's directories below the sample's own, which goes away even when this process is killed. */
@Component
@Profile("lab")
final class LabTomcat implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final File directory;

    LabTomcat(@Value("${sample.directory}/tomcat") File directory) {
        this.directory = directory;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        File documents = new File(directory, "documents");
        if (!documents.isDirectory() && !documents.mkdirs()) {
            throw new IllegalStateException(documents + " cannot be made.");
        }
        factory.setBaseDirectory(directory);
        factory.setDocumentRoot(documents);
    }
}
