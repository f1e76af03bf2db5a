"""Where each person is in the tour of the demo."""

from siegel.base.address import EmailAddress
from siegel.store.models import Tour, User
from siegel.store.rows import TourRow


def get(email: EmailAddress) -> TourRow:
    """Whoever never touched it is at the first step."""
    row = Tour.objects.filter(user__email=str(email)).first()
    return TourRow() if row is None else TourRow(step=row.step, closed=row.closed)


def put(email: EmailAddress, row: TourRow) -> None:
    user = User.objects.filter(email=str(email)).first()
    if user is not None:
        Tour.objects.update_or_create(user=user, defaults={"step": row.step, "closed": row.closed})
