package io.dynosend.tracking;

import java.util.List;

/**
 * The links that all copies of a mailing have alike.
 *
 * @param clicks by the number of the link
 */
record AnonymousLinks(String openPixel, List<String> clicks) {}
