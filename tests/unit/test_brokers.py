"""The address of a Kafka: its parts, and a clear error about a wrong one that never has the password in it."""

from pathlib import Path

import pytest

from services.eventlog.brokers import BrokerAddressError, parse_brokers


def test_plain() -> None:
    brokers = parse_brokers("kafka://h1,h2:9095")
    assert brokers.hosts == ("h1:9092", "h2:9095")
    assert brokers.client_settings() == {"bootstrap_servers": ["h1:9092", "h2:9095"], "security_protocol": "PLAINTEXT"}


@pytest.mark.parametrize(
    ("url", "protocol"), [("kafkas://h1", "SSL"), ("kafka://u:p@h1", "SASL_PLAINTEXT"), ("kafkas://u:p@h1", "SASL_SSL")]
)
def test_with_a_user_or_over_tls(url: str, protocol: str) -> None:
    brokers = parse_brokers(url, mechanism="PLAIN")
    settings = brokers.client_settings()
    assert settings["security_protocol"] == protocol
    assert ("ssl_context" in settings) == protocol.endswith("SSL")
    assert settings.get("sasl_mechanism") == ("PLAIN" if "SASL" in protocol else None)


def test_a_password_may_hold_anything_and_is_never_shown() -> None:
    brokers = parse_brokers("kafkas://iemand:g%40h%3Aeim%2F@h1:9093,h2:9093")
    assert (brokers.user, brokers.password) == ("iemand", "g@h:eim/")
    assert "eim" not in repr(brokers)
    assert str(brokers) == "h1:9093,h2:9093"


@pytest.mark.parametrize(
    "url",
    [
        "h1:9092",
        "http://h1:9092",
        "kafka://",
        "kafka://h1:abc",
        "kafka://h1:0",
        "kafka://h1:70000",
        "kafka://h1,,h2",
        "kafka://h1/x",
        "kafka://u:geheim@",
        "kafkas://u:geheim@h1:x",
    ],
)
def test_a_wrong_address_is_told(url: str) -> None:
    with pytest.raises(BrokerAddressError, match="verwacht kafka://host1:9092") as told:
        parse_brokers(url)
    assert "geheim" not in str(told.value)


def test_a_wrong_mechanism_or_certificate_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrokerAddressError, match="kies uit SCRAM-SHA-512"):
        parse_brokers("kafka://u:p@h1", mechanism="GSSAPI")
    broken = tmp_path / "ca.pem"
    broken.write_text("geen certificaat")
    with pytest.raises(BrokerAddressError, match="OPVANGPEIL_KAFKA_CA"):
        parse_brokers("kafkas://h1", ca=broken).client_settings()
