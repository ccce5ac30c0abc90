"""
Write the invented customers and orders of examples/klarpris, or tell which file is stale.

    python scripts/example_customers.py [--check]

The same seed draws the same people. Names, addresses and telephone numbers are those of
klarsyn.testing.people, in ranges that nobody is given; every organisation number has a wrong check
digit, so it is no company's, and no sole trader's either.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from klarsyn.recognition import checks
from klarsyn.testing import InventedPerson, draw

OUT = Path(__file__).resolve().parent.parent / "examples" / "klarpris"
COUNT = 200
SEED = 7
FIRST_DAY, DAYS = date(2024, 11, 25), 725
MOST_ORDERS = 18
COUNTRIES = {"AB": "SE", "ApS": "DK", "AS": "NO"}
CUSTOMER_COLUMNS = (
    *("customer_no", "name", "email", "phone", "company", "company_phone", "org_number", "address"),
    *("contact_person", "country", "sole_trader", "partner", "access", "status", "username"),
    "newsletter",
)
ORDER_COLUMNS = ("customer_no", "ordered_on", "amount")

Rows = Iterator[Sequence[object]]


def main() -> int:
    """Write both files; with --check, compare and fail on a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a file is stale")
    check = parser.parse_args().check
    stale = []
    for name, text in files().items():
        path = OUT / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"examples/klarpris/{name} {'is stale' if check else 'written'}")
    return 1 if check and stale else 0


def files() -> dict[str, str]:
    """Return both files by name."""
    people = draw(COUNT, SEED)
    return {
        "customers.csv": _written(CUSTOMER_COLUMNS, _customers(people)),
        "orders.csv": _written(ORDER_COLUMNS, _orders(people)),
    }


def _written(columns: Sequence[str], rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _customers(people: Sequence[InventedPerson]) -> Rows:
    rng = random.Random(SEED)  # noqa: S311  (an example, not a secret)
    for one in people:
        country = COUNTRIES[one.company.rpartition(" ")[2]]
        is_sole = country == "SE" and rng.random() < 0.2  # noqa: PLR2004  (one in five)
        yield (
            _number(one),
            one.name,
            one.email,
            one.phone,
            f"{one.name} Enskild firma" if is_sole else one.company,
            # Kept free for drama by Ofcom.
            f"+44 20 7946 0{one.number:03}",
            _sole_trader(rng) if is_sole else _organisation(rng, country),
            f"{one.street}, {one.postal_code} {one.city}",
            one.name if rng.random() < 0.7 else "",  # noqa: PLR2004  (most have one)
            country,
            "yes" if is_sole else "no",
            rng.choice(("Ordrestyring", "Comfort", "")),
            rng.choice(("basic", "basic", "plus")),
            "deregistered" if rng.random() < 0.05 else "registered",  # noqa: PLR2004  (few)
            one.email.partition("@")[0],
            rng.choice(("subscribed", "subscribed", "unsubscribed")),
        )


def _orders(people: Sequence[InventedPerson]) -> Rows:
    rng = random.Random(SEED + 1)  # noqa: S311  (an example, not a secret)
    for one in people:
        days = sorted(rng.sample(range(DAYS), rng.randint(0, MOST_ORDERS)))
        for day in days:
            amount = f"{rng.randint(120, 48_000)},{rng.randint(0, 99):02}"
            yield _number(one), (FIRST_DAY + timedelta(day)).strftime("%d.%m.%Y"), amount


def _number(person: InventedPerson) -> str:
    return f"kp-{10_001 + person.number}"


def _organisation(rng: random.Random, country: str) -> str:
    if country == "SE":
        number = _wrong(lambda: f"55{rng.randint(60_000_000, 99_999_999)}", checks.luhn)
        return f"{number[:6]}-{number[6:]}"
    if country == "NO":
        return _wrong(lambda: f"9{rng.randint(10_000_000, 99_999_999)}", checks.orgnr_no)
    return _wrong(lambda: str(rng.randint(10_000_000, 99_999_999)), checks.cvr)


def _sole_trader(rng: random.Random) -> str:
    """Return a number in the form of a personnummer."""

    def drawn() -> str:
        born = date(1950, 1, 1) + timedelta(rng.randrange(18_000))
        return f"{born:%y%m%d}{rng.randint(0, 9999):04}"

    number = _wrong(drawn, checks.luhn)
    return f"{number[:6]}-{number[6:]}"


def _wrong(drawn: Callable[[], str], is_right: Callable[[str], bool]) -> str:
    """Return the first number that does not pass its check."""
    while is_right(number := drawn()):
        pass
    return number


if __name__ == "__main__":
    raise SystemExit(main())
