"""``python -m tests.world``, after adding somebody to the cast: makes the private keys that are
missing, and never touches those that are there.
"""

from tests.world.cast import AUTHORITIES, PEOPLE, KeyType
from tests.world.private_keys import KEYS, generate, pkcs8_pem


def main() -> None:
    wanted = {role.name: KeyType.RSA for role in AUTHORITIES}
    wanted |= {role.key_name: role.key_type for role in PEOPLE}
    for name, kind in wanted.items():
        path = KEYS / f"{name}.pem"
        if not path.exists():
            path.write_bytes(pkcs8_pem(generate(kind)))
            print(f"made {path.name}")


main()
