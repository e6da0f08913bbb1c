"""A certificate that is renewed while its server runs."""

from __future__ import annotations

import logging
import os
import ssl

logger = logging.getLogger(__name__)


def renew(
    context: ssl.SSLContext, certfile: str | os.PathLike[str], keyfile: str | os.PathLike[str] | None
) -> None:
    """Who connects from now on gets what the files hold now; where they do not fit, what it was before."""
    try:
        # Tried apart first: half a change must not take the good one away.
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certfile, keyfile)
        context.load_cert_chain(certfile, keyfile)
    except OSError as error:
        logger.error("the certificate stays as it was: %s cannot be used (%s)", certfile, error.strerror)
    else:
        logger.warning("the certificate was read anew")
