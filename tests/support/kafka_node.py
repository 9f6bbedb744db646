"""A real Apache Kafka from the jars of deploy/kafka: one KRaft node on 127.0.0.1, a process that tests can break."""

import shutil
import subprocess
import time
from pathlib import Path

from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorLoadInProgressError, KafkaError, UnknownTopicOrPartitionError

from services.eventlog.brokers import Brokers
from services.eventlog.topics import MESSAGE_BYTES_MAX
from tests.support.child import free_port
from tests.support.node import START_SECONDS_MAX, Node

ROOT = Path(__file__).parents[2]
JARS = ROOT / ".kafka" / "lib"
FETCH_SECONDS_MAX = 240
EMPTY_SECONDS_MAX = 30
CLUSTER = "AAAAAAAAQACAAAAAAAAAAQ"
JAVA = [
    "java",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xshare:auto",
    "-cp",
    f"{JARS}/*",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
]
"""The node lives for minutes only. Little compilation and a single-threaded collector make it start fastest."""
SETTINGS = """
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/data
auto.create.topics.enable=false
# One node: one copy of everything.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# As large as our topics take; the fetch of a consumer must be able to hold one.
message.max.bytes={message_bytes}
replica.fetch.max.bytes={message_bytes}
# Nothing is claimed before it is needed: indices are sparse files, and small ones are sparse for sure.
log.preallocate=false
log.index.size.max.bytes=1048576
# The controller lets a node that was killed register again after this long, 9 s by default.
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=300
# Tests wait for nothing: groups form at once, files of deleted topics go at once.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.segment.delete.delay.ms=100
controlled.shutdown.enable=false
num.network.threads=2
num.io.threads=4
num.recovery.threads.per.data.dir=1
background.threads=2
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=8388608
"""

SECURE = """
listeners=PLAINTEXT://127.0.0.1:{port},SECURE://127.0.0.1:{secure},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SECURE://127.0.0.1:{secure}
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT
listener.name.secure.ssl.keystore.type=PEM
listener.name.secure.ssl.keystore.location={certificate}
listener.name.secure.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
    user_opvangpeil="geheim" user_beheer="geheim";
listener.name.secure.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
"""
"""Added to the settings above: a second listener, with TLS, that authenticates clients."""

AUTHORIZED = """
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
# The node itself is nobody in particular, on the listener that asks nothing.
super.users=User:ANONYMOUS;User:beheer
"""
"""Added to both: of every other user it is asked what that may do. Whoever was given nothing may nothing."""


def missing() -> str | None:
    """Returns why no Kafka can run here, or None. Fetches the jars if that has not been done yet."""
    for command in ("java", "mvn"):
        needed = command == "java" or not (JARS / "klaar").is_file()
        if needed and shutil.which(command) is None:
            return f"{command} ontbreekt (apt-get install openjdk-17-jre-headless maven)"
    try:
        fetched = subprocess.run(
            ["sh", str(ROOT / "deploy" / "kafka" / "haal.sh")],
            capture_output=True,
            text=True,
            timeout=FETCH_SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"deploy/kafka/haal.sh is na {FETCH_SECONDS_MAX} s niet klaar"
    return f"deploy/kafka/haal.sh: {(fetched.stderr or fetched.stdout)[-500:]}" if fetched.returncode else None


class KafkaNode(Node):
    """One node. `stop`, `kill` and `start` again keep its data, its port and its address."""

    name = "Kafka"

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        advertised: int = 0,
        certificate: Path | None = None,
        authorizer: bool = False,
    ) -> None:
        """Makes the node. `advertised` is the port that clients are told to use, if they should take another route.

        `certificate` holds its key and certificates (PEM), for a second listener at `secure_port`. With `authorizer`
        the users there may only do what they were given.
        """
        super().__init__(folder, port)
        port, controller = self.port, free_port()
        settings = SETTINGS.format(
            port=port,
            advertised=advertised or port,
            controller=controller,
            folder=folder,
            message_bytes=MESSAGE_BYTES_MAX + 64 * 1024,
        )
        if certificate is not None:
            self.secure_port = free_port()
            settings += SECURE.format(
                port=port, secure=self.secure_port, controller=controller, certificate=certificate
            )
        settings += AUTHORIZED if authorizer else ""
        (folder / "server.properties").write_text(settings, encoding="utf-8")
        self._format()
        self.start()

    @property
    def brokers(self) -> Brokers:
        """Returns its address, for a client."""
        return Brokers((self.address,))

    def _command(self) -> list[str]:
        return [*JAVA, "-Xmx512m", "kafka.Kafka", str(self.folder / "server.properties")]

    def empty(self) -> None:
        """Deletes every topic and consumer group, and waits until they are gone. Starts the node if it had ended."""
        if self.ended():
            self.start()
        deadline = time.monotonic() + EMPTY_SECONDS_MAX
        admin = self._admin()
        try:
            while left := self._left(admin):
                assert time.monotonic() < deadline, f"blijft bestaan: {left}"
                time.sleep(0.05)
        finally:
            admin.close()

    def _left(self, admin: KafkaAdminClient) -> list[str]:
        """Deletes what there is, and returns it. A node that just started does not know its groups yet."""
        try:
            left = [*self._topics(admin), *self._groups(admin)]
            self._delete(admin)
        except CoordinatorLoadInProgressError:
            return ["groepen die nog worden geladen"]
        return left

    def _delete(self, admin: KafkaAdminClient) -> None:
        # Kafka refuses to delete a group with a crashed member until its session ends; the caller then tries again.
        if groups := self._groups(admin):
            admin.delete_groups(groups)
        if topics := self._topics(admin):
            try:
                admin.delete_topics(topics, timeout_ms=5_000)
            except UnknownTopicOrPartitionError:
                return  # it went after it was listed

    @staticmethod
    def _topics(admin: KafkaAdminClient) -> list[str]:
        return [topic for topic in admin.list_topics() if not topic.startswith("__")]

    @staticmethod
    def _groups(admin: KafkaAdminClient) -> list[str]:
        return [group["group_id"] for group in admin.list_groups()]

    def _admin(self) -> KafkaAdminClient:
        return KafkaAdminClient(bootstrap_servers=self.address, request_timeout_ms=10_000)

    def _answers(self) -> bool:
        try:
            admin = KafkaAdminClient(
                bootstrap_servers=self.address, request_timeout_ms=2_000, bootstrap_timeout_ms=2_000
            )
        except (KafkaError, OSError):
            return False
        try:
            return bool(admin.describe_cluster()["brokers"])
        except (KafkaError, OSError):
            return False
        finally:
            admin.close()

    def _format(self) -> None:
        properties = str(self.folder / "server.properties")
        if (self.folder / "data" / "meta.properties").exists():
            return
        formatted = subprocess.run(
            [*JAVA, "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", properties, "--standalone"],
            capture_output=True,
            text=True,
            timeout=START_SECONDS_MAX,
            check=False,
        )
        assert formatted.returncode == 0, formatted.stdout + formatted.stderr
