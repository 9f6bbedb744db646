"""Opens a Kafka for maintenance, and says why when that does not succeed."""

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError, KafkaTimeoutError, SaslAuthenticationFailedError

from services.eventlog.brokers import Brokers
from services.eventlog.producer import BrokerUnavailableError

CONNECT_MS_MAX = 5_000
REQUEST_MS_MAX = 10_000


class BrokerDeniedError(BrokerUnavailableError):
    """The brokers do not let us in, or are not who they should be: waiting helps only when somebody changes that."""


@contextmanager
def admin_of(brokers: Brokers) -> Iterator[KafkaAdminClient]:
    """A client that manages. Raises BrokerUnavailableError, also for what goes wrong while it is used."""
    client = _connected(brokers)
    try:
        yield client
    except (KafkaError, OSError) as error:
        raise BrokerUnavailableError(f"Kafka op {brokers} antwoordt niet: {error!r}") from error
    finally:
        client.close()


def _connected(brokers: Brokers) -> KafkaAdminClient:
    reasons = _Reasons()
    logger = logging.getLogger("kafka.net")
    logger.addHandler(reasons)
    try:
        return KafkaAdminClient(
            **brokers.client_settings(), bootstrap_timeout_ms=CONNECT_MS_MAX, request_timeout_ms=REQUEST_MS_MAX
        )
    except (KafkaError, OSError) as error:
        raise _explained(brokers, reasons.last or error) from error
    finally:
        logger.removeHandler(reasons)


class _Reasons(logging.Handler):
    """kafka-python tells why a connection failed to its log only (3.0.12: the error says that it took too long)."""

    last: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what went wrong last; what tells who we are not is never replaced by a mere 'disconnected'."""
        for value in record.args if isinstance(record.args, tuple) else ():
            if isinstance(value, Exception) and not isinstance(value, KafkaTimeoutError):
                cause = value.__context__ if _denied(value.__context__) else value
                self.last = cause if _denied(cause) or not _denied(self.last) else self.last


def _denied(error: BaseException | None) -> bool:
    return isinstance(error, SaslAuthenticationFailedError | ssl.SSLCertVerificationError)


def _explained(brokers: Brokers, reason: BaseException) -> BrokerUnavailableError:
    if isinstance(reason, SaslAuthenticationFailedError):
        return BrokerDeniedError(
            f"Kafka op {brokers} laat gebruiker {brokers.user!r} niet toe; "
            f"kloppen OPVANGPEIL_KAFKA en OPVANGPEIL_KAFKA_SASL={brokers.mechanism}?"
        )
    if isinstance(reason, ssl.SSLCertVerificationError):
        return BrokerDeniedError(
            f"Kafka op {brokers} is niet te vertrouwen ({reason}); "
            "zet OPVANGPEIL_KAFKA_CA op het certificaat van wie het zijne ondertekende"
        )
    return BrokerUnavailableError(
        f"Kafka op {brokers} is niet bereikbaar: {reason}. "
        "Kloppen het adres, wel of geen TLS (kafkas://), gebruiker en wachtwoord?"
    )
