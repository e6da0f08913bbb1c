"""The certificate that the server itself shows."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from sendjay.doctor.finding import Findings
from sendjay.settings import Settings

SOON_DAYS = 21


def examine_certificate(settings: Settings, findings: Findings) -> None:
    file = settings.ssl_certfile
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(file, settings.ssl_keyfile)
        certificate = x509.load_pem_x509_certificates(Path(file).read_bytes())[0]
    except (OSError, ValueError) as error:
        says = f"{file} and {settings.ssl_keyfile} cannot be used together ({error})"
        findings.problem(says, "Name the certificate chain and its own key, both in PEM")
        return
    _examine_dates(file, certificate, findings)
    host = urlsplit(settings.public_url).hostname
    if host and not _is_for(certificate, host):
        findings.problem(
            f"{file} is not for {host}, the host of public_url", "Take a certificate for that name"
        )


def _examine_dates(file: str, certificate: x509.Certificate, findings: Findings) -> None:
    now = datetime.now(UTC)
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    days = (until - now).days
    if since > now:
        findings.problem(f"{file} counts only from {since:%Y-%m-%d}", "Check this machine's clock, or wait")
    elif until <= now:
        findings.problem(f"{file} has run out on {until:%Y-%m-%d}", "Renew it and start the server again")
    elif days < SOON_DAYS:
        findings.warning(f"{file} runs out in {days} days", "Renew it and start the server again")
    else:
        findings.ok(f"{file} counts until {until:%Y-%m-%d}")


def _is_for(certificate: x509.Certificate, host: str) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    known = {name.lower() for name in names.get_values_for_type(x509.DNSName)}
    known |= {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    return host in known or f"*.{host.partition('.')[2]}" in known
