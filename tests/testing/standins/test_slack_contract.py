"""
Slack's contract is of 2021 and knows little of what Slack says today; its samples know the rest.
"""

import json
import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from klarsyn.testing import Exchange, StillClock
from klarsyn.testing.standins.slack import FORM, SlackStandIn
from klarsyn.testing.standins.slack_calls import METHODS
from tests.testing.referee import Referee, refereed

FOLDER = Path(os.environ.get("KLARSYN_CONTRACTS", os.devnull)) / "slack"
WITHOUT = "KLARSYN_CONTRACTS is not set, so there is no contract to compare with"
#: Words for refusals that the contract does not list for the method.
NEWER_ERRORS = {
    "account_inactive",
    "invalid_blocks",
    "invalid_cursor",
    "invalid_limit",
    "invalid_metadata",
    "invalid_types",
    "missing_scope",
    "not_allowed_token_type",
    "not_in_channel",
    "ratelimited",
    "token_expired",
}
#: Where no sample is published: which other method's holds the same objects.
SAMPLES = {
    "chat.postMessage": "conversations.history",
    "chat.update": "conversations.history",
    "conversations.replies": "conversations.history",
    "conversations.setTopic": "conversations.join",
    "conversations.setPurpose": "conversations.join",
}


def client_of(slack, token):
    """Return Slack's own client, without retries."""
    return WebClient(token, base_url=f"{slack.url}/api/", retry_handlers=[])


def refusal(deed, *args, **arguments):
    """Return Slack's word for why something was not done."""
    with pytest.raises(SlackApiError) as caught:
        deed(*args, **arguments)
    assert caught.value.response.status_code in {200, 429}
    return caught.value.response["error"]


def as_documented(exchange):
    """Return a read by POST as the GET that the contract describes; Slack takes both."""
    request, method = exchange.request, exchange.request.path.removeprefix("/api/")
    writes = METHODS[method].takes_json and method != "auth.test"
    if request.method == "GET" or writes:
        return exchange
    form = request.form() if request.headers.get("content-type", "").startswith(FORM) else {}
    query = {**request.query, **{name: [value] for name, value in form.items()}}
    return replace(exchange, request=replace(request, method="GET", query=query, body=b""))


@contextmanager
def judging():
    """Judge exchanges by the contract, and what that does not know by the later samples."""
    with refereed("slack") as documented:
        exchanges: list[Exchange] = []
        yield exchanges
        methods = [one for one in exchanges if one.request.path.removeprefix("/api/") in METHODS]
        documented.extend(map(as_documented, methods))
    if FOLDER.is_dir():
        referee = Referee("slack", counts=Counter())
        assert [] == [told for one in documented for told in strangers(referee, one)]


def strangers(referee, exchange):
    """Yield the names and errors of a reply that contract, samples and lists here do not know."""
    method, body = exchange.request.path.removeprefix("/api/"), exchange.reply.body
    told = referee._complaints(exchange)
    if exchange.fault is None and not body.get("ok"):
        listed = "not of enum" not in str(told)
        yield from {body["error"]} - (NEWER_ERRORS | ({body["error"]} if listed else set()))
        return
    sample = FOLDER / "samples" / "api" / f"{SAMPLES.get(method, method)}.json"
    shape = json.loads(sample.read_text("utf-8")) if sample.is_file() else {}
    for name in (one.partition(" reply ")[2].split(":")[0] for one in told):
        steps = ["messages" if step == "message" else step for step in name.split(".")]
        if name and not _has(shape, steps):
            yield f"{method} {name}"


def _has(shape, steps):
    if isinstance(shape, list):
        return any(_has(one, steps) for one in shape)
    if not steps or steps[0] == "fields":  # a company names these itself
        return True
    return isinstance(shape, dict) and steps[0] in shape and _has(shape[steps[0]], steps[1:])


@pytest.mark.skipif(not FOLDER.is_dir(), reason=WITHOUT)
def test_methods_are_in_the_tiers_that_slack_publishes():
    """
    Each method has the tier of Slack's own list, and each tier a number.
    """
    published = json.loads((FOLDER / "rate_limit_tiers.json").read_text("utf-8"))
    numbers = SlackStandIn(clock=StillClock()).rules.per_minute

    assert {name: published[name] for name in METHODS} == {n: m.tier for n, m in METHODS.items()}
    assert {one.tier for one in METHODS.values()} - {"SpecialTier_chat_postMessage"} <= set(numbers)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=WITHOUT)
def test_json_is_read_where_slack_reads_it():
    """
    Methods that write take JSON, methods that read take a form or an address.
    """
    document = json.loads((FOLDER / "slack_web_openapi_v2.json").read_text("utf-8"))
    paths = {name: document["paths"].get(f"/{name}", {}) for name in METHODS}
    kinds = {name: one[verb]["consumes"] for name, one in paths.items() for verb in one}

    assert {name for name, kind in kinds.items() if "application/json" in kind} == {
        name for name, method in METHODS.items() if method.takes_json
    }
