"""How one mail is encrypted for several people: which copies, which cipher, and why.

RFC 8551 §2.5.2 and §2.7: what every reader of a copy can read, and of that the strongest by a fixed
order. Nobody gets a weaker copy for the sake of another (§2.7.3, §6): where nothing fits all, there
are several copies if the rules allow that, else none. Whoever gets a blind copy gets it alone, and
what he reads changes nothing for the others. The same facts give the same copies, in whatever
order they come.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType

from siegel.base.address import EmailAddress
from siegel.base.keys import KeyKind, TransportKind, TransportScheme
from siegel.pki.certificate import Certificate
from siegel.policy.reading import STRONGEST_FIRST, Source, kind_of
from siegel.policy.reasons import Reason
from siegel.policy.rules import KeyTransport, OrganisationRules
from siegel.policy.sharing import (
    Group,
    Known,
    Reader,
    common_ciphers,
    groups_of,
    parts_of,
    readers_of,
    strongest,
)
from siegel.policy.usability import Usable

RSA_V15 = TransportScheme(TransportKind.RSA_PKCS1)


@dataclass(frozen=True, slots=True)
class Why:
    """A reason and those whom it is about; nobody where it is about all or about ourselves."""

    reason: Reason
    addresses: tuple[EmailAddress, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedCopy:
    """One envelope. ``transports`` says by fingerprint how RSA keys receive; ``to_self`` are the
    sender's own certificates in it; ``why`` explains the choice, the cipher first."""

    recipients: Mapping[EmailAddress, tuple[Usable, ...]]
    to_self: tuple[Usable, ...]
    cipher: str
    transports: Mapping[str, TransportScheme]
    cek_hkdf: bool = False
    why: tuple[Why, ...] = ()

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """Each once: those of the recipients, then the sender's own."""
        readers = chain(*self.recipients.values(), self.to_self)
        return tuple({u.certificate.fingerprint: u.certificate for u in readers}.values())


@dataclass(frozen=True, slots=True)
class NoCommonCipher:
    """Nothing that we write is read by all of these – or by one of them at all."""

    addresses: tuple[EmailAddress, ...]


def choose_algorithms(
    recipients: Mapping[EmailAddress, tuple[Usable, ...]],
    to_self: Sequence[Usable],
    known: Known,
) -> tuple[EncryptedCopy, ...] | NoCommonCipher:
    """Copies such that every recipient is in exactly one and can read it."""
    groups = groups_of(readers_of(recipients, known), known.hidden)
    parts = [parts_of(group, known.rules) for group in groups]
    failed = [group for group, found in zip(groups, parts, strict=True) if not found]
    if failed:
        return NoCommonCipher(tuple(sorted(a for group in failed for a in _in_the_way(group))))
    copies = [_copy(part, to_self, known.rules) for part in chain.from_iterable(parts)]
    return _with_quantum_reason(copies)


def _in_the_way(group: Group) -> list[EmailAddress]:
    """Those who read nothing of ours, or all, who do not fit together."""
    blind = [reader for reader in group.readers if not reader.ciphers]
    return [reader.address for reader in blind or group.readers]


def _copy(group: Group, to_self: Sequence[Usable], rules: OrganisationRules) -> EncryptedCopy:
    readers = group.readers
    cipher = strongest(common_ciphers(readers))
    own = _own_in(readers, to_self)
    left_out = (Why(Reason.OWN_COPY_LEFT_OUT),) if to_self and not own else ()
    return EncryptedCopy(
        recipients=MappingProxyType({reader.address: reader.certificates for reader in readers}),
        to_self=own,
        cipher=cipher,
        transports=MappingProxyType(_transports(readers, own, rules)),
        cek_hkdf=all(one.cek_hkdf for reader in readers for one in reader.readings),
        why=(*_of_cipher(cipher, readers), *map(Why, group.apart), *left_out),
    )


def _own_in(readers: Sequence[Reader], to_self: Sequence[Usable]) -> tuple[Usable, ...]:
    """The sender's certificates that cannot keep a recipient's program from reading the copy.

    None may be left: the sender then cannot open this copy, but everybody it was written to can.
    Among post-quantum keys a classic one would be the door that is broken open later.
    """
    reads = frozenset.intersection(*(reader.reads for reader in readers))
    fitting = tuple(one for one in to_self if kind_of(one.certificate) in reads)
    post_quantum = tuple(one for one in fitting if _is_post_quantum(one))
    all_are = all(_is_post_quantum(one) for reader in readers for one in reader.certificates)
    return post_quantum if all_are and post_quantum else fitting


def _is_post_quantum(one: Usable) -> bool:
    return one.certificate.key_kind is KeyKind.ML_KEM


def _transports(
    readers: Sequence[Reader], own: Sequence[Usable], rules: OrganisationRules
) -> dict[str, TransportScheme]:
    """By fingerprint, RSA keys only. The sender's own program announced nothing to us."""
    oaep = [(one.certificate, frozenset[str]()) for one in own]
    for reader in readers:
        for one, read in zip(reader.certificates, reader.readings, strict=True):
            oaep.append((one.certificate, read.oaep))
    return {
        certificate.fingerprint: transport(digests, rules)
        for certificate, digests in oaep
        if certificate.key_kind is KeyKind.RSA
    }


def transport(oaep: frozenset[str], rules: OrganisationRules) -> TransportScheme:
    """OAEP where it is known to be read, with a digest that is; with SHA-1 it is not written."""
    if rules.key_transport is KeyTransport.PKCS1:
        return RSA_V15
    if rules.key_transport is KeyTransport.OAEP:
        return TransportScheme(TransportKind.RSA_OAEP)
    digest = next((name for name in _OAEP_DIGESTS if name in oaep), None)
    if digest is None:
        return RSA_V15
    return TransportScheme(TransportKind.RSA_OAEP, digest=digest, mgf_digest=digest)


_OAEP_DIGESTS = ("sha256", "sha384", "sha512")


def _of_cipher(cipher: str, readers: Sequence[Reader]) -> Iterator[Why]:
    """Why this one and no stronger: by rule, or because of those who read no stronger one."""
    if any(one.source is Source.RULE for reader in readers for one in reader.readings):
        yield Why(Reason.CIPHER_BY_RULE)
        return
    holding = [(reader.address, reader.held_to(cipher)) for reader in readers]
    unknown = tuple(address for address, sources in holding if Source.UNKNOWN in sources)
    limiting = tuple(a for a, sources in holding if sources and Source.UNKNOWN not in sources)
    if unknown:
        yield Why(Reason.CIPHER_FOR_UNKNOWN_PROGRAM, unknown)
    if limiting and cipher != STRONGEST_FIRST[0]:
        yield Why(Reason.CIPHER_LIMITED_BY_PROGRAM, limiting)
    if not unknown and cipher == STRONGEST_FIRST[0]:
        yield Why(Reason.CIPHER_READ_BY_ALL)
    if not unknown and not limiting:  # each program reads something stronger, but another thing
        yield Why(Reason.CIPHER_IN_COMMON, tuple(reader.address for reader in readers))


def _with_quantum_reason(copies: list[EncryptedCopy]) -> tuple[EncryptedCopy, ...]:
    """What is recorded today is safe later only if no copy has another door."""
    kinds = [{c.key_kind for c in copy.certificates} for copy in copies]
    only = all(found == {KeyKind.ML_KEM} for found in kinds)
    reason = Why(Reason.POST_QUANTUM if only else Reason.POST_QUANTUM_IN_PART)
    return tuple(
        replace(copy, why=(*copy.why, reason)) if KeyKind.ML_KEM in found else copy
        for copy, found in zip(copies, kinds, strict=True)
    )
