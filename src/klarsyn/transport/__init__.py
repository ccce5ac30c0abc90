"""The only code that talks to the outside: HTTP, Thrift, databases, and files handed in."""
