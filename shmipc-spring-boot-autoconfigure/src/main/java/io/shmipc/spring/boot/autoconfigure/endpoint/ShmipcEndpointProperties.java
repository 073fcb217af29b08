package io.shmipc.spring.boot.autoconfigure.endpoint;

import java.util.HashSet;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** What the endpoint shows to whom. */
@ConfigurationProperties("management.endpoint.shmipc")
public final class ShmipcEndpointProperties {

    /** When to show addresses and path prefixes unsanitized. */
    private Show showValues = Show.NEVER;

    /** Roles that are authorized to see them. Without any, every authenticated user is. */
    private Set<String> roles = new HashSet<>();

    public Show getShowValues() {
        return showValues;
    }

    public void setShowValues(Show showValues) {
        this.showValues = showValues;
    }

    public Set<String> getRoles() {
        return roles;
    }

    public void setRoles(Set<String> roles) {
        this.roles = roles;
    }
}
