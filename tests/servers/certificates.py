"""A certificate authority for one test run, made with the openssl command."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

EXTENSIONS = """
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[server]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
subjectAltName=DNS:localhost
"""


@dataclass(frozen=True)
class Authority:
    """A CA, and the certificate it gave to localhost."""

    ca_file: Path
    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.certificate, self.key)
        return made


def make_authority(folder: Path, name: str, server_days: int = 30) -> Authority:
    """Make a CA and a certificate for localhost; with negative days it is past its date."""
    folder.mkdir(parents=True, exist_ok=True)
    extensions = folder / "extensions.cnf"
    extensions.write_text(EXTENSIONS)
    ca, ca_key, pem, key, request = (folder / part for part in ("ca.pem", "ca.key", "cert.pem", "cert.key", "cert.csr"))
    days = ("-days", "30", "-extfile", extensions)
    for path in (ca_key, key):
        _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
    _openssl("req", "-new", "-key", ca_key, "-subj", f"/CN={name}", "-out", request)
    _openssl("x509", "-req", "-in", request, "-signkey", ca_key, *days, "-extensions", "ca", "-out", ca)
    _openssl("req", "-new", "-key", key, "-subj", "/CN=localhost", "-out", request)
    served = ("-days", str(server_days), "-extfile", extensions)
    signing = ("-CA", ca, "-CAkey", ca_key, "-set_serial", "2", *served, "-extensions", "server")
    _openssl("x509", "-req", "-in", request, *signing, "-out", pem)
    return Authority(ca, pem, key)


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
