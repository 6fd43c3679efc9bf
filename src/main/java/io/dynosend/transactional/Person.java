package io.dynosend.transactional;

import io.dynosend.contact.Contact;

/**
 * Who a message goes to.
 *
 * @param contact its id is 0 as long as the audience does not know the address
 */
record Person(Contact contact, boolean blacklisted) {}
