"""
A vendor of nobody's: an API with every way of paging, and a stand-in that says what it is told.
"""

from contextlib import contextmanager

from klarsyn.errors import said
from klarsyn.testing import Reply, StandIn, StillClock, route
from klarsyn.transport.auth import HeaderKey
from klarsyn.transport.connection import Connection, Purpose, Surroundings
from klarsyn.transport.words import Api, Kind, Setting


class Desk(StandIn):
    """Keeps numbered people, and gives the replies that wait in `says` first."""

    name = "desk"
    hosts = ("api.desk.example", "other.desk.example")

    def fill(self):
        """Number 1 to 7; nothing is to be said first."""
        self.says = []
        self.total = 7

    def before(self, request):
        """Give what waits."""
        del request
        if not self.says:
            return None
        said = self.says.pop(0)
        return said() if callable(said) else said

    @property
    def sent(self):
        """The requests that came."""
        return [one.request for one in self.exchanges]

    def numbers(self, first, size):
        """Return people from a place on."""
        return [{"id": n} for n in range(1, self.total + 1)][first : first + size]

    @route("GET", "/v1/by/offset")
    def offset(self, request):
        """Page by offset."""
        first, size = int(request.param("offset")), int(request.param("limit"))
        return Reply(200, {"data": self.numbers(first, size), "total": self.total})

    @route("GET", "/v1/by/number")
    def number(self, request):
        """Page by number, and tell whether there is a next one."""
        size = int(request.param("limit"))
        first = (int(request.param("page")) - 1) * size
        more = first + size < self.total
        pages = -(-self.total // size)
        return Reply(200, {"data": self.numbers(first, size), "next": more or None, "pages": pages})

    @route("GET", "/v1/by/cursor")
    def cursor(self, request):
        """Page by a token; the last page may be empty."""
        first = int(request.param("after", "0"))
        page = self.numbers(first, 3)
        return Reply(200, {"data": page, "next": str(first + 3) if page else ""})

    @route("GET", "/v1/by/link")
    def link(self, request):
        """Page by the address of the next page, told without a host."""
        first = int(request.param("from", "0"))
        more = f"?from={first + 3}" if first + 3 < self.total else None
        return Reply(200, {"data": self.numbers(first, 3), "next": more})

    @route("GET", "/v1/by/key")
    def last_key(self, request):
        """Page by the last key."""
        return Reply(200, {"data": self.numbers(int(request.param("above", "0")), 3)})

    @route("GET", "/v1/people")
    def everybody(self, request):
        """All at once."""
        del request
        return Reply(200, {"data": self.numbers(0, 99)})

    @route("GET", "/v1/people/{id}")
    def one(self, request, id):  # noqa: A002
        """One of them."""
        del request
        return Reply(200, {"id": id})

    @route("POST", "/v1/people")
    @route("PUT", "/v1/people/{id}")
    @route("DELETE", "/v1/people/{id}")
    def write(self, request, id=""):  # noqa: A002
        """Take whatever comes."""
        return Reply(200, {"id": id, "key": request.headers.get("idempotency-key")})


KEY = "secret-key-of-the-desk"


def api(**changes):
    """Return the API of the desk."""
    facts = {
        "base": "https://api.desk.example/v1",
        "bases": {"other": "https://other.desk.example/v1"},
        "hosts": ("*.desk.example",),
        "auth": HeaderKey("X-Key", "{key}"),
        "settings": (
            Setting(
                "key",
                said("a key"),
                secret=True,
                made_at="https://desk.example/keys",
                rights=said("to read people"),
            ),
            Setting("team", said("the team"), required=False),
        ),
        "codes": {"busy": Kind.THROTTLED, "gone": Kind.ABSENT, "done": Kind.DONE},
        "reference": "https://desk.example/docs",
        "read_on": "2026-11-26",
        "seconds": 5,
    }
    return Api(**{**facts, **changes})


def connect(desk, *, purpose=Purpose.ERASE, settings=None, clock=None, around=None, **changes):
    """Return a connection to a desk that listens."""
    surroundings = Surroundings(clock=clock or desk.clock, detour=desk.url, **(around or {}))
    given = {"key": KEY, **(settings or {})}
    return Connection("desk", api(**changes), given, purpose=purpose, around=surroundings)


@contextmanager
def opened(**more):
    """Yield a desk whose clock stands still, and a connection to it."""
    with Desk(clock=StillClock()) as desk, connect(desk, **more) as connection:
        yield desk, connection


def causes(error):
    """Yield an error and all that Python would show or a debugger could reach behind it."""
    waiting, seen = [error], []
    while waiting:
        one = waiting.pop()
        if one is None or one in seen:
            continue
        seen.append(one)
        waiting += [one.__cause__, one.__context__]
    return seen


def shown(error):
    """Return everything that an error and what lies behind it could print."""
    return "\n".join(
        f"{one!s}\n{one!r}\n{one.args!r}\n{vars(one)!r}\n{getattr(one, 'object', '')!r}"
        f"\n{vars(getattr(one, '_request', None) or object)!r}"
        for one in causes(error)
    )
