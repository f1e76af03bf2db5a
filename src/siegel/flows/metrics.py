"""Figures for Prometheus, in its text format.

Gateway, worker and pages are processes of their own, so nothing is counted in the process that is
asked: counts come from the journal and from counters in the store. They survive restarts, and what
retention removes from the journal stays counted. No address, name or fingerprint is among them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from siegel.config.schema import Settings
from siegel.flows import durations, health
from siegel.flows.health import Health
from siegel.flows.public_roots import in_force
from siegel.policy.actions import Action
from siegel.policy.health import State
from siegel.store.queries import figures, journal, operation
from siegel.transport.envelope import Role

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_MAIL = {role.value: f"{role.value}." for role in Role}


def exposition(settings: Settings, at: datetime) -> bytes:
    """Everything, asked for now."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Everything(settings, at))
    return generate_latest(registry)


class _Everything(Collector):
    """What a registry asks for its metrics."""

    def __init__(self, settings: Settings, at: datetime) -> None:
        self._settings = settings
        self._at = at

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        seen, tallies = health.look(self._settings, self._at), operation.tallies()
        version = {"version": seen.figures.version}
        yield InfoMetricFamily("siegel_build", "The running version.", version)
        yield from _actions(tallies)
        yield from _seconds(tallies)
        yield _fetches(tallies)
        yield _checks(seen)
        yield from _certificates(seen, self._at)
        yield _gauge(
            "siegel_public_roots_age_seconds",
            "Age of the list of public roots in force.",
            (self._at - in_force(self._at).published_at).total_seconds(),
        )
        if seen.figures.store_octets is not None:
            yield _gauge(
                "siegel_store_bytes", "Size of the SQLite store.", seen.figures.store_octets
            )
        yield from _pulses()


def _actions(tallies: Mapping[str, float]) -> Iterator[Metric]:
    """Every action from the first moment on, so that a rate can be reckoned from the first mail."""
    now = journal.totals()
    totals = {
        action.value: now.get(action.value, 0) + tallies.get(f"{journal.GONE}{action.value}", 0)
        for action in Action
    }
    mail = CounterMetricFamily(
        "siegel_mail", "Messages by direction and outcome.", labels=["direction", "outcome"]
    )
    others = CounterMetricFamily("siegel_actions", "Other journal entries.", labels=["action"])
    for action, total in totals.items():
        kind, _, outcome = action.partition(".")
        if kind in _MAIL:
            mail.add_metric([kind, outcome], total)
        else:
            others.add_metric([action], total)
    yield mail
    yield others


def _seconds(tallies: Mapping[str, float]) -> Iterator[Metric]:
    histogram = HistogramMetricFamily(
        "siegel_mail_seconds",
        "How long a transaction took, the next hop's answer included.",
        labels=["direction"],
    )
    for role in Role:
        prefix, sum_so_far, buckets = f"{durations.PREFIX}{role.value}|", 0.0, []
        for bound in (*map(str, durations.BOUNDS), durations.BEYOND):
            sum_so_far += tallies.get(f"{prefix}{bound}", 0)
            label = "+Inf" if bound == durations.BEYOND else bound
            buckets.append((label, sum_so_far))
        total = tallies.get(f"{prefix}{durations.SUM}", 0)
        histogram.add_metric([role.value], buckets=buckets, sum_value=total)
    yield histogram


def _fetches(tallies: Mapping[str, float]) -> Metric:
    counter = CounterMetricFamily(
        "siegel_fetches", "Fetches of the worker by how they ended.", labels=["outcome"]
    )
    for name, total in tallies.items():
        if name.startswith(health.FETCHES):
            counter.add_metric([name.removeprefix(health.FETCHES)], total)
    return counter


def _checks(seen: Health) -> Metric:
    gauge = GaugeMetricFamily(
        "siegel_health", "1 for the state that a check is in.", labels=["check", "state"]
    )
    for checked in seen.checks:
        for state in State:
            gauge.add_metric([checked.check.value, state.value], float(checked.state is state))
    return gauge


def _certificates(seen: Health, at: datetime) -> Iterator[Metric]:
    expiring, expired = figures.accounts_by_end(at, soon=health.SOON, late=health.LATE)
    gauge = GaugeMetricFamily(
        "siegel_accounts",
        "Active accounts by the end of their certificate.",
        labels=["certificate"],
    )
    gauge.add_metric(["any"], seen.figures.accounts)
    gauge.add_metric(["expires_within_30_days"], expiring)
    gauge.add_metric(["expired"], expired)
    yield gauge
    kinds = GaugeMetricFamily("siegel_certificates", "Certificates by kind.", labels=["kind"])
    kinds.add_metric(["own"], seen.figures.own)
    kinds.add_metric(["partner"], seen.figures.partners)
    kinds.add_metric(["pending"], seen.figures.pending)
    kinds.add_metric(["key_change"], seen.figures.alerts)
    yield kinds


def _pulses() -> Iterator[Metric]:
    gauge = GaugeMetricFamily(
        "siegel_last_seen_timestamp_seconds", "When it last happened.", labels=["what"]
    )
    for name, row in operation.pulses().items():
        gauge.add_metric([name], row.at.timestamp())
    yield gauge


def _gauge(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_, value)
