package io.dynosend.campaign;

/** The pages that a copy leads to, by the names that Liquid has for them. */
record CopyUrls(String unsubscribe, String preferences, String view) {}
