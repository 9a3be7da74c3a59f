from __future__ import annotations

import ssl

import pytest

from daemon.adapters.tls import CaFileUnusable, context


def test_certificates_and_host_names_are_always_verified(authority):
    for made in (context(), context(authority.ca_file)):
        assert made.verify_mode is ssl.CERT_REQUIRED
        assert made.check_hostname
        assert made.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_an_own_authority_stands_in_place_of_the_systems(authority):
    assert [dict(one["subject"][0])["commonName"] for one in context(authority.ca_file).get_ca_certs()] == [
        "kesu test CA"
    ]


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
def test_a_ca_file_that_cannot_be_used_is_named(tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CaFileUnusable, match=r"ca\.pem cannot be used"):
        context(path)
