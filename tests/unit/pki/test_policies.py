"""Certificate policies: RFC 9618's graph. The 100 runs of NIST's PKITS are in tests/corpora."""

import pytest
from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from siegel.base import der
from siegel.pki.link import Link, link
from siegel.pki.policies import ANY_POLICY, MAX_POLICIES, PolicyInput, policy_flaw
from tests.unit.pki.chains import Party, Shape, issue, mail_leaf, root
from tests.work import steps

GOLD, SILVER = "1.3.6.1.4.1.99999.1", "1.3.6.1.4.1.99999.2"
MAPPINGS = ObjectIdentifier("2.5.29.33")
EXPLICIT = PolicyInput(require_explicit=True)

Extensions = tuple[tuple[x509.ExtensionType, bool], ...]


def policies(*names: str) -> Extensions:
    listed = [x509.PolicyInformation(ObjectIdentifier(name), None) for name in names]
    return ((x509.CertificatePolicies(listed), False),)


def mapped(*pairs: tuple[str, str]) -> Extensions:
    value = der.sequence(*(der.sequence(der.oid(one), der.oid(two)) for one, two in pairs))
    return ((x509.UnrecognizedExtension(MAPPINGS, value), False),)


def required(*, explicit: int | None = None, mapping: int | None = None) -> Extensions:
    return ((x509.PolicyConstraints(explicit, mapping), True),)


def chain_of(*levels: Extensions) -> tuple[Link, ...]:
    """A chain whose certificates have these extensions, from below the anchor to the leaf."""
    top = root("Root")
    parties: list[Party] = [top]
    for number, extensions in enumerate(levels[:-1]):
        parties.append(issue(parties[-1], f"CA {number}", Shape(extensions=extensions)))
    parties.append(issue(parties[-1], "Leaf", mail_leaf(extensions=levels[-1])))
    return tuple(link(one.certificate) for one in reversed(parties))


@pytest.mark.parametrize(
    ("levels", "asked"),
    [
        pytest.param(((), ()), PolicyInput(), id="ok/nobody asks"),
        pytest.param((policies(GOLD), policies(GOLD)), EXPLICIT, id="ok/the same policy"),
        pytest.param((policies(ANY_POLICY), policies(GOLD)), EXPLICIT, id="ok/any above"),
        pytest.param((policies(GOLD), policies(ANY_POLICY)), EXPLICIT, id="ok/any below"),
        pytest.param(
            (policies(GOLD) + mapped((GOLD, SILVER)), policies(SILVER)), EXPLICIT, id="ok/mapped"
        ),
        pytest.param(
            (policies(GOLD), policies(GOLD)),
            PolicyInput(acceptable=frozenset({GOLD}), require_explicit=True),
            id="ok/an acceptable one",
        ),
        pytest.param(
            (policies(GOLD) + mapped((GOLD, SILVER)), policies(SILVER)),
            PolicyInput(acceptable=frozenset({GOLD}), require_explicit=True),
            id="ok/acceptable is what the first authority calls it",
        ),
    ],
)
def test_a_policy_that_holds_from_top_to_bottom_is_good(
    levels: tuple[Extensions, ...], asked: PolicyInput
) -> None:
    assert policy_flaw(chain_of(*levels), asked) is None


@pytest.mark.parametrize(
    ("levels", "asked"),
    [
        pytest.param(((), policies(GOLD)), EXPLICIT, id="fail/none above"),
        pytest.param((policies(GOLD), ()), EXPLICIT, id="fail/none below"),
        pytest.param((policies(GOLD), policies(SILVER)), EXPLICIT, id="fail/another one"),
        pytest.param(
            (required(explicit=0), ()), PolicyInput(), id="fail/an authority requires one"
        ),
        pytest.param(
            (policies(GOLD) + mapped((GOLD, SILVER)), policies(SILVER)),
            PolicyInput(require_explicit=True, inhibit_mapping=True),
            id="fail/mapping not allowed",
        ),
        pytest.param(
            (policies(ANY_POLICY), policies(GOLD)),
            PolicyInput(require_explicit=True, inhibit_any=True),
            id="fail/any not allowed",
        ),
        pytest.param(
            (policies(GOLD), policies(GOLD)),
            PolicyInput(acceptable=frozenset({SILVER}), require_explicit=True),
            id="fail/not an acceptable one",
        ),
        pytest.param(
            (policies(GOLD) + mapped((ANY_POLICY, GOLD)), policies(GOLD)),
            PolicyInput(),
            id="fail/mapped from any",
        ),
        pytest.param(
            (mapped(*((GOLD, f"{SILVER}.{n}") for n in range(MAX_POLICIES + 1))), ()),
            PolicyInput(),
            id="fail/too many mappings",
        ),
        pytest.param(
            (((x509.UnrecognizedExtension(MAPPINGS, b"\x30\x03\x30\x01\x06"), False),), ()),
            PolicyInput(),
            id="fail/unreadable mappings",
        ),
    ],
)
def test_a_policy_that_breaks_off_is_named(
    levels: tuple[Extensions, ...], asked: PolicyInput
) -> None:
    assert policy_flaw(chain_of(*levels), asked)


def test_an_anchor_alone_has_no_policies_to_check() -> None:
    assert policy_flaw((link(root("Root").certificate),), EXPLICIT) is None


def test_policies_that_all_map_to_each_other_cost_a_step_for_each_level() -> None:
    """RFC 9618 §4.2: the policy tree of RFC 5280 grows exponentially here."""
    names = [f"{GOLD}.{number}" for number in range(20)]
    everything = policies(*names) + mapped(*((one, two) for one in names for two in names))
    short, long = (chain_of(*[everything] * levels, policies(names[0])) for levels in (4, 8))

    assert policy_flaw(long, EXPLICIT) is None
    assert steps(lambda: policy_flaw(long, EXPLICIT)) <= 2.5 * steps(
        lambda: policy_flaw(short, EXPLICIT)
    )
