"""
How the services for projects and subscriptions show their records, and by what each is filtered.

Written from the contracts of the projects service (1.1.0) and of the subscriptions service (6.0.3).
"""

from __future__ import annotations

from collections.abc import Mapping

from klarsyn.testing.standins.economic_filter import OPERATORS
from klarsyn.testing.standins.economic_views import LISTS, ORDER, View, by, same

PROJECTS = "/projectsapi/v1.1.0"
SUBSCRIPTIONS = "/subscriptionsapi/v6.0.3"
_PROJECT = View(
    table="projects",
    key="number",
    own_key="number",
    names=same(
        "number name projectGroupNumber customerNumber isClosed mileage isBarred isMainProject"
        " isMileageInvoiced description deliveryDate otherReference"
    ),
    shape={
        **dict.fromkeys(("number", "projectGroupNumber", "customerNumber"), int),
        **dict.fromkeys(("isBarred", "isMainProject", "isMileageInvoiced"), bool),
        "mileage": float,
        "name": 100,
        "description": 2500,
        "deliveryDate": 20,
        "otherReference": 250,
    },
    needs=("name", "projectGroupNumber"),
    kept=frozenset({"isClosed"}),
    filters={
        **by(LISTS, "number projectGroupNumber customerNumber mileage"),
        **by(OPERATORS, "name"),
        **by(ORDER, "isClosed isBarred isMainProject isMileageInvoiced otherReference"),
    },
)
_EMPLOYEE = View(
    table="project_employees",
    key="number",
    own_key="number",
    names=same(
        "number groupNumber name isUser userId canApprove employeeType canInvoice isBarred"
        " address city zipCode"
    ),
    shape={
        **dict.fromkeys(("number", "groupNumber"), int),
        **dict.fromkeys(("canApprove", "canInvoice", "isBarred"), bool),
        **dict.fromkeys(("name", "address"), 100),
        **dict.fromkeys(("city", "zipCode"), 50),
    },
    needs=("number", "groupNumber", "name", "canApprove", "canInvoice", "isBarred"),
    kept=frozenset({"isUser", "userId", "employeeType"}),
    filters={
        **by(LISTS, "number groupNumber userId address city zipCode"),
        **by(OPERATORS, "name"),
        **by(ORDER, "isUser canInvoice isBarred"),
    },
    numbered=True,
)
_TIME = View(
    table="time_entries",
    key="number",
    own_key="number",
    names=same(
        "number projectNumber activityNumber employeeNumber date text numberOfHours isApproved"
        " isReconciled"
    ),
    shape={
        **dict.fromkeys(("number", "projectNumber", "activityNumber", "employeeNumber"), int),
        "date": 20,
        "text": 1000,  # the contract names no length
        "numberOfHours": float,
    },
    needs=("projectNumber", "activityNumber", "employeeNumber", "date"),
    kept=frozenset({"isApproved", "isReconciled"}),
    filters={
        **by(LISTS, "number projectNumber activityNumber employeeNumber numberOfHours"),
        **by(OPERATORS, "text"),
        **by(ORDER, "date isApproved isReconciled"),
    },
)
_MILEAGE = View(
    table="mileages",
    key="number",
    own_key="number",
    names=same("number projectNumber employeeNumber date distance from to isApproved"),
    shape={
        **dict.fromkeys(("number", "projectNumber", "employeeNumber"), int),
        "date": 20,
        "distance": float,
        **dict.fromkeys(("from", "to"), 255),  # the contract names no length
    },
    needs=("projectNumber", "employeeNumber", "date", "distance"),
    kept=frozenset({"isApproved"}),
    filters={
        **by(LISTS, "number projectNumber employeeNumber"),
        **by(ORDER, "date isApproved"),
    },
)
_SUBSCRIPTION = View(
    table="subscriptions",
    key="number",
    own_key="number",
    names=same("number name description interval collection isCalendarBased isBarred"),
    shape={
        "number": int,
        "name": 50,
        "description": 500,
        **dict.fromkeys(("interval", "collection"), float),
        **dict.fromkeys(("isCalendarBased", "isBarred"), bool),
    },
    needs=("name", "interval", "collection"),
    filters={**by(LISTS, "number name"), **by(ORDER, "isBarred")},
)
#: The lines of one subscription, which have a path of their own below it.
LINE = View(
    table="subscription_lines",
    key="number",
    own_key="number",
    names=same("number subscriptionNumber productNumber description quantity specialPrice"),
    shape={
        **dict.fromkeys(("number", "subscriptionNumber"), int),
        "productNumber": 25,
        "description": 2500,
        **dict.fromkeys(("quantity", "specialPrice"), float),
    },
    kept=frozenset({"subscriptionNumber"}),
    filters={
        **by(LISTS, "number subscriptionNumber description"),
        **by(ORDER, "productNumber"),
    },
)
WORK: Mapping[str, View] = {
    f"{PROJECTS}/Projects": _PROJECT,
    f"{PROJECTS}/project-employees": _EMPLOYEE,
    f"{PROJECTS}/TimeEntries": _TIME,
    f"{PROJECTS}/Mileages": _MILEAGE,
    f"{SUBSCRIPTIONS}/Subscriptions": _SUBSCRIPTION,
}
