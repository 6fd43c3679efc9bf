package io.dynosend.tracking;

import io.dynosend.content.TrackedLinks;

/**
 * Links that say which mailing they stand in, not in whose copy. What only one copy leads to would
 * say it, so it is not counted.
 */
record AnonymousCopy(AnonymousLinks shared, UnsubscribeLink unsubscribeLink)
        implements TrackedLinks {

    @Override
    public String click(int link) {
        return shared.clicks().get(link);
    }

    @Override
    public String clickTo(int link, String url) {
        return url;
    }

    @Override
    public String openPixel() {
        return shared.openPixel();
    }

    @Override
    public String unsubscribe() {
        return unsubscribeLink.url();
    }
}
