"""
Klarsyn's own database: SQLite in a file, or PostgreSQL.

SQL stands in queries/, by name, one text for both; the schema in migrations/.
"""

from klarsyn.storage.enabling import Enabled, EnabledConnections
from klarsyn.storage.limits import Buckets
from klarsyn.storage.opening import open_storage as open  # noqa: A004  (reads as storage.open)
from klarsyn.storage.port import Row, Storage, Value
from klarsyn.storage.sealing import Sealed, Sealing
from klarsyn.storage.tokens import StoredSecret, Vault, Version

__all__ = [
    "Buckets",
    "Enabled",
    "EnabledConnections",
    "Row",
    "Sealed",
    "Sealing",
    "Storage",
    "StoredSecret",
    "Value",
    "Vault",
    "Version",
    "open",
]
