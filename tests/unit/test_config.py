"""The settings in the environment, and the errors about wrong ones."""

import pytest

from services.config import ConfigError, Oidc, is_loopback, read_config

ISSUER = {"OPVANGPEIL_OIDC_UITGEVER": "https://inloggen.example.org/realm", "OPVANGPEIL_OIDC_PUBLIEK": "opvangpeil"}


def test_nothing_said_is_this_machine_alone():
    config = read_config({})
    assert (config.host, config.oidc, config.token, config.requests_per_second) == ("127.0.0.1", None, None, 100)


def test_who_publishes_and_by_which_licence_is_said_or_not():
    assert (read_config({}).licentie, read_config({}).uitgever, read_config({}).contact) == (None, None, None)
    said = read_config(
        {
            "OPVANGPEIL_LICENTIE": "http://creativecommons.org/publicdomain/zero/1.0/deed.nl",
            "OPVANGPEIL_UITGEVER": "Ministerie van Voorbeelden",
            "OPVANGPEIL_CONTACT": "opvang@example.org",
        }
    )
    assert said.licentie == "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"
    assert (said.uitgever, said.contact) == ("Ministerie van Voorbeelden", "opvang@example.org")
    assert read_config({"OPVANGPEIL_CONTACT": "https://example.org/vragen"}).contact == "https://example.org/vragen"


def test_the_sites_that_may_read():
    assert read_config({}).cors == ()
    assert read_config({"OPVANGPEIL_CORS": "*"}).cors == ("*",)
    said = "https://a.example, http://localhost:5173"
    assert read_config({"OPVANGPEIL_CORS": said}).cors == ("https://a.example", "http://localhost:5173")


def test_letters_can_be_checked_for_a_year_or_as_long_as_is_said():
    assert read_config({}).controle_dagen == 366
    assert read_config({"OPVANGPEIL_CONTROLE_DAGEN": "30"}).controle_dagen == 30


@pytest.mark.parametrize(("said", "share"), [("", 0.8), ("0.95", 0.95), ("0,5", 0.5), ("1", 1.0), ("0.0", 0.0)])
def test_the_least_share_is_a_part_of_the_whole(said, share):
    assert read_config({"OPVANGPEIL_MINIMALE_DEKKING": said}).minimale_dekking == share


def test_an_issuer_and_its_client():
    assert read_config(ISSUER).oidc == Oidc("https://inloggen.example.org/realm", "opvangpeil", "roles", None, None)
    more = {
        "OPVANGPEIL_OIDC_CLIENT": "pagina",
        "OPVANGPEIL_OIDC_GEHEIM": "geheim",
        "OPVANGPEIL_OIDC_ROLCLAIM": "realm_access.roles",
    }
    found = read_config(ISSUER | more).oidc
    assert found is not None
    assert (found.client, found.secret, found.role_claim) == ("pagina", "geheim", "realm_access.roles")


def test_secrets_are_not_shown_with_the_rest():
    secrets = {
        "OPVANGPEIL_TOKEN": "ovp_geheim",
        "OPVANGPEIL_SESSIESLEUTEL": "geheim" * 8,
        "OPVANGPEIL_OIDC_CLIENT": "pagina",
        "OPVANGPEIL_OIDC_GEHEIM": "geheim",
    }
    assert "geheim" not in repr(read_config(ISSUER | secrets))


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"OPVANGPEIL_HOST": "kantoor"}, "OPVANGPEIL_HOST"),
        ({"OPVANGPEIL_OIDC_UITGEVER": "https://a.example"}, "OPVANGPEIL_OIDC_PUBLIEK"),
        ({"OPVANGPEIL_OIDC_PUBLIEK": "a"}, "OPVANGPEIL_OIDC_UITGEVER"),
        (ISSUER | {"OPVANGPEIL_OIDC_UITGEVER": "http://a.example"}, "OPVANGPEIL_OIDC_UITGEVER"),
        (ISSUER | {"OPVANGPEIL_OIDC_GEHEIM": "a"}, "OPVANGPEIL_OIDC_CLIENT"),
        ({"OPVANGPEIL_SESSIESLEUTEL": "kort"}, "OPVANGPEIL_SESSIESLEUTEL"),
        ({"OPVANGPEIL_URL": "http://a.example"}, "OPVANGPEIL_URL"),
        ({"OPVANGPEIL_URL": "https://a.example/pad"}, "OPVANGPEIL_URL"),
        ({"OPVANGPEIL_VERZOEKEN": "veel"}, "OPVANGPEIL_VERZOEKEN"),
        ({"OPVANGPEIL_CONTROLE_DAGEN": "0"}, "OPVANGPEIL_CONTROLE_DAGEN"),
        ({"OPVANGPEIL_MINIMALE_DEKKING": "80 %"}, "OPVANGPEIL_MINIMALE_DEKKING"),
        ({"OPVANGPEIL_MINIMALE_DEKKING": "1.1"}, "OPVANGPEIL_MINIMALE_DEKKING"),
        ({"OPVANGPEIL_LICENTIE": "CC0"}, "OPVANGPEIL_LICENTIE"),
        ({"OPVANGPEIL_LICENTIE": 'https://a.example/"> , <x>'}, "OPVANGPEIL_LICENTIE"),
        ({"OPVANGPEIL_UITGEVER_URI": "ministerie"}, "OPVANGPEIL_UITGEVER_URI"),
        ({"OPVANGPEIL_CONTACT": "de balie"}, "OPVANGPEIL_CONTACT"),
        ({"OPVANGPEIL_CORS": "https://kaart.example.org/"}, "OPVANGPEIL_CORS"),
        ({"OPVANGPEIL_CORS": "https://Kaart.example.org"}, "OPVANGPEIL_CORS"),
        ({"OPVANGPEIL_CORS": "kaart.example.org"}, "OPVANGPEIL_CORS"),
        ({"OPVANGPEIL_CORS": "https://kaart.example.org:443"}, "OPVANGPEIL_CORS"),
        ({"OPVANGPEIL_CORS": "https://wie@kaart.example.org"}, "OPVANGPEIL_CORS"),
        ({"OPVANGPEIL_CORS": "https://bücher.example"}, "OPVANGPEIL_CORS"),
        ({"OPVANGPEIL_CORS": "https://["}, "OPVANGPEIL_CORS"),
        ({"OPVANGPEIL_CORS": "http://kaart.example.org"}, "OPVANGPEIL_CORS"),
        ({"OPVANGPEIL_CORS": "null"}, "OPVANGPEIL_CORS"),
    ],
)
def test_what_can_not_be_right_is_named(environment, named):
    with pytest.raises(ConfigError, match=named):
        read_config(environment)


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
    ],
)
def test_which_addresses_are_this_machine_alone(host, near):
    assert is_loopback(host) is near
