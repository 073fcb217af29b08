package io.shmipc.sample.lab;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests that change something and come from another web site through the user's browser.
 *
 * <p>Listening on loopback alone does not keep them out: a page from anywhere can post to localhost, or give itself a
 * name that leads there.
 */
@Component
@Profile("lab")
final class LocalCallsOnly extends OncePerRequestFilter {

    private static final Set<String> READING = Set.of(HttpMethod.GET.name(), HttpMethod.HEAD.name());
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final boolean onLoopback;

    LocalCallsOnly(@Value("${server.address:}") String address) {
        this.onLoopback = LOCAL_NAMES.contains(address) || address.equals("::1");
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return READING.contains(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean knownName = !onLoopback || LOCAL_NAMES.contains(request.getServerName());
        if (knownName && isOwn(request.getHeader("Origin"), request)) {
            chain.doFilter(request, response);
        } else {
            response.sendError(
                    HttpServletResponse.SC_FORBIDDEN, "Another web site cannot use the lab: open its own page.");
        }
    }

    private static boolean isOwn(@Nullable String origin, HttpServletRequest request) {
        if (origin == null) {
            // No browser, or one that does not send it for its own pages.
            return true;
        }
        try {
            return request.getHeader("Host").equals(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
