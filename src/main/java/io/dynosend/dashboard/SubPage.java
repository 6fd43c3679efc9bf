package io.dynosend.dashboard;

/** A page beside this one. */
public record SubPage(String href, String label, boolean here) {}
