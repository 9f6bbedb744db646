"""A Kafka with TLS that authenticates its clients, and if wanted asks of each what it may do."""

from pathlib import Path

import trustme
from cryptography.hazmat.primitives import serialization

from services.eventlog.brokers import Brokers, parse_brokers
from tests.support.kafka_node import KafkaNode, missing
from tests.support.missing import without


class SecureKafka:
    """One node, and the files that its clients need."""

    def __init__(self, folder: Path, *, authorizer: bool = False) -> None:
        """Starts it. Skips the test where that is impossible."""
        if reason := missing():
            without("Apache Kafka", reason)
        authority, stranger = trustme.CA(), trustme.CA()
        self.folder = folder
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        stranger.cert_pem.write_to_path(str(folder / "ander.pem"))
        (folder / "kafka.pem").write_bytes(_key_and_certificate(authority.issue_cert("127.0.0.1")))
        self.node = KafkaNode(folder / "kafka", certificate=folder / "kafka.pem", authorizer=authorizer)

    @property
    def address(self) -> str:
        """Where it takes clients with TLS."""
        return f"127.0.0.1:{self.node.secure_port}"

    def brokers(
        self, secret: str, *, scheme: str = "kafkas", mechanism: str = "SCRAM-SHA-512", ca: str = "ca.pem"
    ) -> Brokers:
        """Returns the brokers with the settings of a user: `user:password`."""
        at = f"{secret}@" if secret else ""
        return parse_brokers(f"{scheme}://{at}{self.address}", mechanism=mechanism, ca=self.folder / ca)


def _key_and_certificate(issued: trustme.LeafCert) -> bytes:
    """Returns the key and the certificates as PEM. Kafka wants the key as PKCS #8."""
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return plain + b"".join(part.bytes() for part in issued.cert_chain_pems)
