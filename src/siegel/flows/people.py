"""People who may work with this installation."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.store.queries import journal, users
from siegel.store.queries.users import Role, find, prefer
from siegel.store.transaction import together

__all__ = ["Role", "find", "make_administrator", "prefer"]


def make_administrator(
    email: EmailAddress, name: str, password: Secret, *, by: str, at: datetime
) -> None:
    with together():
        users.create_admin(email, password=password, at=at, display_name=name)
        journal.write(at=at, actor=by, action="user.administrator", about=str(email))
