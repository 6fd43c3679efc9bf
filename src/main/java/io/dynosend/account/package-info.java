/** Who uses this server: accounts (the tenants), their users and API tokens. */
@NullMarked
package io.dynosend.account;

import org.jspecify.annotations.NullMarked;
