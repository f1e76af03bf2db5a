"""What a writer can do about an obstacle: one step, the one that helps most."""

from enum import StrEnum

from siegel.policy.reasons import Obstacle


class Step(StrEnum):
    """ASK_SIGNED: ask for a signed mail. ASK_NEW: ask for a new certificate. COMPARE: compare the
    root's fingerprint. CONFIRM: say whether the key is the person's. WAIT: it settles by itself.
    RULE: only a rule can change it. APART: write to this person separately."""

    ASK_SIGNED = "ask_signed"
    ASK_NEW = "ask_new"
    COMPARE = "compare"
    CONFIRM = "confirm"
    WAIT = "wait"
    RULE = "rule"
    APART = "apart"


_STEPS = {
    Obstacle.NO_CERTIFICATE: Step.ASK_SIGNED,
    Obstacle.REVOKED: Step.ASK_NEW,
    Obstacle.EXPIRED: Step.ASK_NEW,
    Obstacle.NOT_YET_VALID: Step.WAIT,
    Obstacle.ADDRESS_DIFFERS: Step.ASK_NEW,
    Obstacle.ORGANISATION_CERTIFICATE_OFF: Step.ASK_SIGNED,
    Obstacle.WRONG_USAGE: Step.ASK_NEW,
    Obstacle.WEAK_KEY: Step.ASK_NEW,
    Obstacle.POST_QUANTUM_OFF: Step.RULE,
    Obstacle.LOCKED: Step.RULE,
    Obstacle.NO_PRIVATE_KEY: Step.RULE,
    Obstacle.NO_ACCOUNT: Step.RULE,
    Obstacle.PENDING: Step.CONFIRM,
    Obstacle.CHANGE_UNCONFIRMED: Step.CONFIRM,
    Obstacle.NOT_TRUSTED: Step.COMPARE,
    Obstacle.REVOCATION_UNKNOWN: Step.WAIT,
    Obstacle.NO_COMMON_CIPHER: Step.APART,
}


def step_for(obstacle: Obstacle) -> Step:
    return _STEPS[obstacle]
