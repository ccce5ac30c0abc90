"""
One stand-in for each vendor.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping

HOMES: Mapping[str, str] = {
    "activecampaign": "ActiveCampaignStandIn",
    "e-conomic": "EconomicStandIn",
    "evernote": "EvernoteStandIn",
    "hotjar": "HotjarStandIn",
    "mailchimp": "MailchimpStandIn",
    "microsoft": "HostedStandIn",
    "microsoft-blob": "AzureBlobStandIn",
    "pipedrive": "PipedriveStandIn",
    "plecto": "PlectoStandIn",
    "recurly": "RecurlyStandIn",
    "reviso": "RevisoStandIn",
    "slack": "SlackStandIn",
    "teamviewer": "TeamViewerStandIn",
    "trello": "TrelloStandIn",
    "zapier": "ZapierStandIn",
    "zendesk": "ZendeskStandIn",
}
"""Vendor -> class; its module bears the vendor's name, without what is not a letter."""
_MODULES = {"e-conomic": "economic", "microsoft": "hosted", "microsoft-blob": "azureblob"}


def standin(name: str) -> type:
    """Return the class of a vendor's stand-in."""
    module = importlib.import_module(f"{__name__}.{_MODULES.get(name, name)}")
    found: type = getattr(module, HOMES[name])
    return found
