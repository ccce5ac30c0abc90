"""
Mailchimp's batch operations: requests that are done later, one after another.

Reasons: Mailchimp's guide "Run async requests with the Batch endpoint".
"""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from klarsyn.testing.serving import Reply, Request
from klarsyn.testing.standins.mailchimp_wire import Json, body_of, invalid, told

MOST_OPERATIONS = 1000
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ARCHIVES = "https://mailchimp-api-batch.s3.amazonaws.com"


@dataclass(slots=True)
class Batch:
    """Operations that were handed in together, and how they went."""

    id: str
    operations: list[Json]
    submitted: datetime
    duration: timedelta
    results: list[Json] = field(default_factory=list)
    errored: int = 0

    @property
    def due(self) -> datetime:
        """The instant at which all of it is done."""
        return self.submitted + self.duration

    @property
    def done(self) -> bool:
        """Whether its operations have been carried out."""
        return len(self.results) == len(self.operations)

    def wire(self, now: datetime) -> Json:
        """Return what a reply says about it."""
        started = now > self.submitted
        state = "finished" if self.done else "started" if started else "pending"
        total = len(self.operations) if started else 0  # a pending one is not counted yet
        return {
            "id": self.id,
            "status": state,
            "total_operations": total,
            "finished_operations": len(self.results),
            "errored_operations": self.errored,
            "submitted_at": told(self.submitted),
            "completed_at": told(self.due) if self.done else "",
            "response_body_url": f"{ARCHIVES}{self.path}" if self.done else "",
        }

    @property
    def path(self) -> str:
        """Where its results lie, on the host that keeps archives."""
        return f"/{self.id}-response.tar.gz"

    def request(self, operation: Json) -> Request:
        """Return an operation as the request that it stands for."""
        params = {name: [str(one)] for name, one in operation.get("params", {}).items()}
        path = f"/3.0/{operation['path'].removeprefix('/')}"
        query = urlencode({name: one[-1] for name, one in params.items()})
        return Request(
            method=operation["method"],
            path=path,
            query=params,
            headers={},
            body=operation.get("body", "").encode(),
            raw_path=f"{path}?{query}",
        )

    def settle(self, operation: Json, reply: Reply) -> None:
        """Keep how an operation went; its reply is text within the result."""
        self.errored += reply.status >= HTTPStatus.BAD_REQUEST
        self.results.append(
            {
                "status_code": reply.status,
                "operation_id": operation.get("operation_id"),
                "response": reply.content.decode(),
            }
        )

    @property
    def archive(self) -> bytes:
        """The results as a tar of one JSON file, packed by gzip."""
        content = json.dumps(self.results, ensure_ascii=False).encode()
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            entry = tarfile.TarInfo(f"{self.id}.json")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
        return packed.getvalue()


def operations_of(request: Request) -> list[Json]:
    """Return the operations that a request hands in, refused if one has no form."""
    operations = body_of(request).get("operations")
    if not isinstance(operations, list) or not operations:
        raise invalid(("operations", "This value should not be blank."))
    if len(operations) > MOST_OPERATIONS:
        raise invalid(("operations", f"At most {MOST_OPERATIONS} operations are allowed."))
    for number, one in enumerate(operations):
        if one.get("method") not in METHODS or not one.get("path"):
            raise invalid((f"operations.item:{number}", "Method or path is not valid."))
    return operations
