"""When each job last ended well, for whoever watches the figures."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError

from registry.core.house import House
from registry.core.tenants import Beyond
from registry.jobs.queries import last_well


class Jobs:
    """Looks the runs up when somebody asks."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        """The moment of each job's last good end, in seconds since 1970."""
        figure = GaugeMetricFamily("register_job_last_success_seconds", "Last good end of a job", labels=["job"])
        try:
            with self._house.reading(Beyond.INSTALLATION) as session:
                for job, moment in last_well(session).items():
                    figure.add_metric([job], moment.timestamp())
        except SQLAlchemyError:
            return
        yield figure
