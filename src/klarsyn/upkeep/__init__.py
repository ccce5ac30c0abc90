"""
Upkeep of what is Klarsyn's own: how long it is kept, backups, and whether the database is sound.
"""
