package io.shmipc.spring.boot.test.autoconfigure;

import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.client.SessionManagerConfigCustomizer;
import io.shmipc.spring.boot.autoconfigure.message.MessageConvertersCustomizer;
import io.shmipc.spring.boot.autoconfigure.server.ListenerConfigCustomizer;
import io.shmipc.spring.client.ShmipcTemplateCustomizer;
import io.shmipc.spring.listener.MessageHandlerInterceptor;
import io.shmipc.spring.listener.ShmipcListenerErrorHandler;
import io.shmipc.spring.message.StreamCodec;
import java.io.IOException;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** Leaves out of a {@link ShmipcTest} what has nothing to do with shmipc. */
final class ShmipcTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<ShmipcTest> {

    private static final Set<Class<?>> EXTENSION_POINTS = Set.of(
            ListenerConfigCustomizer.class,
            MessageConvertersCustomizer.class,
            MessageHandlerInterceptor.class,
            SessionManagerConfigCustomizer.class,
            ShmipcListenerErrorHandler.class,
            ShmipcTemplateCustomizer.class,
            StreamCodec.class);

    private final Set<Class<?>> chosen;

    ShmipcTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
        this.chosen =
                Set.of(getAnnotation().getValue("listeners", Class[].class).orElse(new Class<?>[0]));
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return EXTENSION_POINTS;
    }

    /** The chosen components tell the contexts of two tests apart. */
    @Override
    protected Set<Class<?>> getComponentIncludes() {
        return chosen;
    }

    @Override
    protected boolean defaultInclude(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
        return super.defaultInclude(reader, factory)
                || (chosen.isEmpty()
                        && reader.getAnnotationMetadata().hasAnnotatedMethods(ShmipcListener.class.getName()));
    }
}
