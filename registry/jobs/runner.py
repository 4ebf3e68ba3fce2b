"""The APScheduler adapter."""

from apscheduler.schedulers.background import BackgroundScheduler

from registry.core.house import House


def start_scheduler(house: House) -> BackgroundScheduler:
    """Start the jobs in this process."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.start()
    return scheduler
