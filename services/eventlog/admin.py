"""Opens a Kafka for maintenance, and explains why when that fails."""

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError, KafkaTimeoutError, SaslAuthenticationFailedError

from services.eventlog.brokers import Brokers, BrokerUnavailableError

CONNECT_MS_MAX = 5_000
REQUEST_MS_MAX = 10_000


class BrokerDeniedError(BrokerUnavailableError):
    """The brokers refuse us, or are not who they should be. Waiting does not help until somebody changes that."""


@contextmanager
def admin_of(brokers: Brokers) -> Iterator[KafkaAdminClient]:
    """Yields an admin client. Raises BrokerUnavailableError, also for errors while the client is in use."""
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
    """Catches why a connection failed.

    kafka-python 3.0.12 writes the reason to its log only; the error it raises just says that connecting took too long.
    """

    last: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the last failure. A refusal is never replaced by the 'disconnected' that follows it."""
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
