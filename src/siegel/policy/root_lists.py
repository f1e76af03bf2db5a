"""Two lists of public roots beside each other, and when a list is too old to be relied on.

A root that a newer list leaves out is trusted no more from that moment on. What was judged before
keeps its verdict: which list was in force when is written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.pki.anchors import RootList, TrustAnchor
from siegel.pki.certificate import Certificate

OLD_AFTER = timedelta(days=180)  # Mozilla changes its list a few times a year


@dataclass(frozen=True, slots=True, kw_only=True)
class RootChanges:
    """What becomes different. ``changed``: the same root with another day (as the new list has
    it) after which it vouches for no new certificate. ``distrusted``: named so for the first time.
    """

    added: tuple[TrustAnchor, ...] = ()
    removed: tuple[TrustAnchor, ...] = ()
    changed: tuple[TrustAnchor, ...] = ()
    distrusted: tuple[Certificate, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.distrusted)


def compare(before: RootList, after: RootList) -> RootChanges:
    old, new = _by_fingerprint(before), _by_fingerprint(after)
    named = {certificate.fingerprint for certificate in before.distrusted}
    return RootChanges(
        added=tuple(new[mark] for mark in new if mark not in old),
        removed=tuple(old[mark] for mark in old if mark not in new),
        changed=tuple(
            new[mark]
            for mark in new
            if mark in old and new[mark].distrust_after != old[mark].distrust_after
        ),
        distrusted=tuple(c for c in after.distrusted if c.fingerprint not in named),
    )


def is_old(published_at: datetime, at: datetime) -> bool:
    return at - published_at > OLD_AFTER


def _by_fingerprint(roots: RootList) -> Mapping[str, TrustAnchor]:
    return {anchor.certificate.fingerprint: anchor for anchor in roots.anchors}
